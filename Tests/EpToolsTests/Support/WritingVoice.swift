import EpPlan

@testable import EpProviders

/// "Speaks" by writing down how it was asked.
struct WritingVoice: ProgramVoiceVendor {
    let name: String
    /// What runs it; `install` writes the file that it is asked for.
    let program: Program
    let usualVoice: String
    let known: [String]

    init(_ name: String, _ program: String, usual: String, known: [String] = []) {
        (self.name, self.program, usualVoice, self.known) = (
            name, Program(program, versionArguments: ["--version"], package: program), usual, known
        )
    }

    func checkVoice(_ voice: inout Fields) { ["voice", "mood"].forEach { _ = voice.text($0) } }
    func spelled(_ text: String, voice: String) throws(SpokenText.Problem) -> String { try SpokenText.plain(text) }
    func command(_ voice: Voice) -> [String] { [program.name, "-T", "--backup=off", "--suffix=\(voice.name)", "line.txt", "line.wav"] }
    /// The program itself lists nothing: what it says of its version is as good as any answer.
    func lists(for voice: Voice) -> [Program] {
        [Program(program.name, versionArguments: ["--version"], package: program.package, answer: .list)]
    }
    func problem(of voice: Voice, in lists: [String]) -> VoiceProblem? {
        lists.count == 1 && (known + [usualVoice]).contains(voice.name) ? nil : VoiceProblem(unknown: voice.name, remedy: "take another")
    }
    func voice(of arguments: [String]) -> String? {
        arguments.first == program.name ? arguments.dropFirst(3).first.map { String($0.dropFirst("--suffix=".count)) } : nil
    }
}
