import EpCore
import EpPlan
import EpScript

/// The voices of those who speak in one stage, and how each says the words of the lexicon: looked up once for a speaker and not for a line.
final class SpeakerVoices {
    typealias Found = (voice: Value, place: VoicePlace)
    private var voices: [String: Found] = [:]
    private var lexicons: [[String]: Lexicon] = [:]

    static func of(_ stage: StageContext) -> SpeakerVoices { stage.shared { SpeakerVoices() } }

    /// - Throws: `Diagnostic` at the line if nobody has that name.
    func voice(of speaker: String, in stage: StageContext) throws(Diagnostic) -> Found {
        if let known = voices[speaker] { return known }
        let character = try Character.called(speaker, in: stage.blueprint, at: stage.element?.location)
        let found = (character.voice, VoicePlace(of: speaker, in: stage))
        voices[speaker] = found
        return found
    }

    /// - Parameters: as `Lexicon` has them.
    func lexicon(for names: [String], language: String, in stage: StageContext) -> Lexicon {
        let key = names + [language]
        if let known = lexicons[key] { return known }
        let lexicon = Lexicon(stage.blueprint, for: names, language: language)
        lexicons[key] = lexicon
        return lexicon
    }
}
