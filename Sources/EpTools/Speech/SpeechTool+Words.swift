import EpCore
import EpEspeak
import EpPlan
import EpProviders
import EpSound

/// `words: true` of a stage that speaks: when each word of a line is heard, for captions and highlights (`words.json` beside `line.wav`).
///
/// Of espeak-ng it is a step of its own after the line's, so that nobody's lines are spoken anew: its library speaks the line once more and
/// tells.
/// A service is asked for the words with the line, if it can tell them only where it is asked.
extension SpeechTool {
    /// What the step is called within its target.
    static let words = "words"

    /// epbuild's own, begun anew: the library is loaded there and nowhere else.
    static let timer = Program("epbuild", versionArguments: [WordsCommand.word, "--version"], package: "libespeak-ng1", answer: .list)

    static func wantsWords(_ stage: StageContext) throws -> Bool {
        guard let node = stage.stage.node["words"], node.value != .null else { return false }
        guard let wish = node.value.bool else {
            throw Diagnostic(.badInput, "`words` of stage \"\(stage.stage.name)\" must be true or false", at: node.location)
        }
        return wish && !stage.isDraft
    }

    /// Adds the step that tells when the words of a line are heard, where the stage wants that and the line does not come with it.
    /// - Parameter line: what was spoken: its sound, and perhaps its words.
    /// - Returns: nil until it is known whether the library is here.
    func timed(
        _ line: [ArtifactRef], saying text: StressedText, _ asked: Asked, of speaker: String, in stage: StageContext
    ) -> [ArtifactRef]? {
        guard asked.wantsWords, let sound = line.first, !line.contains(where: { $0.name == WordsCommand.words }) else { return line }
        guard let vendor = asked.vendor as? any ProgramVoiceVendor, vendor.tellsWords else {
            stage.warn(
                "\(asked.vendor.name) does not tell when the words of \(speaker) are heard: captions share the time of a line out by its "
                    + "letters",
                at: stage.stage.node["words"]?.location, remedy: "espeak, elevenlabs and kokoro tell it; or take `words` out")
            return line
        }
        if stage.isMissing(Self.timer) {
            stage.warn(
                "nobody here tells when the words of \(speaker) are heard, as espeak-ng's library is missing: captions share the time of a "
                    + "line out by its letters",
                at: stage.stage.node["words"]?.location, remedy: Self.timer.remedy)
            return line
        }
        guard let version = stage.version(ifThere: Self.timer) else { return nil }
        let voice = asked.voice
        var members: [Value.Member] = [.init("voice", .string(voice.name)), .init("rate", .int(Int64(vendor.speed(of: voice))))]
        if let pitch = voice.pitch { members.append(.init("pitch", .int(Int64(pitch)))) }
        let markup = text.stressed.isEmpty ? nil : vendor.stressing(text, voice)?.file.text
        let step = stage.add(
            Self.words, operation: .program(arguments: [Self.timer.name, WordsCommand.word], environment: [:]),
            inputs: (markup.map { [Step.Input(WordsCommand.markup, text: $0)] } ?? []) + [
                Step.Input(WordsCommand.text, text: text.text), Step.Input(WordsCommand.sound, sound.source),
                Step.Input(WordsCommand.voice, text: Value.object(members).json(indented: true)),
            ],
            outputs: [WordsCommand.words], platform: [Self.timer.name: version])
        return line + [ArtifactRef(name: WordsCommand.words, source: .output(step, path: WordsCommand.words))]
    }
}

extension SpokenAnswer {
    /// The same with a time for each word of its line: some services tell the times of words and signs as they are spoken.
    func timed(saying text: String) throws -> SpokenAnswer {
        let written = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard !words.isEmpty, words.count != written.count else { return self }
        let seconds = try PCM(wav: wav, named: WordsCommand.sound).seconds
        return with(words: WordTimes.times(of: written, heard: words, within: 0...seconds))
    }
}
