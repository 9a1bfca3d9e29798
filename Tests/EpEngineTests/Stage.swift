import EpCache
import EpCore
import EpFiles
import EpPlan
import Synchronization
import Testing

@testable import EpEngine

/// `tool: hash`: one step that reads what stands in `from:`, its element, `say:`, and with `after: true` what came of the item before.
struct HashTool: Tool {
    let name = ToolName("hash")
    let keys = ["from", "say", "mode", "after"]
    let delivers = true

    func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let upstreams = try stage.upstreams() else { return nil }
        var fields = try stage.fields()
        var inputs = [Step.Input("say", text: fields.string("say") ?? ""), Step.Input("mode", text: fields.string("mode") ?? "whole")]
        inputs += upstreams.flatMap(\.artifacts.files).enumerated().map { Step.Input("from/\($0 + 1000)", $1.source) }
        if let element = stage.element {
            if element.files.isEmpty { inputs.append(Step.Input("element", text: element.value.json())) }
            inputs += element.files.map { Step.Input("element", $0.source) }
        }
        if fields.bool("after") == true {
            guard let before = try stage.before(all: false) else { return nil }
            inputs += before.flatMap(\.files).map { Step.Input("before", $0.source) }
        }
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "hash", revision: "1"), inputs: inputs, outputs: ["out"], pool: .tts)
        let file = stage.stage.output ?? "\(stage.stage.name)\(stage.outer == nil ? stage.item.map { "-\($0)" } ?? "" : "").txt"
        return [ArtifactRef(name: file, source: .output(step, path: "out"))]
    }
}

/// Computes outputs from inputs and nothing else, and writes down what it ran.
final class HashRunner: StepRunner {
    private let ran = Mutex<[String]>([])
    private let begun = Mutex(0)
    private let most = Mutex<(now: Int, peak: Int)>((0, 0))
    private let hook = Mutex<(tries: Int, act: @Sendable () async -> Void)?>(nil)

    /// Elements with which a step fails.
    let fails = Mutex<@Sendable (String) -> Bool>({ _ in false })

    /// Has something done while a step runs: the one that is begun after so many others.
    func afterTries(_ count: Int, _ act: @escaping @Sendable () async -> Void) {
        let tries = tries + count
        hook.withLock { $0 = (tries, act) }
    }

    /// What ran since the last call: the digest of each step's inputs, in no order.
    func takeRuns() -> [String] {
        ran.withLock { runs in
            defer { runs = [] }
            return runs
        }
    }

    /// How many steps were begun, whatever came of them.
    var tries: Int { begun.withLock { $0 } }

    var peak: Int { most.withLock { $0.peak } }

    func run(_ job: Job) async throws -> JobResult {
        let number = begun.withLock { count in
            count += 1
            return count
        }
        if let act = hook.withLock({ $0?.tries == number ? $0?.act : nil }) { await act() }
        most.withLock { $0 = ($0.now + 1, max($0.peak, $0.now + 1)) }
        defer { most.withLock { $0.now -= 1 } }
        let inputs = try job.inputs.labels.map { label in "\(label)=\(Digest(of: try job.inputs.bytes(label)))\n" }.joined()
        let hash = digest(inputs)
        // Steps overtake each other.
        for _ in 0..<(hash.bytes[0] % 8) { await Task.yield() }
        if try job.inputs.text("say").contains("fail") || fails.withLock({ try $0(job.inputs.text("element")) }) {
            throw StepFailure(Diagnostic(.actionFailed, "it was told to"))
        }
        ran.withLock { $0.append(hash.hex) }
        let output = try Self.output(hash, mode: job.inputs.text("mode"))
        return JobResult(outputs: ["out": .bytes(Array(output.utf8))], servedBy: "test")
    }

    func version(of program: Program) async throws -> ProgramVersion { ProgramVersion(path: "/bin/true", line: "1") }

    /// One to four lines. In the mode `narrow` many inputs have the same output, so that rebuilds stop early.
    private static func output(_ hash: Digest, mode: String) -> String {
        let bytes = hash.bytes
        if mode == "narrow" { return "line \(bytes[1] % 2)\n" }
        return (0...Int(bytes[1] % 4)).map { "line \(bytes[2 + $0] % 16)\n" }.joined() + (mode == "few" ? "" : "of \(hash.short)\n")
    }
}

/// Remembers what happened.
final class Events: BuildObserver, Sendable {
    private let all = Mutex<[BuildEvent]>([])

    func observe(_ event: BuildEvent) { all.withLock { $0.append(event) } }

    var events: [BuildEvent] { all.withLock(\.self) }
    var kinds: [BuildEvent.Kind] { events.map(\.kind) }
    var executed: [BuildEvent.StepEnd] {
        kinds.compactMap { if case .actionFinished(let end) = $0, end.origin == .executed { end } else { nil } }
    }
    var blocked: [Target] { kinds.compactMap { if case .actionBlocked(let site) = $0 { site.target } else { nil } } }
    var failures: [Failure] { kinds.compactMap { if case .failed(let failure) = $0 { failure } else { nil } } }
    var failed: [Target] { failures.compactMap(\.site?.target) }
    var warnings: [String] { kinds.compactMap { if case .warning(let problem) = $0 { problem.message } else { nil } } }
}

