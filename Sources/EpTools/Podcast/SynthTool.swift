import EpCore
public import EpPlan
import EpSound

/// `tool: synth`: music and effects of epbuild's own, computed from their names.
public struct SynthTool: Tool {
    public let name = ToolName("synth")
    public let keys = ["names", "seed"]
    static let revision = "1"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var fields = try stage.fields()
        let seed = fields.int("seed", in: 0...Int(Int32.max)) ?? 0
        guard let names = fields.required("names", fields.located("names")) else { throw DiagnosticList(fields.problems) }
        for name in names where !Synth.names.contains(name.text) {
            fields.report(
                Diagnostic(
                    .badInput, "there is no sound \"\(name.text)\"", at: name.location,
                    remedy: Suggestion.remedy(for: name.text, in: Synth.names)))
        }
        for (index, name) in names.enumerated() where names[..<index].contains(where: { $0.text == name.text }) {
            fields.report(
                Diagnostic(.badInput, "the sound \"\(name.text)\" is named twice", at: name.location, remedy: "take one of them out"))
        }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
        return names.map { name in
            let step = stage.add(
                name.text, operation: .builtIn(tool: self.name, operation: "render", revision: Self.revision),
                inputs: [Step.Input("name", text: name.text), Step.Input("seed", text: String(seed))], outputs: ["sound.wav"])
            return ArtifactRef(name: "\(name.text).wav", source: .output(step, path: "sound.wav"))
        }
    }

    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        [Alternative(placeholder: "silence", by: name, "silence", inputs: [])]
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        if job.step.isPlaceholder {
            return JobResult(outputs: ["sound.wav": .bytes(Silence.wav(seconds: Silence.soundSeconds))], servedBy: "epbuild placeholder")
        }
        let sound = try Synth.render(name: job.inputs.text("name"), seed: UInt64(try job.inputs.text("seed")) ?? 0)
        return JobResult(outputs: ["sound.wav": .bytes(sound.wav())], servedBy: "epbuild synth \(Self.revision)")
    }
}
