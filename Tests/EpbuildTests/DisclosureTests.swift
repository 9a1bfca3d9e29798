import FoundationEssentials
import Testing

/// What a show says of its synthetic voices: in the sound, the transcript and the metadata.
@Suite struct DisclosureTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    private static let sentence = "All voices here are made by a computer."
    private static let stages = """
          script: { source: script.fountain }
          speech: { tool: tts, each: script.lines }
          mixed: { tool: mix, from: [script, speech] }
          package: { tool: package, from: [mixed, script] }
        """

    private func make(_ disclosure: String, script: String = "# One\n\nJUN\nHello there.\n\n# Two\n\nMIRA\nGoodbye.\n") throws {
        let cast =
            "title: S\nlanguage: en\ncharacters:\n  - { name: JUN, voice: { provider: espeak } }\n  - { name: MIRA, voice: { provider: espeak } }\n"
        try machine.ownShow(Self.stages, show: cast + disclosure, episode: "title: Talk\nnumber: 1\n", files: ["script.fountain": script])
    }

    private func said() throws -> [String] {
        try machine.text("\(Machine.own)/out/001-talk.vtt").split(separator: "\n").map(String.init).filter { $0.hasPrefix("<v ") }
    }

    @Test(arguments: [
        ("disclosure: \(sentence)\n", ["<v Jun>Hello there.", "<v Mira>Goodbye.", "<v Mira>\(sentence)"]),
        ("disclosure: { say: \(sentence), at: beginning, by: MIRA }\n", ["<v Mira>\(sentence)", "<v Jun>Hello there.", "<v Mira>Goodbye."]),
    ])
    func itIsSaidAndWritten(_ disclosure: String, _ lines: [String]) async throws {
        try make(disclosure)
        try await machine.build(Machine.own).expect(.built, ["speech": 3])
        #expect(try said() == lines)
        for file in ["001-talk.notes.md", "001-talk.html", "episode.json"] {
            #expect(try machine.text("\(Machine.own)/out/\(file)").contains(Self.sentence), "\(file)")
        }
        #expect(String(decoding: try machine.read("\(Machine.own)/out/001-talk.mp3").prefix(8000), as: UTF8.self).contains(Self.sentence))
        // It is a line as any other, and left out only by name, which every build says.
        let shown = try await machine.run("lines", Machine.own)
        #expect(shown.output.contains("show.yaml:6"), "\(shown)")
        let number = lines[0].contains(Self.sentence) ? 1 : 3
        try await machine.run("skip", Machine.own, "speech/\(number)").expect(0)
        let skipped = try await machine.run("build", Machine.own)
        #expect(skipped.status == 0 && skipped.errors.contains("speech/\(number)"), "\(skipped)")
        #expect(try said().count == 2)
    }

    @Test func whoHasWrittenItIsNotGivenItTwice() async throws {
        try make("disclosure: \(Self.sentence)\n", script: "JUN\nHello there.\n\nJUN\n\(Self.sentence)\n")
        try await machine.build(Machine.own).expect(.built, ["speech": 2])
    }

    @Test func aRefusalIsTold() async throws {
        try make("disclosure: none\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(
            outcome.status == 0
                && outcome.errors.contains("show.yaml:6:13: warning: nobody says in this episode that its voices are synthetic"),
            "\(outcome)")
        #expect(try said().count == 2)
    }

    @Test(arguments: [
        ("disclosure: { sya: Hello }", "`disclosure` of the show has an unknown key `sya`", "did you mean \"say\"?"),
        ("disclosure: { say: Hello, at: middle }", "a disclosure is not said at \"middle\"", "beginning, end"),
        ("disclosure: { say: Hello, by: PIP }", "PIP", ""), ("disclosure: false", "must be a sentence", "`disclosure: none`"),
    ])
    func itIsChecked(_ disclosure: String, _ says: String, _ remedy: String) async throws {
        try make(disclosure + "\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says) && outcome.errors.contains(remedy), "\(outcome)")
    }
}
