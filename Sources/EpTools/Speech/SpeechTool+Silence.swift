import EpCore
import EpPlan
import EpSound

/// Scenes in which nothing is said, and that last their time.
extension SpeechTool {
    /// What the operation is called.
    static let silent = "silence of a scene"

    func silence(_ seconds: Double, in stage: StageContext) -> [ArtifactRef] {
        let step = stage.add(
            operation: .builtIn(tool: name, operation: Self.silent, revision: "1"),
            inputs: [Step.Input("seconds.json", text: Value.double(seconds).json())],
            outputs: ["line.wav"])
        return [ArtifactRef(name: "line.wav", source: .output(step, path: "line.wav"))]
    }

    func silence(_ job: Job) throws -> JobResult {
        let seconds = Double(try job.inputs.text("seconds.json")) ?? 0
        let rate = 22_050
        let count = max(1, Int((seconds * Double(rate)).rounded()))
        return JobResult(
            outputs: ["line.wav": .bytes(PCM(sampleRate: rate, channels: [[Float](repeating: 0, count: count)]).wav())], servedBy: "epbuild"
        )
    }
}
