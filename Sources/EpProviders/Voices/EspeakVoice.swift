import EpPlan

/// `use: espeak`: the voices of espeak-ng.
struct EspeakVoice: ProgramVoiceVendor {
    let name = "espeak"
    let aliases = ["espeak-ng"]
    let program = Program("espeak-ng", versionArguments: ["--version"], package: "espeak-ng")
    let usualVoice = "en-gb"
    let tellsWords = true

    private static let voices = Program("espeak-ng", versionArguments: ["--voices"], package: "espeak-ng", answer: .list)
    private static let variants = Program("espeak-ng", versionArguments: ["--voices=variant"], package: "espeak-ng", answer: .list)

    /// To espeak-ng, `[[` begins names of phonemes: one bracket is a bracket.
    func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String {
        let plain = try EspeakSigns.spelled(SpokenText.withoutGroupSigns(SpokenText.plain(text)), voice: voice)
        // Making the pattern takes longer than all else of a line, and next to none has a bracket.
        return plain.utf8.contains(UInt8(ascii: "[")) ? plain.replacing(/\[{2,}/, with: "[") : plain
    }

    func speed(of voice: Voice) -> Int { EspeakPace.setting(forWordsPerMinute: voice.rate, voice: voice.name) }

    func command(_ voice: Voice) -> [String] { command(voice, reading: "line.txt") }

    private func command(_ voice: Voice, reading file: String) -> [String] {
        let pitch = voice.pitch.map { ["-p", String($0)] } ?? []
        return ["espeak-ng", "-v", voice.name, "-s", String(speed(of: voice))] + pitch + ["-w", "line.wav", "-f", file]
    }

    func stressing(_ text: StressedText, _ voice: Voice) -> StressingCommand? {
        let (before, after) = Self.stress
        let stretches = text.stretches.map { stretch in
            let escaped = stretch.text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            return stretch.isStressed ? before + escaped + after : escaped
        }
        return StressingCommand(
            arguments: command(voice, reading: "line.ssml") + ["-m"],
            file: ("line.ssml", "<speak>\(stretches.joined(separator: " "))</speak>"))
    }

    /// SSML around words that stand out. By its emphasis, espeak-ng makes a short pause before them and takes stress from what stands
    /// before; strong emphasis is so loud that it is cut off. So they are made higher, slower and a little louder, too.
    private static let stress = ("<emphasis><prosody pitch='+20%' rate='85%' volume='+20%'>", "</prosody></emphasis>")

    func lists(for voice: Voice) -> [Program] { EspeakVoices.hasVariant(voice.name) ? [Self.voices, Self.variants] : [Self.voices] }

    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem? {
        EspeakVoices.problem(of: voice.name, in: lists[0], variants: lists.count > 1 ? lists[1] : "")
    }

    func voice(of arguments: [String]) -> String? { arguments.count > 2 && arguments[..<2] == ["espeak-ng", "-v"] ? arguments[2] : nil }
}
