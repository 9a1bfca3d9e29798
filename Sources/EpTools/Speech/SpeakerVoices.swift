import EpCore
import EpPlan
import EpScript

/// The voices of those who speak in one stage, and how each says the words of the lexicon: looked up once for a speaker and not for a line.
final class SpeakerVoices {
    typealias Found = (voice: Value, place: VoicePlace)
    private var voices: [String: Found] = [:]
    private var lexicons: [[String]: Lexicon] = [:]
    /// What was found out about those who speak lines, by how they say them.
    private var asked: [Part: SpeechTool.Asked] = [:]

    private var unable: [String: Set<String>] = [:]

    private struct Part: Hashable {
        let speaker: String
        let delivery: String
    }

    static func of(_ stage: StageContext) -> SpeakerVoices { stage.shared { SpeakerVoices() } }

    /// - Throws: `Diagnostic` at the line if nobody has that name.
    func voice(of speaker: String, in stage: StageContext) throws(Diagnostic) -> Found {
        if let known = voices[speaker] { return known }
        let character = try Character.called(speaker, in: stage.blueprint, at: stage.element?.location)
        let found = (character.voice, VoicePlace(of: speaker, in: stage))
        voices[speaker] = found
        return found
    }

    /// Who is asked to speak a line, once that is known. Scenes have voices by their languages: of those, each finds its own.
    /// - Parameter find: is asked until it is known.
    func asked(for part: SpokenPart, _ find: () throws -> SpeechTool.Asked?) rethrows -> SpeechTool.Asked? {
        guard !part.isScene else { return try find() }
        let key = Part(speaker: part.speaker, delivery: part.delivery)
        if let known = asked[key] { return known }
        let found = try find()
        asked[key] = found
        return found
    }

    /// True once for a kind of voice.
    /// - Parameter what: what it cannot do.
    func isNew(_ vendor: String, unableTo what: String) -> Bool { unable[vendor, default: []].insert(what).inserted }

    /// - Parameters: as `Lexicon` has them.
    func lexicon(for names: [String], language: String, in stage: StageContext) -> Lexicon {
        let key = names + [language]
        if let known = lexicons[key] { return known }
        let lexicon = Lexicon(stage.blueprint, for: names, language: language)
        lexicons[key] = lexicon
        return lexicon
    }
}
