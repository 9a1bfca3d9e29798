import ArgumentParser
import EpComposition
import EpCore

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

    @Option(help: "How many of the builds that are asked for go on at once; 1 if nothing is said.")
    var lanes: Int?

    @OptionGroup var reach: ReachOptions

    /// - Throws: `Diagnostic` (unavailable) if the server is not built; does not return otherwise.
    func run() throws {
        let setting = Setting()
        let server = try ServerProgram(setting)
        try server.replaceThis(
            [setting.absolute(path), "--program", server.epbuild] + reach.words + (lanes.map { ["--lanes", "\($0)"] } ?? []))
    }
}
