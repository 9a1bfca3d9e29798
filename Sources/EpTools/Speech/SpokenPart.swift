import EpCore
import EpPlan
import EpProviders

/// What is to be spoken, and by whom: a line of a script, or the narration of a scene.
struct SpokenPart {
    let text: String
    /// The numbers of the words that are to stand out.
    private let stressed: [Int]
    /// Who speaks, as messages name them.
    let speaker: String
    /// The `voice:` of a character or of a language: one, or a list.
    let voice: Value
    let place: VoicePlace
    let delivery: String
    let isScene: Bool

    /// - Throws: `Diagnostic` if it is neither, or nobody has a voice for it.
    init(_ stage: StageContext) throws {
        let value = stage.element?.value
        delivery = value?["delivery"]?.string ?? ""
        stressed = value?["stressed"]?.list?.compactMap { $0.number.flatMap(Int.init(exactly:)) } ?? []
        if let text = value?["text"]?.string, let speaker = value?["speaker"]?.string, value?["narration"] == nil {
            (self.text, self.speaker, isScene) = (text, speaker, false)
            (voice, place) = try SpeakerVoices.of(stage).voice(of: speaker, in: stage)
            return
        }
        if let value, value["narration"] == nil, value["text"] != nil || value["speaker"] != nil {
            throw Diagnostic(
                .badInput, "what is spoken needs a `speaker` and a `text`, and both are texts", at: stage.element?.location,
                remedy: "write `{ speaker: NAME, text: WORDS }`; a number stands in quotes")
        }
        guard let value, Self.isScene(value) else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" speaks lines, but its elements have no `speaker` and `text`",
                at: stage.stage.location,
                remedy:
                    "write `each: STAGE.lines`, where the stage's output is a .fountain script; or `each: STAGE.scenes`, where it is a "
                        + "list of scenes with `narration`"
            )
        }
        (text, isScene) = (value["narration"]?.letters ?? "", true)
        if let speaker = value["speaker"]?.letters {
            self.speaker = speaker
            (voice, place) = try SpeakerVoices.of(stage).voice(of: speaker, in: stage)
        } else {
            (speaker, voice, place) = try Self.voice(of: try stage.language() ?? "", in: stage)
        }
    }

    /// In letters that are found for each stretch of words.
    func said(_ said: (String) -> String = { $0 }) -> StressedText { StressedText(text, stressed: stressed).said(said) }

    static func isScene(_ value: Value) -> Bool {
        value["narration"]?.letters != nil || value["minimum_seconds"] != nil && value["id"] != nil
    }

    /// Of `voices:` in the blueprint: that of `de-AT`, else of `de`; where nobody says which language it is, the only one. A show without
    /// any has its narrator.
    private static func voice(of language: String, in stage: StageContext) throws -> (speaker: String, voice: Value, place: VoicePlace) {
        let voices = stage.blueprint["voices"]
        let short = language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map(String.init) ?? language
        let only = language.isEmpty && voices?.members?.count == 1 ? voices?.members?.first?.key : nil
        if let name = [language, short, only ?? ""].first(where: { voices?[$0]?.members != nil || voices?[$0]?.list != nil }) {
            return ("the voice of \"\(name)\"", voices?[name] ?? .object([]), VoicePlace(ofLanguage: name, in: stage))
        }
        let narrator = (stage.blueprint["characters"]?.list ?? []).first { $0["role"]?.string == "narrator" }?["name"]?.string
        if voices == nil, let narrator {
            return (narrator, try Character.called(narrator, in: stage.blueprint, at: nil).voice, VoicePlace(of: narrator, in: stage))
        }
        guard !language.isEmpty else {
            throw Diagnostic(
                .badInput, "nothing says in which language this is spoken", at: stage.element?.location,
                    remedy: "add `language: en` to show.yaml, or fan out over `show.languages`")
        }
        throw Diagnostic(
            .badInput, "nobody is named who speaks \"\(language)\"", at: stage.show.node["voices"]?.location ?? stage.element?.location,
            remedy: "add a voice to show.yaml: `voices: { \(short): { provider: espeak, voice: \(short) } }`")
    }

    /// Seconds of a scene in which nothing is said; nil for anything else.
    /// - Throws: `Diagnostic` if what is written is no length.
    func silence(_ stage: StageContext) throws -> Double? {
        guard isScene, text.allSatisfy(\.isWhitespace) else { return nil }
        return try SceneWish(stage).minimumSeconds
    }
}
