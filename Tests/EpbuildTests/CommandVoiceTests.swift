import FoundationEssentials
import Testing

/// The example of docs/providers.md of a `command` stage as a voice, as it is printed there.
@Suite struct CommandVoiceTests {
    /// What stands in the fences of a section, by their languages.
    private static func example() throws -> [String: String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized.path()
        let page = try String(contentsOfFile: "\(root)/docs/providers.md", encoding: .utf8)
        let section = try #require(page.components(separatedBy: "### Without a provider\n").last?.components(separatedBy: "\n## ").first)
        let fences = section.matches(of: /```(yaml|python)\n((?s).*?)```/)
        return Dictionary(fences.map { (String($0.output.1), String($0.output.2)) }) { first, _ in first }
    }

    @Test func itSpeaksWhatChanged() async throws {
        let machine = try Machine(), example = try Self.example()
        let stages = try #require(example["yaml"]).replacing("stages:\n", with: "")
        try machine.ownShow(
            stages, show: "title: S\nlanguage: en\n", episode: "title: Talk\nnumber: 1\n",
            files: [
                "../speak.py": try #require(example["python"]),
                "script.fountain": "JUN\nHello there.\n\nMIRA\nGood evening to you.\n\nJUN\nGoodbye.\n",
            ])
        try await machine.build(Machine.own).expect(.built, ["speech": 3])
        let captions = try machine.text("\(Machine.own)/out/001-talk.vtt")
        #expect(captions.contains("Good evening to you."), "\(captions)")
        try machine.replace("evening", with: "morning", in: "\(Machine.own)/script.fountain")
        try await machine.build(Machine.own).expect(.built, ["speech": 1])
    }
}
