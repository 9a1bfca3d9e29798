import EpCore
import EpDelivery
import EpPlan

/// What one scene is made of, as the stages that are read hand it on: a picture, a sound, and perhaps the times of its words.
struct SceneSources {
    var picture: (file: ArtifactRef, kind: PictureKind)?
    var sound: (file: ArtifactRef, facts: MediaFacts.Sound)?
    /// `words.json`.
    var words: ArtifactRef?

    static let wordsFile = "words.json"
    /// What is read as a text can be no picture and no sound.
    private static let texts = ["json", "yaml", "yml", "md", "txt", "fountain", "srt", "vtt", "html", "ffmeta"]

    /// - Returns: nil if something is not known yet.
    /// - Throws: `Diagnostic` if there are several pictures or sounds.
    init?(_ stage: StageContext) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        var files: [(stage: StageName, file: ArtifactRef)] = []
        for (name, artifacts) in upstreams {
            for file in artifacts.files where !Self.isText(file, of: name, in: stage) {
                if file.name == Self.wordsFile { words = file } else { files.append((name, file)) }
            }
        }
        let looks = files.enumerated().map { MediaFacts.look(at: $1.file, $0 + 1, in: stage) }
        guard let found = try stage.bytes(of: looks) else { return nil }
        for ((name, file), bytes) in zip(files, found) {
            switch try MediaFacts(json: bytes) {
            case .picture(let kind):
                guard picture == nil else { throw Self.tooMany("pictures", file, of: name, in: stage) }
                picture = (file, kind)
            case .sound(let facts):
                guard sound == nil else { throw Self.tooMany("sounds", file, of: name, in: stage) }
                sound = (file, facts)
            }
        }
    }

    /// - Throws: `Diagnostic` if something is to be said, and nothing is heard.
    func checkIsHeard(_ wish: SceneWish, in stage: StageContext) throws(Diagnostic) {
        guard let sound, sound.facts.isSilent, !sound.facts.isPlaceholder, !wish.narration.isEmpty else { return }
        throw Diagnostic(
            .badInput, "the sound \(sound.file.name) of \(stage.target) is silent, and something is said in it", at: wish.location,
            remedy: "see who speaks it, and whether that can be spoken; or take its `narration` out")
    }

    /// True for a text, of which a person is told that it is not read.
    private static func isText(_ file: ArtifactRef, of name: StageName, in stage: StageContext) -> Bool {
        guard file.name != wordsFile, texts.contains(file.fileExtension) else { return false }
        stage.warn(
            "\(stage.stage.name) makes nothing of \(stage.shown(file, of: name))", at: stage.stage.location,
            remedy: "`from` of a \(stage.stage.tool) names pictures and sounds")
        return true
    }

    private static func tooMany(_ what: String, _ file: ArtifactRef, of name: StageName, in stage: StageContext) -> Diagnostic {
        Diagnostic(
            .badInput, "\(stage.target) reads two \(what), and a scene has one: \(stage.shown(file, of: name)) is one too many",
            at: stage.element?.location ?? stage.stage.location,
            remedy: "let `from` name one stage for each, and let that fan out as this does")
    }
}
