import EpCore
import EpPlan

/// A voice of a program that `epbuild providers install` puts on this machine: `use: hibari`, and `use: piper` without a `base_url`.
///
/// No server, no network, the same sound each time.
struct InstalledVoice: ProgramVoiceVendor {
    let name: String
    let program: Program
    private let voices: Program
    private let pace: VoicePace
    /// False if it speaks in its own pitch only.
    private let hasPitch: Bool
    /// True if it knows the letters of ASCII alone.
    private let isPlain: Bool
    /// What its voice is called where nobody has named it.
    private let usualName: String
    private let provider: Value

    private init(_ what: Installable, _ pace: VoicePace, hasPitch: Bool, isPlain: Bool, _ configuration: ProviderConfiguration?) {
        name = what.name
        program = Program(what.program, versionArguments: ["--version"], package: "")
        voices = Program(what.program, versionArguments: ["--voices"], package: "", answer: .list)
        (self.pace, self.hasPitch, self.isPlain, usualName) = (pace, hasPitch, isPlain, what.voice)
        provider = configuration?.settings ?? [:]
    }

    static func piper(_ configuration: ProviderConfiguration? = nil) -> InstalledVoice {
        InstalledVoice(.piper, .joe, hasPitch: false, isPlain: false, configuration)
    }

    static func hibari(_ configuration: ProviderConfiguration? = nil) -> InstalledVoice {
        InstalledVoice(.hibari, .heart, hasPitch: true, isPlain: true, configuration)
    }

    /// The one that is installed.
    var usualVoice: String { provider["voice"]?.letters ?? "" }

    func configured(by configuration: ProviderConfiguration?) -> any VoiceVendor {
        name == Installable.piper.name ? PiperVoice.form(configuration) : Self.hibari(configuration)
    }

    /// To Piper, `[[` begins names of phonemes: one bracket is a bracket.
    func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String {
        let plain = SpokenText.withoutGroupSigns(try SpokenText.plain(text))
        return isPlain ? try SpokenText.inPlainLetters(plain) : plain.replacing(/\[{2,}/, with: "[")
    }

    func check(_ provider: inout Fields) {
        _ = provider.text("voice")
        _ = provider.number("speed", in: 0.25...4)
    }

    func checkVoice(_ voice: inout Fields) {
        _ = voice.text("voice")
        _ = voice.number("speed", in: 0.25...4)
        _ = voice.number("rate", in: 40...600, unit: "words a minute")
        if hasPitch { _ = voice.number("pitch", in: 0...99) }
    }

    /// A rate is what comes out. Where nobody has written one, speed is over that at which the voice speaks by itself.
    func command(_ voice: Voice) -> [String] {
        let pitch = hasPitch ? voice.pitch.map { ["--pitch", String($0)] } ?? [] : []
        let named = voice.name.isEmpty ? [] : ["--voice", voice.name]
        return [program.name] + named + ["--speed", Self.decimal(speed(voice))] + pitch + ["line.txt", "line.wav"]
    }

    private func speed(_ voice: Voice) -> Double {
        let speed = voice.hasRate
            ? pace.speed(forWordsPerMinute: Double(voice.rate)) : Double(voice.rate) / 160 * (provider["speed"]?.number ?? 1)
        return min(max(speed, 0.25), 4)
    }

    private static func decimal(_ value: Double) -> String { Value.double((value * 1000).rounded() / 1000).json() }

    func lists(for voice: Voice) -> [Program] { voice.name.isEmpty ? [] : [voices] }

    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem? {
        let known = (lists.first ?? "").split(whereSeparator: \.isNewline).map(String.init)
        return voice.name.isEmpty || known.contains(voice.name)
            ? nil : VoiceProblem(unknown: voice.name, remedy: Suggestion.remedy(for: voice.name, in: known))
    }

    /// Loading it takes longer than a line.
    func staying(_ command: [String], saying text: String) -> LineQuestion? {
        guard command.first == program.name, command.count > 2 else { return nil }
        let options = command.dropFirst().dropLast(2).map { Value.string($0) }
        let question: Value = ["arguments": .list(options), "text": .string(text)]
        return LineQuestion(arguments: [program.name, "--serve"], file: ("line.json", Array(question.json().utf8)))
    }

    /// Its voice's name, where one was given: it has one voice.
    func voice(of arguments: [String]) -> String? {
        guard arguments.first == program.name else { return nil }
        return arguments.count > 2 && arguments[1] == "--voice" ? arguments[2] : usualName
    }
}

/// How many words a minute come out of a voice at the speeds that it is told: what it is told for longer sounds makes pauses longer, too.
///
/// Measured in November 2026 on 167 lines of the three episodes of `Episodes/olivers-workshop`, as docs/providers.md has it.
struct VoicePace {
    /// In growing order. Below the first and above the last, words grow as speeds do.
    let measured: [(speed: Double, words: Double)]

    static let joe = VoicePace(measured: [(0.6, 144), (0.7, 165), (0.8, 190), (1, 216), (1.3, 256)])
    static let heart = VoicePace(measured: [(0.6, 122), (0.7, 142), (0.8, 163), (1, 203), (1.3, 235)])

    func speed(forWordsPerMinute words: Double) -> Double {
        let (first, last) = (measured[0], measured[measured.count - 1])
        if words <= first.words { return first.speed * words / first.words }
        guard let above = measured.firstIndex(where: { $0.words >= words }) else { return last.speed * words / last.words }
        let (low, high) = (measured[above - 1], measured[above])
        return low.speed + (high.speed - low.speed) * (words - low.words) / (high.words - low.words)
    }
}
