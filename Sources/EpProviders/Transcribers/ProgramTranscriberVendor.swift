public import EpCore
public import EpPlan
import EpSound

/// A transcriber that is a program of this machine: it reads a sound from a file, and prints what it hears.
public protocol ProgramTranscriberVendor: TranscriberVendor {
    var program: Program { get }
    /// What the program finds in its directory.
    func file(_ recording: SpeechRecording) throws -> (name: String, bytes: [UInt8])
    func command(_ settings: Value) -> [String]
    /// The same program as one that stays loaded and hears the very same (`ProgramDoor.ask`); nil: it is begun anew for each sound.
    func staying(_ settings: Value) -> [String]?
    /// - Throws: `ProviderFailure` if what it has printed is no transcript.
    func read(_ output: String) throws(ProviderFailure) -> HeardSpeech
}

extension ProgramTranscriberVendor {
    public var programs: [Program] { [program] }
    public func check(_ provider: inout Fields) { checkSettings(&provider) }
    public func checkSettings(_ fields: inout Fields) { _ = fields.text("language") }
    public func staying(_ settings: Value) -> [String]? { nil }
    public func file(_ recording: SpeechRecording) throws -> (name: String, bytes: [UInt8]) { ("speech.wav", recording.wav) }

    public func settings(of provider: ProviderConfiguration?, language: String?) -> Value {
        var members: [Value.Member] = [.init("vendor", .string(name))]
        if let language = provider?.settings["language"] ?? language.map(Value.string) { members.append(.init("language", language)) }
        return Value.object(members).sorted
    }

    public func transcribe(_ recording: SpeechRecording, _ serving: Serving, _ programs: any ProgramDoor) async throws -> HeardSpeech {
        let file = try file(recording)
        let output: String
        if let answer = try await asked(recording, file, serving, programs) {
            output = answer
        } else {
            output = try await programs.run(command(recording.settings), files: [file.name: file.bytes])
        }
        do throws(ProviderFailure) {
            var heard = try read(output)
            heard.servedBy = name
            return heard
        } catch {
            throw StepFailure(error.diagnostic(of: name))
        }
    }

    /// Asks the one that stays; if a signal ends it over the question, another.
    /// - Returns: nil if none stays.
    private func asked(
        _ recording: SpeechRecording, _ file: (name: String, bytes: [UInt8]), _ serving: Serving, _ programs: any ProgramDoor
    ) async throws -> String? {
        guard let staying = staying(recording.settings) else { return nil }
        let most = AttemptPolicy(serving.retry.over(serving.configuration?.retry ?? RetrySettings())).attempts
        for attempt in 1..<max(1, most) {
            do {
                return try await programs.ask(staying, about: file)
            } catch let failure as StepFailure where failure.exitStatus == nil {
                try await serving.door.again(
                    Retry(name, attempts: attempt, of: most, after: failure.diagnostic, cost: .zero, wait: .zero))
            }
        }
        return try await programs.ask(staying, about: file)
    }
}

/// `use: whisper`: Whisper on this machine, as `epbuild providers install whisper` puts it there.
struct WhisperProgram: ProgramTranscriberVendor {
    let name = "whisper"
    let program = Program(Installable.whisper.program, versionArguments: ["--version"], package: "")

    func command(_ settings: Value) -> [String] {
        [program.name, "speech.wav"] + language(settings)
    }

    func staying(_ settings: Value) -> [String]? { [program.name, "--serve"] + language(settings) }

    /// It knows languages, and no countries: `en` of `en-GB`.
    private func language(_ settings: Value) -> [String] {
        settings["language"]?.letters.map { ["--language", $0.prefix { $0 != "-" && $0 != "_" }.lowercased()] } ?? []
    }

    func read(_ output: String) throws(ProviderFailure) -> HeardSpeech {
        guard let json = Value(json: Array(output.utf8)), let heard = HeardSpeech(json) else {
            throw ProviderFailure(.badAnswer, "it has printed no transcript: \(output.prefix(200))")
        }
        return heard
    }
}

/// `use: pocketsphinx`: a small recognizer of English. It mishears every third word of a person, and more of what programs speak.
struct PocketSphinx: ProgramTranscriberVendor {
    let name = "pocketsphinx"
    /// It has no option that tells its version. So it is run over nothing: it names its model, and the line of its source that does so.
    let program = Program(
        "pocketsphinx_continuous", versionArguments: ["-infile", "/dev/null", "-logfn", "/dev/stdout"],
        package: "pocketsphinx pocketsphinx-en-us")
    let tolerance = 0.8

    /// Raw samples of 16 kHz, as its model wants them.
    func file(_ recording: SpeechRecording) throws -> (name: String, bytes: [UInt8]) {
        ("speech.raw", try PCM(wav: recording.wav, named: "speech.wav").signed16(at: 16_000))
    }

    func command(_ settings: Value) -> [String] {
        [program.name, "-infile", "speech.raw", "-time", "yes", "-logfn", "/dev/null"]
    }

    /// Its program cannot stay; its library can, in a process of epbuild's.
    func staying(_ settings: Value) -> [String]? { ["epbuild", ListenCommand.word] }

    /// A line of text for each utterance, and after it one for each of its words: `word(2) 0.010 0.350 0.98`.
    func read(_ output: String) throws(ProviderFailure) -> HeardSpeech {
        let words = output.split(separator: "\n").compactMap { line -> TimedWord? in
            let parts = line.split(separator: " ")
            guard parts.count == 4, let start = Double(parts[1]), let end = Double(parts[2]), Double(parts[3]) != nil else { return nil }
            // Other ways to say it are numbered; signs of silence and noise stand in brackets.
            let word = parts[0].prefix { $0 != "(" }
            guard let first = word.first, first.isLetter || first == "'" else { return nil }
            return TimedWord(String(word), from: start, to: end)
        }
        return HeardSpeech(words.map(\.text).joined(separator: " "), words: words, language: "en")
    }
}

/// The word by which epbuild is begun anew to listen as `pocketsphinx_continuous` does, and to stay for further sounds.
public enum ListenCommand {
    public static let word = "--listen"
}