/// Somebody waits for what comes of a build, and everything may go on meanwhile.
struct NobodyHasPrecedence: Precedence {
    func giveWay(_ step: Step, of build: BuildID, after event: Int) async {}
}

/// A workspace with one show and one episode, a cache, and a runner that counts.
final class Stage {
    let directory: TestDirectory
    let runner = HashRunner()
    let cachePath: String
    /// True: results are used before they are stored.
    var isHurried = false

    init(cache: String? = nil) throws {
        directory = try TestDirectory()
        cachePath = cache ?? "\(directory.path)/cache"
        try directory.write("limits: { tts: 3 }\n", to: "w/epbuild.yaml")
        try directory.write("title: S\n", to: "w/show/show.yaml")
        try directory.write("title: E\n", to: "w/show/ep/episode.yaml")
    }

    /// The same files and nothing else: no memo, no outputs.
    /// - Parameter hasCache: with the same cache, else with an empty one.
    func fresh(hasCache: Bool = false) throws -> Stage {
        let other = try Stage(cache: hasCache ? cachePath : nil)
        for file in try SourceFiles(shownFrom: "/").glob("**/*", in: "\(directory.path)/w") {
            let name = String(file.path.dropFirst(directory.path.count + 1))
            guard !name.contains("/out/") else { continue }
            try other.directory.write(directory.read(name) ?? "", to: name)
        }
        // No pattern stands for the lock.
        let lock = "w/show/ep/\(EpisodeLock.fileName)"
        if let text = try directory.read(lock) { try other.directory.write(text, to: lock) }
        return other
    }

    func pipeline(_ stages: String) throws { try directory.write("stages:\n" + stages, to: "w/show/pipeline.yaml") }

    func place() throws -> EpisodePlace {
        try #require(try Discovery.episodes(at: "w/show/ep", from: directory.path).first)
    }

    func builder(_ surroundings: Surroundings = .system) throws -> Builder {
        try Builder(
            cache: DiskCache(path: cachePath), remotes: { _, _ in [] }, tools: [HashTool()], runner: runner, fingerprint: "test",
            shownFrom: directory.path,
            surroundings: surroundings)
    }

    @discardableResult
    func build(
        _ options: BuildOptions = BuildOptions(), events: Events = Events(), stop: BuildStop = BuildStop()
    ) async throws -> BuildReport {
        var options = options
        if isHurried { options.precedence = NobodyHasPrecedence() }
        return try await builder().start(place(), options, readings: [BuildReading(events)], stop: stop).end()
    }

    /// Builds what was planned: what the plan is sure of runs, and nothing runs that it has not named.
    /// - Returns: how many steps it was sure of, and whether it could name everything.
    func checkPrediction(_ label: Comment) async throws -> (sure: Int, isExact: Bool, report: BuildReport) {
        let plan = try await builder().inspect(place())
        let events = Events()
        let report = try await build(events: events)
        _ = runner.takeRuns()
        let sure = Set(plan.steps.filter { $0.state == .missing || $0.state == .stale }.compactMap(\.address))
        let dependent = Set(plan.steps.filter { $0.state == .unknown }.map(\.target))
        let open = Set(plan.stages.filter { $0.knowledge == .notYet }.map(\.definition.name))
        let executed = Set(events.executed.map(\.address))
        #expect(sure.isSubset(of: executed), label)
        for end in events.executed where !sure.contains(end.address) {
            #expect(dependent.contains(end.target) || open.contains(end.target.stage), "\(label): \(end.target) was not planned")
        }
        let isExact = dependent.isEmpty && open.isEmpty
        if isExact { #expect(executed == sure, label) }
        return (sure.count, isExact, report)
    }

    /// What the memo alone says.
    func isUpToDate() throws -> Bool {
        try Builder.upToDateReport(of: place(), fingerprint: "test", shownFrom: "/", variable: { _ in nil }) != nil
    }

    /// The bytes of every delivered file.
    func outputs(_ report: BuildReport) throws -> [String: String] {
        try Dictionary(uniqueKeysWithValues: report.outputs.map { ($0, try directory.read("w/show/ep/\($0)") ?? "it is not there") })
    }

    /// All files of the episode but what is delivered.
    func texts() throws -> [String: String] {
        let episode = "\(directory.path)/w/show/ep"
        let files = try SourceFiles(shownFrom: "/").glob("**/*", in: episode).filter { !$0.path.hasPrefix("\(episode)/out/") }
            .map { String($0.path.dropFirst(episode.count + 1)) }
        return try Dictionary(uniqueKeysWithValues: files.map { ($0, try directory.read("w/show/ep/\($0)") ?? "") })
    }

    /// Flips a bit of a random cache file.
    func damage(_ random: inout Seeded) throws {
        let sources = SourceFiles(shownFrom: "/")
        let files = try sources.glob("cas/*/*", in: cachePath) + sources.glob("ac/*/*", in: cachePath)
        guard let path = files.randomElement(using: &random)?.path, var bytes = try Files.read(path), !bytes.isEmpty else { return }
        bytes[.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        try Files.replace(path, with: bytes)
    }
}
