import EpCache
import EpCore
import EpEngine
import EpFiles
import EpHistory
import EpPlan
import FoundationEssentials
import Synchronization
import Testing

@testable import EpDesk

/// `tool: echo`: one step whose text is what `say:` says and what it reads `from:`. It fails where it is to say "fail", and costs
/// `cost:` millionths of a dollar all the same.
private struct EchoTool: Tool, StepRunner {
    let name = ToolName("echo")
    let keys = ["from", "say", "cost"]
    let delivers = true

    func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let upstreams = try stage.upstreams() else { return nil }
        var fields = try stage.fields()
        let read = upstreams.flatMap(\.artifacts.files).enumerated().map { Step.Input("from/\($0)", $1.source) }
        let inputs = [Step.Input("say", text: fields.string("say") ?? "")] + read
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "echo", revision: "1"), inputs: inputs, outputs: ["out"], pool: .cpu,
            service: fields.int("cost", in: 0...1_000_000).map {
                Service(nil, of: "shop", call: ProviderCall(atMost: Cost(microUSD: Int64($0))))
            })
        return [ArtifactRef(name: stage.stage.output ?? "\(stage.stage.name).txt", source: .output(step, path: "out"))]
    }

    func run(_ job: Job) async throws -> JobResult {
        let text = try job.inputs.labels.map { try job.inputs.text($0) }.joined(separator: "\n")
        let cost = job.step.call?.atMost ?? .zero
        let call = PaidCall(provider: "shop", vendor: "shop", service: "shop.example", model: "", atMost: cost)
        let number = cost == .zero ? nil : try await job.door.sending(call)
        if let number { await job.door.ended(number, PaidCall.End(.answered, cost: cost)) }
        if text.contains("fail") { throw StepFailure(Diagnostic(.actionFailed, "it was told to"), cost: cost) }
        return JobResult(outputs: ["out": .bytes(Array(text.utf8))], servedBy: "echo", cost: cost)
    }

    func version(of program: Program) async throws -> ProgramVersion { ProgramVersion(path: "/bin/true", line: "1") }
}

/// A workspace with one show, and a desk for it; removed with this value.
final class TestShow: Sendable {
    let path: String
    /// What the desk has told beside its answers.
    let warnings = Collected<Diagnostic>()
    /// How often the desk has asked who decides.
    let asked = Collected<String>()
    /// 2026-11-26, at noon in UTC.
    static let noon = Moment(milliseconds: 1_795_694_400_000)

    /// - Parameter stages: as they stand in pipeline.yaml, indented.
    init(_ stages: String, episodes: [String] = ["one"]) throws {
        path = "/tmp/epdesk-test-\(UInt64.random(in: 0 ... .max))"
        try write("{}\n", to: "w/epbuild.yaml")
        try write("title: S\n", to: "w/show/show.yaml")
        try pipeline(stages)
        for name in episodes { try write("title: \(name)\n", to: "w/show/\(name)/episode.yaml") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func pipeline(_ stages: String) throws { try write("stages:\n\(stages)", to: "w/show/pipeline.yaml") }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    /// Every line of the log of events.
    func events() throws -> [Substring] {
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(path)/w/.epbuild/events").sorted()
        return try files.flatMap { try read("w/.epbuild/events/\($0)").split(separator: "\n") }
    }

    func place(_ name: String = "one") throws -> EpisodePlace {
        try #require(try Discovery.episodes(at: "w/show/\(name)", from: path).first)
    }

    func desk(_ surroundings: Surroundings = Surroundings(clock: WallClock { TestShow.noon }, random: { 1 })) throws -> Desk {
        let builder = try Builder(
            cache: DiskCache(path: "\(path)/cache"), remotes: { _, _ in [] }, tools: [EchoTool()], runner: EchoTool(), fingerprint: "test",
            shownFrom: path,
            surroundings: surroundings, ledger: Ledger())
        return Desk(
            builder, surroundings: surroundings, personName: { [asked] in asked.add("Ann") }, warn: { [warnings] in warnings.add($0) })
    }
}

/// What was told, by whatever thread.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    var all: [Element] { elements.withLock(\.self) }

    @discardableResult
    func add(_ element: Element) -> Element {
        elements.withLock { $0.append(element) }
        return element
    }
}
