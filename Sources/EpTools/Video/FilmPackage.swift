import EpCore
import EpDelivery
import EpPlan
import EpProviders
import EpSound

/// A `package` of scenes: they become a film.
///
/// The sound of each scene is *levelled* and *encoded* by itself; all are *joined*, and put together by ffmpeg, which encodes nothing
/// again. An
/// edited scene costs its own sound, the joining, and the documents that tell of it.
struct FilmPackage {
    static let revision = "1"
    private static let documents = ["chapters.json", "notes.md", "timing.json", "timing.md", "episode.json"]
    private static let captions = ["captions.srt", "captions.vtt"]

    private let stage: StageContext
    private let sources: FilmSources
    private let facts: Value
    private let timeline: FilmTimeline
    private let platform: [String: String]

    /// - Returns: nil if something is not known yet.
    init?(_ stage: StageContext, _ vendors: Vendors) throws {
        guard let platform = FFmpeg.platform(stage), let sources = try FilmSources(stage),
            let facts = try FilmFacts.value(sources, stage, vendors)
        else { return nil }
        (self.stage, self.sources, self.facts, self.platform) = (stage, sources, facts, platform)
        timeline = FilmTimeline(rate: sources.scenes[0].facts.rate, scenes: sources.scenes.map { $0.facts.scene(words: nil) })
    }

    private var hasCaptions: Bool {
        sources.captions.contains { $0.fileExtension == "srt" } || timeline.scenes.contains { !$0.text.isEmpty }
    }
    private var channels: Int { sources.scenes.contains { $0.facts.sound?.isStereo == true } ? 2 : 1 }

    /// What is delivered: the film, and beside it its captions, picture, notes, chapters and timing.
    func files() -> [ArtifactRef] {
        let name = PodcastFacts.text(facts["file"]) ?? "film"
        let sounds = sources.scenes.indices.map(sound)
        let joined = join(sounds)
        let words = sources.scenes.enumerated().compactMap { index, scene in
            scene.words.map { Step.Input("words/\(MixTool.number(index + 1)).json", $0.source) }
        }
        let texts = stage.add(
            "documents", operation: operation("documents"),
            inputs: [Step.Input("facts.json", text: facts.json()), Step.Input("film.json", text: film.json())] + words,
            outputs: Self.documents + ["film.ffmeta"] + (hasCaptions ? Self.captions : []))
        let shown = captionFiles(texts)
        let arguments = FilmEncoding.join(rate: timeline.rate, hasCaptions: hasCaptions, language: language)
        let video = stage.add(
            "film", operation: .program(arguments: arguments, environment: [:]),
            inputs: videos + ["list.txt", "sound.aac"].map { Step.Input($0, .output(joined, path: $0)) }
                + [Step.Input("film.ffmeta", .output(texts, path: "film.ffmeta"))]
                + shown.filter { $0.fileExtension == "srt" }.map { Step.Input("captions.srt", $0.source) },
            outputs: ["film.mp4"], platform: platform)
        let documents = Self.documents.map { path -> ArtifactRef in
            let delivered = path == "episode.json" ? path : path == "notes.md" ? "\(name).md" : "\(name).\(path)"
            return ArtifactRef(name: delivered, source: .output(texts, path: path))
        }
        return [ArtifactRef(name: "\(name).mp4", source: .output(video, path: "film.mp4"))]
            + shown.map { ArtifactRef(name: "\(name).\($0.fileExtension)", source: $0.source) }
            + [ArtifactRef(name: "\(name).jpg", source: .output(poster(), path: "poster.jpg"))] + documents
    }

    private func operation(_ name: String) -> Step.Operation {
        .builtIn(tool: ToolName("package"), operation: "film.\(name)", revision: Self.revision)
    }

    /// Those of somebody else, or else its own.
    private func captionFiles(_ texts: StepID) -> [ArtifactRef] {
        if !sources.captions.isEmpty { return sources.captions }
        return hasCaptions ? Self.captions.map { ArtifactRef(name: $0, source: .output(texts, path: $0)) } : []
    }

    private var language: String { TrackLanguage.code(PodcastFacts.text(facts["episode"]?["language"]) ?? "") }

    private var videos: [Step.Input] { sources.scenes.enumerated().map { Step.Input(Self.label($0), $1.video.source) } }

    private static func label(_ scene: Int) -> String { "scenes/\(MixTool.number(scene + 1)).mp4" }

    /// Adds the steps that make AAC of one scene's sound, which know nothing of where it stands.
    private func sound(_ index: Int) -> StepID {
        let scene = sources.scenes[index]
        let samples = FilmTimeline.soundSamples(frames: scene.facts.frames, at: timeline.rate)
        let gain = Value.double(scene.facts.sound?.gainDecibels ?? 0).json()
        let level = stage.add(
            "level \(index + 1)", operation: operation("level"),
            inputs: [
                Step.Input("samples", text: String(samples)), Step.Input("channels", text: String(channels)),
                Step.Input("gain_db", text: gain),
            ] + (scene.sound.map { [Step.Input("sound", $0.source)] } ?? []),
            outputs: ["sound.pcm"])
        return stage.add(
            "sound \(index + 1)", operation: .program(arguments: FilmEncoding.sound(channels: channels), environment: [:]),
            inputs: [Step.Input("sound.pcm", .output(level, path: "sound.pcm"))], outputs: ["sound.aac"], platform: platform)
    }

    private func join(_ sounds: [StepID]) -> StepID {
        let lengths = sources.scenes.indices.map { "\(timeline.soundFrames(of: $0))\n" }.joined()
        return stage.add(
            "join", operation: operation("join"),
            inputs: [
                Step.Input("sound_frames", text: lengths),
                Step.Input("frames", text: sources.scenes.map { "\($0.facts.frames)\n" }.joined()),
                Step.Input("list.txt", text: FilmEncoding.list(sources.scenes.indices.map(Self.label), timeline)),
            ] + videos + sounds.enumerated().map { Step.Input("sounds/\(MixTool.number($0 + 1)).aac", .output($1, path: "sound.aac")) },
            outputs: ["list.txt", "sound.aac"])
    }

    private func poster() -> StepID {
        let input = sources.picture.map { Step.Input("picture", $0.file.source) } ?? Step.Input("scene.mp4", sources.scenes[0].video.source)
        let arguments = FilmEncoding.poster(sources.picture?.kind, size: sources.scenes[0].facts.size)
        return stage.add(
            "poster", operation: .program(arguments: arguments, environment: [:]),
            inputs: [input], outputs: ["poster.jpg"], platform: platform)
    }

    /// What the documents are made of, beside the facts.
    private var film: Value {
        ["left_out": .int(Int64(sources.leftOut)), "has_captions": .bool(hasCaptions), "scenes": .list(sources.scenes.map(\.facts.value))]
    }
}
