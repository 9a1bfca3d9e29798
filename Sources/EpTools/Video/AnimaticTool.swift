import EpCore
import EpDelivery
public import EpPlan
import EpScript

/// `tool: animatic`: a panel of a storyboard becomes a rough film of its own.
///
/// What is seen and said stands in it in words, over a picture and with sound if there are any.
public struct AnimaticTool: Tool {
    public let name = ToolName("animatic")
    public let keys = ["from", "size"]
    public var programs: [Program] { [FFmpeg.program] }
    private static let usualSize = FrameSize(width: 640, height: 360)
    /// Of a panel that nobody says anything in, and the least of any.
    private static let shortest = 2.0
    /// Behind what is said.
    private static let pad = 0.3

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let size = try stage.shared {
            var fields = try stage.fields()
            let size = VideoSetting.size(&fields, usual: Self.usualSize)
            if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
            return size
        }
        let wish = try SceneWish(stage)
        guard let platform = FFmpeg.platform(stage), let sources = try SceneSources(stage) else { return nil }
        let seen = wish.text("visual", "picture", "description", "title")
        let panel = PanelDesign(size: size, mark: Self.mark(wish), picture: seen, speech: wish.narration, isOverlay: sources.picture != nil)
        let frames = FrameRate.usual.frames(lasting: try Self.seconds(wish, sources))
        let encoding = AnimaticEncoding(size: size, frames: frames, picture: sources.picture?.kind, hasSound: sources.sound != nil)
        let step = stage.add(
            operation: .program(arguments: encoding.arguments(), environment: [:]),
            inputs: [Step.Input("panel.svg", text: panel.svg())] + (sources.picture.map { [Step.Input("picture", $0.file.source)] } ?? [])
                + (sources.sound.map { [Step.Input("sound", $0.file.source)] } ?? []),
            outputs: ["scene.mp4"], platform: platform)
        return [ArtifactRef(name: Self.fileName(stage), source: .output(step, path: "scene.mp4"))]
    }

    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        try await MediaFacts.checked(run(), job)
    }

    /// `wide shot · the harbour at dawn`: what kind of picture it is.
    private static func mark(_ wish: SceneWish) -> String {
        [wish.text("id", "name"), wish.text("shot", "camera")].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private static func seconds(_ wish: SceneWish, _ sources: SceneSources) throws -> Double {
        if let sound = sources.sound?.facts, !sound.isSilent { return max(shortest, sound.seconds + pad) }
        if let seconds = try wish.seconds("seconds") ?? wish.minimumSeconds { return seconds }
        return max(shortest, wish.narration.isEmpty ? 0 : ScriptReport.seconds(speaking: wish.narration) + pad)
    }

    /// `scene_003.mp4`, by the panel's number.
    private static func fileName(_ stage: StageContext) -> String {
        if let output = stage.stage.output { return output }
        let number = String(stage.element?.number ?? 1)
        return "scene_\(String(repeating: "0", count: max(0, 3 - number.count)))\(number).mp4"
    }
}
