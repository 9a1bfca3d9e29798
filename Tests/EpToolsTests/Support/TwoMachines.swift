import EpCache
import EpCore
import EpExecution
import EpPlan
import FoundationEssentials
import Synchronization
import Testing

@testable import EpEngine
@testable import EpProviders
@testable import EpTools

/// A language model that answers with its name, fails when it is told to, and counts how often it is asked.
final class TestModel: LanguageModelVendor {
    let name: String
    let revision = "1"
    private let price: ProviderCall?
    private let cost: Cost
    private let state = Mutex<(asked: Int, failure: StepFailure?)>((0, nil))
    /// Done whenever it is asked.
    private let act = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameters:
    ///   - price: what an answer may cost; nil: it is made here.
    ///   - cost: what an answer costs.
    init(_ name: String, price: ProviderCall? = nil, cost: Cost = .zero) { (self.name, self.price, self.cost) = (name, price, cost) }

    func whenAsked(_ act: @escaping @Sendable () -> Void) { self.act.withLock { $0 = act } }

    func call(_ question: ModelQuestion, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall? {
        price
    }

    /// How it fails from now on; nil: not at all.
    func fail(_ failure: StepFailure?) { state.withLock { $0.failure = failure } }

    func fail(_ kind: FailureClass? = nil, _ code: Diagnostic.Code = .actionFailed) {
        fail(StepFailure(Diagnostic(code, "\(name) is down"), kind))
    }

    /// How often it was asked since the last call.
    func takeAsked() -> Int {
        state.withLock { state in
            defer { state.asked = 0 }
            return state.asked
        }
    }

    func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer {
        let failure = state.withLock { state in
            state.asked += 1
            return state.failure
        }
        act.withLock(\.self)?()
        if let failure { throw failure }
        return ModelAnswer("\(name) \(question.take): \(question.prompt)", servedBy: "\(name) 1", cost: cost)
    }
}

/// Remembers what happened.
final class Happened: BuildObserver, Sendable {
    private let kinds = Mutex<[BuildEvent.Kind]>([])
    func observe(_ event: BuildEvent) { kinds.withLock { $0.append(event.kind) } }
    var fallbacks: [ProviderFallback] {
        kinds.withLock { $0.compactMap { if case .providerFallback(let fallback) = $0 { fallback } else { nil } } }
    }
    var warnings: [String] { kinds.withLock { $0.compactMap { if case .warning(let problem) = $0 { problem.message } else { nil } } } }
    var retries: [Retry] { kinds.withLock { $0.compactMap { if case .actionRetried(_, let retry) = $0 { retry } else { nil } } } }
    var ends: [BuildEvent.StepEnd] { kinds.withLock { $0.compactMap { if case .actionFinished(let end) = $0 { end } else { nil } } } }
}

/// A workspace with one show and one episode, local caches of several machines, and a cache that they share. Removed with this value.
final class TwoMachines: Sendable {
    let path: String
    private let isOwner: Bool
    private let vendors: Vendors
    private let ledger: (any SpendingLedger)?
    private let services: Services
    private let surroundings: Surroundings

    /// - Parameters:
    ///   - more: language models of other kinds.
    ///   - shared: where another value has made them: these are its machines with other processes.
    init(
        models: [TestModel], more: [any LanguageModelVendor] = [], voices: [any VoiceVendor] = [],
        transcribers: [any TranscriberVendor] = [],
        ledger: (any SpendingLedger)? = nil, services: Services = .unused, surroundings: Surroundings = .system, at shared: String? = nil
    ) throws {
        path = shared ?? FileManager.default.temporaryDirectory.appending(path: "eptools-test-\(UInt64.random(in: 0 ... .max))").path()
        isOwner = shared == nil
        (self.ledger, self.services, self.surroundings) = (ledger, services, surroundings)
        vendors = Vendors(languageModels: models + more, voices: voices, transcribers: transcribers)
        guard isOwner else { return }
        try write("title: S\ncharacters:\n- { name: ANN, voice: { } }\n", to: "w/show/show.yaml")
        try write("topic: bees\n", to: "w/show/ep/episode.yaml")
        try write("Tell of {{ episode.topic }}.", to: "w/show/prompt.md")
        try pipeline("text: { tool: llm, prompt: prompt.md, output: text.txt, deliver: true }")
    }

    deinit { if isOwner { try? FileManager.default.removeItem(atPath: path) } }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func providers(_ text: String) throws { try write("providers: { \(text) }\n", to: "w/epbuild.yaml") }

    func pipeline(_ stages: String...) throws { try write("stages:\n" + stages.map { "  \($0)\n" }.joined(), to: "w/show/pipeline.yaml") }

    func read(_ name: String = "out/text.txt") -> String? { try? String(contentsOfFile: "\(path)/w/show/ep/\(name)", encoding: .utf8) }

    func bytes(_ name: String) -> [UInt8]? { (try? Data(contentsOf: URL(filePath: "\(path)/w/show/ep/\(name)"))).map { Array($0) } }

    /// Puts a program on all machines that is another by name.
    func install(_ name: String, like program: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/programs", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(path)/programs/\(name)", withDestinationPath: program)
    }

    func uninstall(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/programs/\(name)") }

    /// What the workspace remembers is gone, and what was delivered: only caches are left.
    func forget() throws {
        for name in ["w/.epbuild", "w/show/ep/out"] where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    func place() throws -> EpisodePlace { try #require(try Discovery.episodes(at: "w/show/ep", from: path).first) }

    func cache(_ machine: String = "here") throws -> DiskCache { try DiskCache(path: "\(path)/\(machine)") }

    func builder(_ machine: String = "here") throws -> Builder {
        let shared = try SharedCache(cache("shared"), push: true)
        let tools = ToolCatalog(vendors, services).tools
        return try Builder(
            cache: cache(machine), remotes: { _, _ in [shared] }, tools: tools,
            runner: ToolRunner(tools: tools, searchPath: "/usr/local/bin:/usr/bin:/bin:\(path)/programs"),
            fingerprint: "test", shownFrom: path, surroundings: surroundings, ledger: ledger)
    }

    @discardableResult
    func build(
        on machine: String = "here", _ options: BuildOptions = BuildOptions(), _ happened: Happened = Happened()
    ) async throws -> BuildReport {
        try await builder(machine).start(place(), options, readings: [BuildReading(happened)]).end()
    }
}
