import Dispatch
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpExecution
import EpFiles
import Glibc
import ServerCore

/// The servers of epbuild. The operator's is started by `epbuild serve`, which says where `epbuild` lies; a cache by `epbuild cache serve`.
@main struct Main {
    /// For the server itself, and for a few who ask at once.
    private static let fewestDescriptors = 64

    static func main() async {
        do {
            if let shortage = ProcessLimits.prepare(descriptors: fewestDescriptors) { throw shortage }
            let words = CommandLine.arguments.dropFirst()
            if words.first == "cache" { return try await CacheServer.serve(CacheOptions(words.dropFirst())) }
            let options = try ServerOptions(Array(words))
            try await Main.serve(options)
        } catch let list as DiagnosticList {
            list.diagnostics.forEach { say("\($0)") }
            list.exitStatus.end()
        } catch let problem as Diagnostic {
            say("\(problem)")
            problem.code.exitStatus.end()
        } catch {
            say("error: \(error)")
            ExitStatus.failed.end()
        }
    }

    private static func serve(_ options: ServerOptions) async throws {
        let composition = Composition(program: options.program) { say("\($0)") }
        let source = try CatalogSource { try composition.episodes([options.path]) }
        guard let first = source.catalog.workspaces.first?.place else { throw Diagnostic(.usage, "there is no workspace") }
        try StateFile.makeDirectory(first.stateDirectory)
        let (users, token) = try options.reach.users()
        let hubs = Dictionary(source.catalog.workspaces.map { ($0.place.workspace, EventHub(stateDirectory: $0.place.stateDirectory)) }) {
            known, _ in known
        }
        let store = try JobStore(path: "\(first.stateDirectory)/server.sqlite", clock: .system)
        // Messages that a crash has kept are sent by the next build, of whomever.
        let webhooks = composition.webhooks(isOffline: false) { say("\($0)") }
        let builder = try composition.desk(telling: webhooks)
        let runner = JobRunner(
            store, lanes: options.lanes, desk: { builder.acting(as: $0) }, place: { source.catalog.episode($0)?.place },
            resolve: { source.catalog.resolved($0) },
            changed: { hubs.values.forEach { $0.tellOfJobs() } }, warn: { say("\($0)") })
        let listener = try HTTPListener(options.reach.address, port: options.reach.port)
        let port = listener.port
        let service = Service(
            Doorkeeper(options.reach.authorities(port: port), users) { Moment.now.seconds }, source, desk: { builder.acting(as: $0) },
            runner: runner, hubs: hubs,
            audit: AuditLog(path: "\(first.stateDirectory)/audit.jsonl") { say("\($0)") }, providers: ProviderRoom(composition),
            version: Version.text)
        let sources = stopSignals { service.end() } + [Signals.handle(RunningBuild.signal) { runner.cancelRunning() }]
        defer { sources.forEach { $0.cancel() } }
        announce(options.reach.url(port: port), token: token)
        await withTaskGroup(of: Void.self) { group in
            for hub in hubs.values { group.addTask { await hub.watch() } }
            group.addTask { await runner.run() }
            group.addTask {
                do { try await listener.serve(ServiceResponder(service: service)) } catch {
                    say("error: \(error)")
                    ExitStatus.failed.end()
                }
            }
            await group.waitForAll()
        }
    }

    private static func announce(_ name: String, token: String?) {
        let line = token.map { "open \(name)/open?token=\($0)" } ?? "serving \(name): each user opens \(name)/open?token=TOKEN"
        print(line)
        fflush(nil)
    }

    /// The first signal ends streams and leaves jobs for another start; a second one ends at once.
    private static func stopSignals(_ end: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        let count = Counter()
        return [SIGINT, SIGTERM].map { number in
            Signals.handle(number) {
                if count.next() > 1 { ExitStatus.interrupted.end() }
                end()
                // Streams have told of the end by then; what steps were doing is in the cache, or is done again.
                DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(700)) { ExitStatus.success.end() }
            }
        }
    }
}

/// Writes a line to standard error.
func say(_ text: String) { _ = Files.writeAll(Array("\(text.terminalText)\n".utf8), to: STDERR_FILENO) }
