import EpCore
import EpPlan

/// `use: program` for `transcribe`: any program that reads `speech.wav` and prints what it hears, as text or as JSON with `text` and
/// `words`.
struct ProgramTranscriber: ProgramTranscriberVendor {
    let name = "program"
    private let command: ProgramCommand

    init(_ configuration: ProviderConfiguration? = nil) { command = ProgramCommand(configuration) }

    var program: Program { command.program }
    /// Which one that is, the workspace says.
    var programs: [Program] { [] }

    func configured(by configuration: ProviderConfiguration?) -> any TranscriberVendor { ProgramTranscriber(configuration) }

    func check(_ provider: inout Fields) {
        ProgramCommand.check(&provider, names: ["language"])
        checkSettings(&provider)
    }

    /// The command is a part of the address: with another, other words are heard.
    func settings(of provider: ProviderConfiguration?, language: String?) -> Value {
        let named = provider?.settings["language"]?.letters ?? language ?? ""
        return ["run": .list(command.filled(["language": named]).map(Value.string)), "vendor": .string(name)]
    }

    func command(_ settings: Value) -> [String] { settings["run"]?.list?.compactMap(\.string) ?? [] }

    func read(_ output: String) throws(ProviderFailure) -> HeardSpeech {
        if let json = Value(json: Array(output.utf8)), let heard = HeardSpeech(json) { return heard }
        return HeardSpeech(output.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
}
