import ArgumentParser
import EpComposition
import EpCore
import EpFiles
import Glibc

/// Hands over to the operator's server, a program of its own: what it is made of would double the start-up time of this one.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves a workspace to browsers: pages, an API and events.",
        usage: "epbuild serve PATH [--port N] [--users FILE] [--lanes N] [--behind-proxy --host NAME [--bind ADDRESS]]",
        discussion: """
            Prints a link with a token, which is another one at each start unless EPBUILD_SERVER_TOKEN holds one. Only this machine is \
            listened to, unless a proxy with TLS stands before it. Ctrl-C ends it; builds that it was asked for go on at the next start.
            """)

    @Argument(help: "An episode, a show or a workspace.", completion: .directory)
    var path: String

    @Option(help: "The port; 0: any that is free. 8642 if nothing is said.")
    var port: Int?

    @Option(help: "A file of users with roles and hashed tokens.", completion: .file())
    var users: String?

    @Option(help: "How many of the builds that are asked for go on at once; 1 if nothing is said.")
    var lanes: Int?

    @Option(help: "Behind a proxy: the server's name, as browsers send it.")
    var host: [String] = []

    @Option(help: "Behind a proxy: the address to listen at.")
    var bind: String?

    @Flag(help: "A proxy with TLS stands before it.")
    var behindProxy = false

    /// - Throws: `Diagnostic` (unavailable) if the server is not built; does not return otherwise.
    func run() throws {
        let setting = Setting()
        guard let own = setting.ownPath, let server = Self.places(of: own).first(where: { access($0, X_OK) == 0 }) else {
            throw Diagnostic(
                .unavailable, "the server is not built: there is no epbuild-server beside epbuild",
                remedy: "from a clone: Scripts/epbuild serve PATH builds it; a release has it beside epbuild")
        }
        let options = [("--port", port.map(String.init)), ("--users", users), ("--lanes", lanes.map(String.init)), ("--bind", bind)]
            .flatMap { name, value in value.map { [name, $0] } ?? [] }
        let words = [server, setting.absolute(path), "--program", own] + options + host.flatMap { ["--host", $0] } + (behindProxy ? ["--behind-proxy"] : [])
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        execv(server, &arguments)
        throw Diagnostic(.system, "\(server) cannot be started: \(SystemError.last.reason)")
    }

    /// Beside this program, or where `Scripts/epbuild serve` and a debug build of the server put it.
    private static func places(of own: String) -> [String] {
        let directory = Path(own).parent
        let above = own.split(separator: "/").dropLast()
        let clones = above.indices.filter { above[$0].hasPrefix(".build") }.map { "/" + above[..<$0].joined(separator: "/") }
        return ["\(directory)/epbuild-server"] + clones.flatMap {
            ["\($0)/Server/.build-release/release/epbuild-server", "\($0)/Server/.build/debug/epbuild-server"]
        }
    }
}
