import EpCore
import EpPlan

/// `use: piper` without a `base_url`: the program that `epbuild providers install piper` puts on this machine, with its voice.
///
/// No server, no network, the same sound each time.
struct PiperProgramVoice: ProgramVoiceVendor {
    let name = "piper"
    let program = Program(Installable.piper.program, versionArguments: ["--version"], package: "")
    private static let voices = Program(Installable.piper.program, versionArguments: ["--voices"], package: "", answer: .list)
    private let provider: Value

    init(_ configuration: ProviderConfiguration? = nil) { provider = configuration?.settings ?? [:] }

    /// The one that is installed.
    var usualVoice: String { provider["voice"]?.letters ?? "" }

    func configured(by configuration: ProviderConfiguration?) -> any VoiceVendor { PiperVoice.form(configuration) }

    /// To Piper, `[[` begins names of phonemes: one bracket is a bracket.
    func spelled(_ text: String) throws(SpokenText.Problem) -> String { try SpokenText.plain(text).replacing(/\[{2,}/, with: "[") }

    func check(_ provider: inout Fields) {
        _ = provider.text("voice")
        _ = provider.number("speed", in: 0.25...4)
    }

    func checkVoice(_ voice: inout Fields) {
        _ = voice.text("voice")
        _ = voice.number("speed", in: 0.25...4)
        _ = voice.number("rate", in: 40...600, unit: "words a minute")
    }

    /// Speed is the rate over that at which a voice speaks if nobody says anything: 160 words a minute.
    func command(_ voice: Voice) -> [String] {
        let speed = min(max(Double(voice.rate) / 160 * (provider["speed"]?.number ?? 1), 0.25), 4)
        let named = voice.name.isEmpty ? [] : ["--voice", voice.name]
        return [program.name] + named + ["--speed", Value.double((speed * 1000).rounded() / 1000).json(), "line.txt", "line.wav"]
    }

    func lists(for voice: Voice) -> [Program] { voice.name.isEmpty ? [] : [Self.voices] }

    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem? {
        let known = (lists.first ?? "").split(whereSeparator: \.isNewline).map(String.init)
        return voice.name.isEmpty || known.contains(voice.name)
            ? nil : VoiceProblem(unknown: voice.name, remedy: Suggestion.remedy(for: voice.name, in: known))
    }

    /// Its voice's name, where one was given: it has one voice.
    func voice(of arguments: [String]) -> String? {
        guard arguments.first == program.name else { return nil }
        return arguments.count > 2 && arguments[1] == "--voice" ? arguments[2] : "piper"
    }
}
