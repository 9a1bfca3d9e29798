import EpCore
import EpPlan

/// `use: program` for `tts`: any program that reads a line from `line.txt` and writes a sound to `line.wav`.
struct ProgramVoice: ProgramVoiceVendor {
    let name = "program"
    private let command: ProgramCommand
    private let defaults: Value

    init(_ configuration: ProviderConfiguration? = nil) {
        command = ProgramCommand(configuration)
        defaults = configuration?.settings ?? [:]
    }

    var program: Program { command.program }
    /// Which one that is, the workspace says.
    var programs: [Program] { [] }
    var usualVoice: String { defaults["voice"]?.letters ?? "" }

    func configured(by configuration: ProviderConfiguration?) -> any VoiceVendor { ProgramVoice(configuration) }

    func check(_ provider: inout Fields) {
        ProgramCommand.check(&provider, names: ProgramCommand.voiceNames)
        AttemptPolicy.checkProgram(&provider)
        _ = provider.text("voice")
        _ = provider.text("model")
    }

    /// Speed is the rate over that at which a voice speaks if nobody says anything: 160 words a minute.
    func command(_ voice: Voice) -> [String] {
        let speed = (Double(voice.rate) / 160 * 1000).rounded() / 1000
        return command.filled([
            "voice": voice.name, "rate": "\(voice.rate)", "speed": Value.double(speed).json(), "pitch": "\(voice.pitch ?? 50)",
            "model": defaults["model"]?.letters ?? "",
        ])
    }

    func lists(for voice: Voice) -> [Program] { [] }
    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem? { nil }
    func voice(of arguments: [String]) -> String? { nil }
}
