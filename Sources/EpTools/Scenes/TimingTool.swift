import EpCore
public import EpPlan
import EpSound

/// `tool: timing`: how long each scene lasts and when it begins, measured on what is spoken in it.
///
/// It reads what a stage has spoken for each scene (`from`). A scene lasts as long as its sound and a pause behind it, and no less than it
/// has to.
public struct TimingTool: Tool {
    public let name = ToolName("timing")
    public let keys = ["from", "pause_seconds"]
    /// Part of what makes a report.
    static let revision = "1"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var fields = try stage.fields()
        let pause = fields.number("pause_seconds", in: 0...60) ?? 0.6
        if let problem = fields.problems.error { throw problem }
        guard let reference = stage.stage.from.first, stage.stage.from.count == 1 else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" measures what one stage has spoken", at: stage.stage.location,
                    remedy: "write `from: [STAGE]`, where STAGE is of the tool `tts`")
        }
        guard let spoken = try stage.artifacts(of: reference.stage) else { return nil }
        var scenes: [Value] = []
        var inputs: [Step.Input] = []
        for (index, item) in spoken.items.enumerated() {
            guard let sound = item.files.first(where: { $0.fileExtension == "wav" }) else {
                throw Diagnostic(
                    .badInput, "\"\(reference.stage)\" hands on no sound", at: reference.location, remedy: "name a stage of the tool `tts`")
            }
            let wish = try SceneWish(item.element, at: stage.stage.location)
            let facts = ["id", "minimum_seconds", "maximum_seconds"].compactMap { key in
                item.element?.value[key].map { Value.Member(key, $0) }
            }
            let isSilent = wish.narration.allSatisfy(\.isWhitespace)
            scenes.append(.object(facts + (isSilent ? [.init("silent", .bool(true))] : [])))
            inputs.append(Step.Input("sounds/\(index)", sound.source))
        }
        let list: Value = ["pause_seconds": .double(pause), "scenes": .list(scenes)]
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "report", revision: Self.revision), inputs: [Step.Input("scenes.json",
                text: list.json(indented: true))] + inputs,
            outputs: ["timing.yaml"])
        return [ArtifactRef(name: stage.stage.output ?? "timing.yaml", source: .output(step, path: "timing.yaml"))]
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        let facts = try Node(parsing: try job.inputs.bytes("scenes.json"), file: "scenes.json").value
        var report = TimingReport(pause: facts["pause_seconds"]?.number ?? 0)
        for (index, scene) in (facts["scenes"]?.list ?? []).enumerated() {
            let id = scene["id"]?.letters ?? String(index + 1)
            let sound = try WAVFile(job.inputs.reader("sounds/\(index)"), named: id)
            report.add(id, sound: sound.seconds, isSilent: scene["silent"]?.bool ?? false, least: scene["minimum_seconds"]?.number,
                most: scene["maximum_seconds"]?.number)
        }
        return JobResult(
            outputs: ["timing.yaml": .bytes(Array((report.value.yaml() + "\n").utf8))], servedBy: "epbuild", messages: report.findings)
    }
}

/// Scenes one behind the other, in milliseconds.
struct TimingReport {
    private let pause: Double
    private var scenes: [Value] = []
    private var end = 0.0
    private(set) var findings: [String] = []

    /// - Parameter pause: seconds behind what is spoken.
    init(pause: Double) { self.pause = pause }

    /// - Parameter isSilent: nothing is said in it, and so there is nothing to pause behind.
    mutating func add(_ id: String, sound: Double, isSilent: Bool = false, least: Double?, most: Double?) {
        let wanted = max(isSilent ? sound : sound + pause, least ?? 0)
        let seconds = Self.rounded(wanted)
        var members: [Value.Member] = [
            .init("id", .string(id)), .init("start_seconds", .double(Self.rounded(end))),
            .init("sound_seconds", .double(Self.rounded(sound))),
            .init("seconds", .double(seconds)),
        ]
        if let most, seconds > most {
            let over = Self.rounded(seconds - most)
            members.append(.init("over_seconds", .double(over)))
            findings.append("scene \(id) lasts \(seconds) seconds, \(over) more than its maximum_seconds: shorten what is said in it")
        }
        scenes.append(.object(members))
        end += seconds
    }

    var value: Value { ["seconds": .double(Self.rounded(end)), "scenes": .list(scenes)] }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}
