import EpCore
import EpPlan

/// `use: flite`: the voices of flite, which leaves out every byte outside ASCII.
struct FliteVoice: ProgramVoiceVendor {
    let name = "flite"
    let program = Program("flite", versionArguments: ["--version"], package: "flite")
    let usualVoice = "slt"

    /// What it prints is one line: `Voices available: kal awb …`.
    private static let voices = Program("flite", versionArguments: ["-lv"], package: "flite", answer: .list)

    func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String {
        let comparisons = text.split(whereSeparator: \.isWhitespace).filter(SpokenText.isComparison)
        guard comparisons.isEmpty else { throw .words(comparisons.map(String.init)) }
        return try SpokenText.inPlainLetters(SpokenText.withoutGroupSigns(SpokenText.plain(text)))
    }

    /// Words a minute that come out at stretch 1, as docs/providers.md has them measured; a voice that is not here speaks like slt.
    private static let usualRates = ["slt": 198.0, "kal": 205, "kal16": 219, "rms": 175, "awb": 184]

    /// Its voices lie between 100 and 300 Hz.
    func command(_ voice: Voice) -> [String] {
        let stretch = "duration_stretch=\(Self.decimal((Self.usualRates[voice.name] ?? 198) / Double(voice.rate)))"
        let pitch = voice.pitch.map { ["--setf", "int_f0_target_mean=\(100 + 2 * $0)"] } ?? []
        return ["flite", "-voice", voice.name, "--setf", stretch] + pitch + ["-f", "line.txt", "-o", "line.wav"]
    }

    func lists(for voice: Voice) -> [Program] { [Self.voices] }

    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem? {
        let names = lists[0].split(whereSeparator: \.isWhitespace).map(String.init).filter { !["Voices", "available:"].contains($0) }
        return names.contains(voice.name) ? nil : VoiceProblem(unknown: voice.name, remedy: Suggestion.remedy(for: voice.name, in: names))
    }

    func voice(of arguments: [String]) -> String? { arguments.count > 2 && arguments[..<2] == ["flite", "-voice"] ? arguments[2] : nil }

    /// Three decimals.
    private static func decimal(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
