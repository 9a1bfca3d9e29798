import Dispatch
import EpComposition
import EpCore
import EpExecution
import EpFiles
import Glibc
import ServerCore

/// A cache for a team: started by `epbuild cache serve`.
enum CacheServer {
    static func serve(_ options: CacheOptions) async throws {
        try checkThatIsNotOwn(options.directory)
        let (users, token) = try options.reach.users()
        let listener = try HTTPListener(options.reach.address, port: options.reach.port)
        let service = try CacheService(
            directory: options.directory, limit: options.limit, door: CacheDoor(options.reach.authorities(port: listener.port), users),
            audit: AuditLog(path: "\(options.directory)/audit.jsonl") { say("\($0)") }, warn: { say("\($0)") })
        // Whatever is under way has not been answered, and is nowhere until it is.
        let sources = [SIGINT, SIGTERM].map { Signals.handle($0) { ExitStatus.success.end() } }
        defer { sources.forEach { $0.cancel() } }
        print("serving \(options.directory) at \(options.reach.url(port: listener.port))")
        if let token { print("token: \(token)") }
        fflush(nil)
        try await listener.serve(CacheResponder(service: service))
    }

    /// What others write into a cache of this machine's builds would be believed without being asked who has signed it.
    private static func checkThatIsNotOwn(_ directory: String) throws(Diagnostic) {
        let own = Setting().cachePath
        let (served, cache) = (FileStatus(directory, followingLink: true), FileStatus(own, followingLink: true))
        let isSame = served.flatMap { served in cache.map { served.isSameFile(as: $0) } } ?? (directory == own)
        if isSame {
            throw Diagnostic(
                .usage, "\(own) is this machine's own cache, and what others write there would be believed",
                remedy: "serve another directory, and put into it what is here by `epbuild cache push`")
        }
    }
}
