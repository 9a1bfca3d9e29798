import EpCore
import EpDelivery
import EpPlan
import EpProviders
import EpSound

/// What the built-in steps of a transcript do.
enum TranscribeSteps {
    typealias Outputs = [Path: JobResult.Content]

    /// Where the recording is cut.
    static func cut(_ job: Job) throws -> Outputs {
        let cuts = try SpeechCuts(of: WAVFile(job.inputs.reader("sound.wav"), named: RecordingInput.shown(in: job)))
        guard !cuts.pieces.isEmpty else {
            let shown = RecordingInput.shown(in: job)
            throw StepFailure(
                Diagnostic(
                    .badInput, "\(shown) has no sound in it: it ends where it begins", at: SourceLocation(file: shown),
                    remedy: "copy it here once more"))
        }
        return ["cuts.txt": .bytes(Array(cuts.text.utf8))]
    }

    /// The sound of each piece that is listened to, in a file of its own.
    static func pieces(_ job: Job) throws -> Outputs {
        let sound = try WAVFile(job.inputs.reader("sound.wav"), named: "sound.wav")
        let directory = try job.directory()
        var outputs: Outputs = [:]
        for (index, piece) in try cuts(job).pieces.enumerated() where !piece.isSilent {
            let name = "\(MixTool.number(index + 1)).wav"
            let file = try JobFile(name, in: directory)
            try file.write(SpeechCuts.wav(of: piece, from: sound))
            outputs[Path(name)] = .file(try file.close())
        }
        return outputs
    }

    private static func cuts(_ job: Job) throws -> SpeechCuts { try SpeechCuts(text: job.inputs.text("cuts.txt")) }

    /// What was heard in all pieces, in seconds of the recording.
    private static func heard(_ job: Job, _ cuts: SpeechCuts) throws -> [TimedWord] {
        try cuts.pieces.enumerated().flatMap { index, piece -> [TimedWord] in
            let label = "heard/\(MixTool.number(index + 1)).json"
            guard job.inputs.labels.contains(label), let json = Value(json: try job.inputs.bytes(label)), let heard = HeardSpeech(json)
            else { return [] }
            let written = heard.text.split(whereSeparator: \.isWhitespace).map(String.init)
            let range = 0...piece.seconds
            // The text has the marks, which the single words of some vendors have not.
            let words = written == heard.words.map(\.text) ? heard.words : WordTimes.times(of: written, heard: heard.words, within: range)
            return words.map { $0.moved(by: piece.start).within(piece.start...piece.start + piece.seconds) }
        }
    }

    /// The words of the known text with the times of what was heard of them, and which of them are said in each piece.
    static func match(_ job: Job) throws -> Outputs {
        let cuts = try cuts(job)
        let heard = try heard(job, cuts)
        let known = KnownText(try Value(json: job.inputs.bytes("known.json")) ?? .null)
        let all = known.lines.flatMap(\.words)
        let matched = WordTimes.match(all, heard: heard, within: 0...cuts.seconds)
        let places = cuts.places(of: matched.words, isHeard: matched.isHeard)
        let said = HeardWords.of(all.joined(separator: " "))
        let errors = HeardWords.errors(between: HeardWords.of(heard.map(\.text).joined(separator: " ")), and: said)
        var outputs: Outputs = [:]
        for index in cuts.pieces.indices where !cuts.pieces[index].isSilent {
            let words = zip(all, places).filter { $0.1 == index }.map { Value.string($0.0) }
            outputs["words/\(MixTool.number(index + 1)).json"] = .bytes(Array(Value.list(words).json().utf8))
        }
        var rest = zip(matched.words, places).map { word, place in
            Value.object((word.value.members ?? []) + [.init("piece", .int(Int64(place + 1)))])
        }[...]
        let lines = known.lines.map { line -> Value in
            defer { rest = rest.dropFirst(line.words.count) }
            return .object(
                (line.speaker.map { [.init("speaker", .string($0))] } ?? []) + [.init("words", .list(Array(rest.prefix(line.words.count))))]
            )
        }
        let rate = said.isEmpty ? 0 : Double(errors) / Double(said.count)
        outputs["matched.json"] = .bytes(
            Array(Value.object([.init("word_error_rate", .double(rate)), .init("lines", .list(lines))]).json().utf8))
        return outputs
    }

    /// When the words of a piece are said; null where that cannot be found.
    static func align(_ job: Job) async throws -> Outputs {
        let words = (Value(json: try job.inputs.bytes("words.json"))?.list ?? []).compactMap(\.string)
        let aligner = ForcedAligner(job.programs, canSpell: job.step.platform[ForcedAligner.speller.name] != nil)
        let aligned = words.isEmpty ? nil : try await aligner.align(words, in: job.inputs.bytes("speech.wav"))
        let value = aligned.map { Value.list($0.map(\.value)) } ?? .null
        return ["aligned.json": .bytes(Array(value.json().utf8))]
    }

    /// The transcript, in all its forms.
    static func join(_ job: Job) throws -> Outputs {
        let cuts = try cuts(job)
        let about = Value(json: try job.inputs.bytes("about.json"))
        var record = SpokenRecord(
            language: about?["language"]?.string, seconds: cuts.seconds, recognizer: about?["recognizer"]?.string, segments: [])
        if job.inputs.labels.contains("matched.json") {
            let matched = Value(json: try job.inputs.bytes("matched.json"))
            record.errorRate = matched?["word_error_rate"]?.number
            var times = try aligned(job, cuts)
            record.segments = (matched?["lines"]?.list ?? []).flatMap { line in
                SpokenRecord.sentences(of: (line["words"]?.list ?? []).compactMap { times.time(of: $0) }, by: line["speaker"]?.string)
            }
        } else {
            record.segments = SpokenRecord.segments(of: try heard(job, cuts))
        }
        let transcript = record.transcript
        let texts = [
            "json": record.value.json(indented: true) + "\n", "txt": record.plainText, "srt": transcript.subRip(),
            "vtt": transcript.webVTT(),
        ]
        return Dictionary(uniqueKeysWithValues: texts.map { (Path("transcript.\($0)"), .bytes(Array($1.utf8))) })
    }

    private static func aligned(_ job: Job, _ cuts: SpeechCuts) throws -> AlignedTimes {
        var times = AlignedTimes()
        for (index, piece) in cuts.pieces.enumerated() {
            let label = "aligned/\(MixTool.number(index + 1)).json"
            guard job.inputs.labels.contains(label), let list = Value(json: try job.inputs.bytes(label))?.list else { continue }
            times.add(list.compactMap(TimedWord.init).map { $0.moved(by: piece.start) }, ofPiece: index + 1)
        }
        return times
    }
}

/// The words of each piece as they were found in it, to be taken one after the other.
private struct AlignedTimes {
    private var pieces: [Int: ArraySlice<TimedWord>] = [:]

    mutating func add(_ words: [TimedWord], ofPiece piece: Int) { pieces[piece] = words[...] }

    /// - Parameter word: as `match` wrote it.
    mutating func time(of word: Value) -> TimedWord? {
        guard let matched = TimedWord(word), let piece = word["piece"]?.number.map({ Int($0) }), let found = pieces[piece]?.popFirst()
        else { return TimedWord(word) }
        return TimedWord(matched.text, from: found.start, to: found.end)
    }
}
