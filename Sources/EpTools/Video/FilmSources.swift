import EpCore
import EpDelivery
import EpPlan
import EpProviders

/// What a film is made from: its scenes in their order, and beside them a title, a picture, notes and captions if there are any.
struct FilmSources {
    /// One scene, as a `video` stage hands it on.
    struct Scene {
        let video: ArtifactRef
        let facts: SceneFacts
        let sound: ArtifactRef?
        let words: ArtifactRef?
    }

    private(set) var scenes: [Scene] = []
    /// How many a person has left out.
    private(set) var leftOut = 0
    /// Of the scene list, if one is read.
    private(set) var title: String?
    private(set) var picture: (file: ArtifactRef, kind: PictureKind)?
    /// In Markdown.
    private(set) var notes = OnlyOne<String>("a film has one text of notes")
    /// `captions.srt` and `captions.vtt` of somebody else.
    private(set) var captions: [ArtifactRef] = []

    /// True if a package reads scenes of a film.
    static func isFilm(_ stage: StageContext) -> Bool { stage.stage.from.contains { isVideo($0.stage, stage) } }

    private static func isVideo(_ name: StageName, _ stage: StageContext) -> Bool { stage.definition(of: name)?.tool == ToolName("video") }

    /// - Returns: nil if something is not known yet.
    init?(_ stage: StageContext) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        for (name, artifacts) in upstreams where Self.isVideo(name, stage) {
            guard let found = try Self.scenes(artifacts, of: name, stage) else { return nil }
            scenes += found
            leftOut += artifacts.leftOut
        }
        guard !scenes.isEmpty else {
            throw Diagnostic(
                .badInput, "\(stage.target) has no scenes", at: stage.stage.location,
                remedy: "see what the stages in `from` are made of; `epbuild unskip` brings scenes back")
        }
        try checkForms(stage)
        var pictures: [ArtifactRef] = []
        for (name, artifacts) in upstreams where !Self.isVideo(name, stage) {
            for file in artifacts.files { guard try read(file, of: name, artifacts, &pictures, stage) else { return nil } }
        }
        guard try look(at: pictures, stage) else { return nil }
    }

    private static func scenes(_ artifacts: StageArtifacts, of name: StageName, _ stage: StageContext) throws -> [Scene]? {
        try artifacts.items.map { item -> Scene? in
            guard let video = item.files.first, let facts = item.files.first(where: { $0.name == SceneFacts.name }) else {
                throw Diagnostic(.badInput, "\(name) hands on no scene with its \(SceneFacts.name)", at: stage.stage.location)
            }
            guard let value = try stage.value(of: facts, of: name) else { return nil }
            guard let known = SceneFacts(value) else { throw DamagedInput(SceneFacts.name) }
            let others = item.files.filter { $0 != video && $0 != facts }
            let (words, sound) = (others.first { $0.name == SceneSources.wordsFile }, others.first { $0.name != SceneSources.wordsFile })
            return Scene(video: video, facts: known, sound: sound, words: words)
        }.reduce(into: [Scene]?.some([])) { scenes, scene in
            if let scene { scenes?.append(scene) } else { scenes = nil }
        }
    }

    private func checkForms(_ stage: StageContext) throws(Diagnostic) {
        func form(_ scene: Scene) -> String { "\(scene.facts.size.name) at \(scene.facts.rate.name) frames a second" }
        for (index, scene) in scenes.enumerated() where form(scene) != form(scenes[0]) {
            throw Diagnostic(
                .badInput, "scene \(index + 1) of \(stage.target) is \(form(scene)), the first \(form(scenes[0])): they cannot be joined",
                at: stage.stage.location, remedy: "give all video stages that it reads the same `size` and `fps`")
        }
    }

    /// - Returns: false if it is not known yet.
    private mutating func read(
        _ file: ArtifactRef, of name: StageName, _ artifacts: StageArtifacts, _ pictures: inout [ArtifactRef], _ stage: StageContext
    ) throws -> Bool {
        if scenes.contains(where: { $0.sound?.source == file.source || $0.words?.source == file.source }) { return true }
        switch file.fileExtension {
        case "srt", "vtt": captions.append(file)
        case "md":
            guard let text = try stage.value(of: file, of: name) else { return false }
            try notes.set(text.string ?? "", of: name, count: artifacts.count(of: "md"), in: stage)
        case "yaml", "yml", "json":
            guard file.name != SceneSources.wordsFile else { return true }
            guard let list = try stage.value(of: file, of: name) else { return false }
            title = title ?? PodcastFacts.text(list["title"])
        case "txt", "fountain", "html":
            stage.warn(
                "\(stage.stage.name) makes nothing of \(stage.shown(file, of: name))", at: stage.stage.location,
                remedy: "`from` of a film names its scenes, and a scene list, a picture, notes and captions")
        default: pictures.append(file)
        }
        return true
    }

    /// A picture is the film's own; a sound that no scene has would be lost.
    /// - Returns: false if they are not known yet.
    private mutating func look(at files: [ArtifactRef], _ stage: StageContext) throws -> Bool {
        let looks = files.enumerated().map { MediaFacts.look(at: $1, $0 + 1, in: stage) }
        guard let found = try stage.bytes(of: looks) else { return false }
        for (file, bytes) in zip(files, found) {
            switch try MediaFacts(json: bytes) {
            case .picture(let kind):
                guard picture == nil else {
                    throw Diagnostic(
                        .badInput, "a film has one picture of its own, and \(file.name) is one too many", at: stage.stage.location,
                        remedy: "let `from` name one picture")
                }
                picture = (file, kind)
            case .sound:
                // Of a scene that is left out, the sound is not heard, either.
                guard leftOut == 0 else { continue }
                throw Diagnostic(
                    .badInput, "\(stage.target) reads the sound \(file.name), which is the sound of none of its scenes",
                    at: stage.stage.location,
                    remedy: "let `from` of the video stage name the stage that makes it: a scene is as long as its sound")
            }
        }
        return true
    }
}
