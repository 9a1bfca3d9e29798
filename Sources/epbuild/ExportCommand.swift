import ArgumentParser
import EpComposition
import EpDesk

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Hands an episode over to an editor: its sound taken apart, with labels and a timeline.",
        usage: "epbuild export [PATH] --stems DIR",
        discussion: """
            DIR, which must be new or empty, gets dialogue.wav, music.wav, effects.wav and ambience.wav, all as long as the episode (24 bits, 44.1 kHz, \
            before the limiter), labels for Audacity, a timeline to read, and one for OpenTimelineIO.
            """)

    @Argument(help: "An episode.", completion: .places)
    var words: [String] = []

    @Option(help: ArgumentHelp("Write the stems into this directory.", valueName: "dir"))
    var stems: String

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: false)
        let inspection = try await session.inspect { Console.report($0) }
        let directory = session.composition.setting.absolute(stems)
        let answer = try session.desk.writeStems(of: inspection, into: directory, shown: stems)
        for file in answer.files { Console.answer("→ \(file)") }
    }
}
