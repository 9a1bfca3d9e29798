import EpCore
import EpPlan
import EpProviders
import EpSound

/// The steps of one recording's transcript.
struct TranscribeWork {
    let tool: ToolName
    let recording: RecordingInput
    let transcriber: Transcriber
    /// What is said, if somebody has written it down.
    let known: KnownText?
    /// The versions of the programs that find known words; nil: nobody does.
    let aligner: [String: String]?
    let services: Services

    /// A piece that is listened to: where it lies among the pieces, from 1, and its sound.
    private typealias Spoken = (number: Int, sound: ArtifactSource, seconds: Double)

    /// - Returns: the step that has the transcript; nil until the cuts are known.
    func add(to stage: StageContext, _ setting: TranscribeSetting, ffmpeg: String) throws -> StepID? {
        let decoded = stage.add(
            "decode", operation: .program(arguments: Self.decoding, environment: [:]), inputs: [recording.input], outputs: ["sound.wav"],
            platform: ["ffmpeg": ffmpeg], reasons: [recording.reason])
        let sound = ArtifactSource.output(decoded, path: "sound.wav")
        let cut = stage.add(
            "cut", operation: operation("cut"), inputs: [.init("sound.wav", sound)], outputs: ["cuts.txt"], reasons: [recording.reason])
        let cuts = ArtifactSource.output(cut, path: "cuts.txt")
        guard let text = try stage.bytes(of: ArtifactRef(name: "cuts.txt", source: cuts)) else { return nil }
        let pieces = try SpeechCuts(text: String(decoding: text, as: UTF8.self)).pieces
        let spoken = self.spoken(pieces, sound, cuts, in: stage)
        if spoken.isEmpty {
            stage.warn(
                "nobody is heard in \(recording.shown): it is silent", at: stage.stage.location,
                remedy: "see whether it is the right recording")
        }
        let heard = spoken.map { piece in
            let step = transcriber.add("piece \(piece.number)", piece.sound, seconds: piece.seconds, to: stage, of: tool, services)
            return Step.Input("heard/\(MixTool.number(piece.number)).json", .output(step, path: "heard.json"))
        }
        return join(cuts, spoken, heard, setting, in: stage)
    }

    /// The recording as recognizers want it. Sound that begins late begins late here, too.
    private static let decoding =
        RecordingInput.quietly + RecordingInput.opened
        + ["-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", String(SpeechCuts.sampleRate), "-c:a", "pcm_s16le"]
        + RecordingInput.plainly + ["-f", "wav", "sound.wav"]

    private func operation(_ name: String) -> Step.Operation { .builtIn(tool: tool, operation: name, revision: TranscribeTool.revision) }

    /// One step writes all pieces: the recording is read once, and a piece that has come out the same is the same input as before.
    private func spoken(_ pieces: [SpeechCuts.Piece], _ sound: ArtifactSource, _ cuts: ArtifactSource, in stage: StageContext) -> [Spoken] {
        let spoken = pieces.enumerated().filter { !$1.isSilent }
        guard !spoken.isEmpty else { return [] }
        let step = stage.add(
            "pieces", operation: operation("pieces"), inputs: [.init("cuts.txt", cuts), .init("sound.wav", sound)],
            outputs: spoken.map { "\(MixTool.number($0.offset + 1)).wav" })
        return spoken.map { index, piece in
            (index + 1, .output(step, path: "\(MixTool.number(index + 1)).wav"), Double(piece.range.count) / Double(SpeechCuts.sampleRate))
        }
    }

    private func join(
        _ cuts: ArtifactSource, _ spoken: [Spoken], _ heard: [Step.Input], _ setting: TranscribeSetting, in stage: StageContext
    ) -> StepID {
        let about = Value.object([
            .init("recognizer", .string(transcriber.vendor.name)), .init("language", setting.language.map(Value.string) ?? .null),
        ])
        let inputs = [Step.Input("about.json", text: about.json()), .init("cuts.txt", cuts)]
        let outputs = TranscribeSetting.knownFormats.map { "transcript.\($0)" }
        guard let known else { return stage.add("join", operation: operation("join"), inputs: inputs + heard, outputs: outputs) }
        let match = stage.add(
            "match", operation: operation("match"),
            inputs: [.init("cuts.txt", cuts), .init("known.json", text: known.value.json())] + heard,
            outputs: ["matched.json"] + spoken.map { "words/\(MixTool.number($0.number)).json" })
        let matched = Step.Input("matched.json", .output(match, path: "matched.json"))
        return stage.add(
            "join", operation: operation("join"), inputs: inputs + [matched] + aligned(spoken, match, in: stage), outputs: outputs)
    }

    /// When the words of each piece are said, found once more by who knows which they are.
    private func aligned(_ spoken: [Spoken], _ match: StepID, in stage: StageContext) -> [Step.Input] {
        guard let aligner else { return [] }
        return spoken.map { piece in
            let number = MixTool.number(piece.number)
            let inputs = [Step.Input("speech.wav", piece.sound), Step.Input("words.json", .output(match, path: "words/\(number).json"))]
            let operation = Step.Operation.builtIn(tool: tool, operation: "align", revision: ForcedAligner.revision)
            let step = stage.add(
                "align \(piece.number)", operation: operation, inputs: inputs, outputs: ["aligned.json"], platform: aligner)
            return Step.Input("aligned/\(number).json", .output(step, path: "aligned.json"))
        }
    }
}
