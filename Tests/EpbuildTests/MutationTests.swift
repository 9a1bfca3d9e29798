import FoundationEssentials
import Testing

/// Files that are not as anybody meant them: half saved, merged badly, cut off, or damaged. Every command comes to an end, with a
/// status that the documentation names, and without a signal.
@Suite struct MutationTests {
    /// How many mutations of each file: `EPBUILD_TEST_MUTATIONS`, else so many.
    private static let rounds = ProcessInfo.processInfo.environment["EPBUILD_TEST_MUTATIONS"].flatMap { Int($0) } ?? 5
    private static let statuses: Set<Int32> = [0, 1, 64, 65, 69, 75]

    private static let files: [String: String] = [
        "epbuild.yaml": "limits: { jobs: 2, llm: 4, tts: 4 }\nproviders:\n  voices: { tool: tts, use: espeak }\ncache: { remotes: [] }\n",
        "show/show.yaml": """
        title: The show
        author: Ada
        language: en
        characters:
          - { name: ANN, role: narrator, voice: { provider: espeak, voice: en, rate: 160 } }
          - { name: BOB, voice: { provider: espeak, voice: en+m3 } }
        delivery: { calm: { rate: -10 } }

        """,
        "show/pipeline.yaml": """
        stages:
          texts: { source: "texts/*.txt" }
          upper:
            tool: command
            each: texts
            run: [sh, -c, "tr a-z A-Z < in.txt > out.txt; echo '{{ show.title }} {{ episode.number }}' >> out.txt"]
            inputs: { in.txt: item }
            outputs: [out.txt]
            output: out.txt
            editable: true
            gate: { per: item, required: false }
          list: { tool: command, run: [sh, -c, "cp in.yaml out.yaml"], inputs: { in.yaml: beats }, outputs: [out.yaml] }
          beats: { source: beats.yaml }
          beat: { tool: command, each: list.beats, run: [sh, -c, "echo '{{ item.say }}' > out.txt"], outputs: [out.txt] }
          script: { source: script.fountain }
          line: { tool: command, each: script.lines, run: [sh, -c, "echo '{{ item.speaker }}: {{ item.text }}' > out.txt"], outputs: [out.txt] }
          joined: { tool: command, run: [sh, -c, "cat */* > all.txt"], inputs: { upper: upper, beat: beat, line: line }, outputs: [all.txt], deliver: true, gate: { required: true } }

        """,
        "show/ep/episode.yaml": "title: One\nnumber: 1\nsummary: All of it.\noverrides: { author: Bea }\n",
        "show/ep/beats.yaml": "beats:\n  - { say: hello, mood: &mood calm }\n  - { say: \"there\", mood: *mood }\n",
        "show/ep/script.fountain":
            "Title: One\n\n# First\n\nINT. ROOM - DAY\n\nANN (calm)\nHello *there*, **you**.\n\nSFX: bell\n\nBOB\n(beat)\nOh. [[a note]]\n\n/* gone */\n\nANN\nBye.\n",
        "show/ep/texts/a.txt": "a text\n", "show/ep/texts/b.txt": "b text\n", "show/ep/texts/c.txt": "a text\n",
    ]

    /// What a person writes, and what epbuild has written beside it.
    private static let mutated = [
        "epbuild.yaml", "show/show.yaml", "show/pipeline.yaml", "show/ep/episode.yaml", "show/ep/beats.yaml", "show/ep/script.fountain",
        "show/ep/episode.lock",
        ".epbuild/memo/show%ep", ".epbuild/trace/show%ep", ".epbuild/history.sqlite", "show/ep/upper/a.txt",
    ]

