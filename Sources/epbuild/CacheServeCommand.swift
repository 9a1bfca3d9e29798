import ArgumentParser
import EpComposition
import EpCore

/// Hands over to the server, which serves a directory as a cache for a team.
struct CacheServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves a directory as a cache for a team, over HTTP.",
        usage: "epbuild cache serve [DIR] [--size SIZE] [--port N] [--users FILE] [--behind-proxy --host NAME [--bind ADDRESS]]",
        discussion: """
            Speaks Bazel's remote cache protocol, as `cache.remotes` and Bazel's --remote_cache do. A blob is taken if it has its hash, a result if everything \
            that it names is there; both are on disk before that is answered. Prints a token, which is another one at each start unless EPBUILD_SERVER_TOKEN \
            holds one. Only this machine is listened to, unless a proxy with TLS stands before it. Ctrl-C ends it.
            """)

    @Argument(
        help: """
            The directory, which is made if need be; never this machine's own cache. If nothing is said: that one's path, with \
            "-shared" behind it.
            """,
        completion: .directory)
    var directory: String?

    @Option(
        help: """
            How much it may hold: a number with K, M, G or T; what was least recently used makes room. 50G if nothing is said; 0: any \
            number.
            """
    )
    var size: String?

    @OptionGroup var reach: ReachOptions

    /// - Throws: `Diagnostic` (unavailable) if the server is not built; does not return otherwise.
    func run() throws {
        let setting = Setting()
        let place = directory.map(setting.absolute) ?? "\(setting.cachePath)-shared"
        try ServerProgram(setting).replaceThis(["cache", place] + (size.map { ["--size", $0] } ?? []) + reach.words)
    }
}
