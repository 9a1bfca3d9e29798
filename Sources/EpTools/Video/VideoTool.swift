import EpCore
import EpDelivery
public import EpPlan

/// `tool: video`: a picture becomes a scene of a film, without sound, as long as its sound lasts.
///
/// Three kinds of steps: the picture and the sound are *looked at*; from what that finds follows how many frames the scene has; the
/// picture is *encoded* by ffmpeg. A scene knows nothing of the others: an edit encodes its own.
///
/// Hands on `scene.mp4` and `scene.json`, then its sound and the times of its words as they came.
public struct VideoTool: Tool {
    public let name = ToolName("video")
    public let keys = VideoSetting.keys
    public var programs: [Program] { [FFmpeg.program] }

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let setting = try stage.shared { try VideoSetting(stage) }
        let wish = try SceneWish(stage)
        guard let platform = FFmpeg.platform(stage), let sources = try SceneSources(stage) else { return nil }
        guard let picture = sources.picture else {
            throw Diagnostic(
                .badInput, "\(stage.target) has no picture", at: stage.element?.location ?? stage.stage.location,
                remedy: "let `from` of \"\(stage.stage.name)\" name the stage that makes a picture for each scene")
        }
        try sources.checkIsHeard(wish, in: stage)
        let frames = setting.rate.frames(lasting: try seconds(wish, sources, setting, stage))
        warnIfTooLong(wish, frames, setting, stage)
        let encoding = SceneEncoding(size: setting.size, rate: setting.rate, frames: frames, motion: setting.motion, ground: setting.ground)
        let step = stage.add(
            "encode",
            operation: .program(arguments: encoding.arguments(picture.kind, picture: "picture", scene: "scene.mp4"), environment: [:]),
            inputs: [Step.Input("picture", picture.file.source)], outputs: ["scene.mp4"], platform: platform)
        let facts = SceneFacts(wish, setting, frames: frames, sound: sources.sound?.facts)
        return [
            ArtifactRef(name: "scene.mp4", source: .output(step, path: "scene.mp4")),
            ArtifactRef(name: SceneFacts.name, source: .literal(Array(facts.value.json(indented: true).utf8))),
        ] + [sources.sound?.file, sources.words].compactMap(\.self)
    }

    /// How long a scene lasts: its sound and what follows it, or what the person wants at least.
    private func seconds(_ wish: SceneWish, _ sources: SceneSources, _ setting: VideoSetting, _ stage: StageContext) throws -> Double {
        let least = wish.minimumSeconds ?? setting.minimumSeconds
        if let sound = sources.sound?.facts { return max(least ?? 0, sound.seconds + (sound.isSilent ? 0 : setting.padSeconds)) }
        if let least { return least }
        throw Diagnostic(
            .badInput, "nothing says how long \(stage.target) lasts: it has no sound", at: wish.location,
            remedy: "add `minimum_seconds` to the scene, or let `from` of \"\(stage.stage.name)\" name the stage that speaks it")
    }

    /// Nothing is cut off: that is for the person to decide.
    private func warnIfTooLong(_ wish: SceneWish, _ frames: Int, _ setting: VideoSetting, _ stage: StageContext) {
        guard let most = wish.maximumSeconds, frames > setting.rate.frames(lasting: most) else { return }
        let tenths = (setting.rate.seconds(of: frames) * 10).rounded() / 10
        stage.warn(
            "\(stage.target) lasts \(tenths) seconds, and was to last \(most) at most", at: wish.location,
            remedy: "shorten what is said in it, or raise `maximum_seconds`")
    }

    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        try await MediaFacts.checked(run(), job)
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        JobResult(outputs: try MediaFacts.run(job), servedBy: "epbuild video")
    }
}