    /// One after the other, as each is a program of its own: beside all other tests they would only wait for each other.
    @Test func everyCommandComesToItsEnd() async throws {
        var dice = Dice(for: "everyCommandComesToItsEnd")
        let show = try SmallShow(Self.files)
        let episode = SmallShow.episode
        try await show.build().expect(.waiting)
        try show.write("mine\n", to: "\(episode)/upper/a.txt")
        try await show.build().expect(.waiting)
        for words in [["approve", episode, "joined"], ["clean", episode, "line/1"], ["pin", episode, "beat/1"]] {
            try await show.machine.run(words[0], words[1], words[2]).expect(0)
        }
        try await show.build().expect(.built)
        for file in Self.mutated where FileManager.default.fileExists(atPath: "\(show.machine.workspace)/\(file)") {
            let good = try show.machine.read(file)
            for _ in 0..<Self.rounds {
                let bytes = Mutation(of: good, using: &dice).bytes
                try show.machine.write(bytes, to: file)
                let words = try #require(Self.commands.randomElement(using: &dice))
                for words in [["build", episode], words] {
                    let command = ["timeout", "-s", "KILL", "300", Program.epbuild] + words
                    let outcome = try await Program.run(command, in: show.machine.workspace, environment: show.machine.environment())
                    #expect(
                        Self.statuses.contains(outcome.status),
                        "\(words) with \(file) as \(bytes.count) bytes:\n\(String(decoding: bytes.prefix(4000), as: UTF8.self))\n\(outcome)"
                    )
                }
            }
            try show.machine.write(good, to: file)
        }
        let last = try await show.machine.run("build", episode)
        #expect([0, 75].contains(last.status), "\(last)")
    }

    private static let commands: [[String]] = {
        let episode = SmallShow.episode
        return [
            ["plan", episode], ["plan", episode, "--json"], ["status", episode], ["status", episode, "--json"], ["why", episode, "upper"],
            ["inspect", episode, "joined"],
            ["takes", episode, "line/1"], ["graph", episode, "--items"], ["graph", episode, "--format", "json"], ["log", episode],
            ["log", "--stats", episode], ["cost", episode],
            ["script", episode], ["diff", episode, "upper"], ["clean", episode, "line"], ["use", episode, "line/1", "1"],
            ["pin", episode, "beat/2"], ["unpin", episode, "beat"],
            ["approve", episode, "joined"], ["rollback", episode], ["build", episode, "line/2"], ["build", "-n", episode], ["."],
            ["status", "."],
        ]
    }()
}

/// A file's bytes as an accident leaves them.
private struct Mutation {
    var bytes: [UInt8]

    init(of good: [UInt8], using dice: inout Dice) {
        bytes = good
        for _ in 0..<Int.random(in: 1...3, using: &dice) { change(using: &dice) }
    }

    private static let words = [
        "99999999999999999999", "-1", "1e300", "0x7fffffffffffffff", "9223372036854775807", "1.7976931348623157e308", "null", "~", "[]",
        "{}", "\"\"", "&a *a", "!!binary x", "{{", "}}",
        "{{#each show.characters as c}}", "../..", "/none/such", "\u{0}", "\u{FEFF}", "\u{202E}", "🦉", "e\u{301}", "\r", "\t", "%", "`",
        "|", ">", "#", ": ", "- ", "? ", "--- ", "...",
    ]

    private mutating func change(using dice: inout Dice) {
        guard !bytes.isEmpty else { return bytes = [UInt8](repeating: UInt8(ascii: "["), count: .random(in: 1...100_000, using: &dice)) }
        let place = Int.random(in: 0..<bytes.count, using: &dice)
        let end = min(bytes.count, place + Int.random(in: 1...64, using: &dice))
        switch Int.random(in: 0..<12, using: &dice) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: .random(in: 0...bytes.count, using: &dice))
        case 3: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
        case 4: for index in place..<end { bytes[index] = .random(in: 0...255, using: &dice) }
        case 5, 6: replaceWord(at: place, using: &dice)
        case 7: moveLine(at: place, using: &dice)
        case 8:
            bytes.insert(
                contentsOf: [UInt8](
                    repeating: ["[", "{", "(", "*", " ", "\n", "- ", "a: ", "(("].randomElement(using: &dice)!.utf8.first!,
                    count: .random(in: 1...20_000, using: &dice)), at: place)
        case 9: bytes = Array(bytes[place...] + bytes[..<place])
        case 10: bytes.insert(contentsOf: Self.words.randomElement(using: &dice)!.utf8, at: place)
        default: bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: .random(in: 1...2_000, using: &dice)), at: place)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte > 127 || byte == UInt8(ascii: "_") || Unicode.Scalar(byte).properties.isAlphabetic
            || Unicode.Scalar(byte).properties.numericType != nil
    }

    /// A word becomes one of the file's others, or one that nobody expects.
    private mutating func replaceWord(at place: Int, using dice: inout Dice) {
        let words = bytes.split { !Self.isWord($0) }
        let start = bytes[..<place].lastIndex { !Self.isWord($0) }.map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex { !Self.isWord($0) } ?? bytes.count
        let other =
            Bool.random(using: &dice)
            ? words.randomElement(using: &dice).map(Array.init) ?? [] : Array(Self.words.randomElement(using: &dice)!.utf8)
        bytes.replaceSubrange(min(start, end)..<end, with: other)
    }

    private mutating func moveLine(at place: Int, using dice: inout Dice) {
        let newLine = UInt8(ascii: "\n")
        let start = bytes[..<place].lastIndex(of: newLine).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(of: newLine).map { $0 + 1 } ?? bytes.count
        let line = Array(bytes[start..<end])
        bytes.removeSubrange(start..<end)
        let ends = bytes.indices.filter { bytes[$0] == newLine }.map { $0 + 1 } + [0]
        bytes.insert(contentsOf: line, at: ends.randomElement(using: &dice)!)
    }
}
