import ArgumentParser
import EpComposition
import EpCore
import EpFiles
import Glibc

/// The servers of epbuild: a program of its own, as what it is made of would double the start-up time of this one.
struct ServerProgram {
    private let path: String
    /// Where this program lies.
    let epbuild: String

    /// - Throws: `Diagnostic` (unavailable) if it is not built.
    init(_ setting: Setting) throws(Diagnostic) {
        guard let own = setting.ownPath, let server = Self.places(of: own).first(where: { access($0, X_OK) == 0 }) else {
            throw Diagnostic(
                .unavailable, "the server is not built: there is no epbuild-server beside epbuild",
                remedy: "from a clone: Scripts/epbuild serve PATH builds it; a release has it beside epbuild")
        }
        (path, epbuild) = (server, own)
    }

    /// Goes on as the server; does not return unless that fails.
    func replaceThis(_ words: [String]) throws(Diagnostic) -> Never {
        var arguments = ([path] + words).map { strdup($0) } + [nil]
        execv(path, &arguments)
        throw Diagnostic(.system, "\(path) cannot be started: \(SystemError.last.reason)")
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

/// Where a server can be reached, and by whom.
struct ReachOptions: ParsableArguments {
    @Option(help: "The port; 0: any that is free. 8642 for a workspace and 8643 for a cache if nothing is said.")
    var port: Int?

    @Option(help: "A file of users with roles and hashed tokens.", completion: .file())
    var users: String?

    @Option(help: "Behind a proxy: the server's name, as browsers and other clients send it.")
    var host: [String] = []

    @Option(help: "Behind a proxy: the address to listen at.")
    var bind: String?

    @Flag(help: "A proxy with TLS stands before it.")
    var behindProxy = false

    /// As the server takes them.
    var words: [String] {
        let options = [("--port", port.map(String.init)), ("--users", users), ("--bind", bind)].flatMap { name, value in
            value.map { [name, $0] } ?? []
        }
        return options + host.flatMap { ["--host", $0] } + (behindProxy ? ["--behind-proxy"] : [])
    }
}
