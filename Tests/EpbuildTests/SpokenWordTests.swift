import EpCore
import EpTesting
import FoundationEssentials
import Testing

@testable import EpProviders

/// When the words are heard that espeak-ng has spoken, by its library.
@Suite struct SpokenWordTests {
    private struct Word: Equatable {
        let text: String
        let start: Double
        let end: Double
    }

    /// Speaks a line with the program, and asks when its words are heard.
    /// - Parameter alter: changes the sound before that.
    private func words(
        _ text: String, _ voice: String, rate: Int, pitch: Int?, markup: String? = nil, alter: (inout Data) -> Void = { _ in }
    ) async throws -> (words: [Word], sound: Data) {
        let directory = "\(Temporary.directory)/epbuild-words-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        func file(_ name: String) -> URL { URL(filePath: "\(directory)/\(name)") }
        try Data(text.utf8).write(to: file("line.txt"))
        try Data("{\"voice\":\"\(voice)\",\"rate\":\(rate)\(pitch.map { ",\"pitch\":\($0)" } ?? "")}".utf8).write(to: file("voice.json"))
        if let markup { try Data(markup.utf8).write(to: file("line.ssml")) }
        let high = pitch.map { ["-p", "\($0)"] } ?? []
        let environment = ProcessInfo.processInfo.environment
        #expect(
            try await Program.run(
                ["espeak-ng", "-v", voice, "-s", "\(rate)"] + high
                    + ["-w", "line.wav", "-f"] + (markup == nil ? ["line.txt"] : ["line.ssml", "-m"]), in: directory,
                environment: environment
            ).status == 0)
        var sound = try Data(contentsOf: file("line.wav"))
        alter(&sound)
        try sound.write(to: file("line.wav"))
        let told = try await Program.run([Program.epbuild, "--tell-words"], in: directory, environment: environment)
        #expect(told.status == 0, "\(told)")
        let list = Value(json: Array(try Data(contentsOf: file("words.json"))))?.list ?? []
        return (list.compactMap { word in
            guard let text = word["word"]?.string, let start = word["start"]?.number, let end = word["end"]?.number else { return nil }
            return Word(text: text, start: start, end: end)
        }, sound)
    }

    private static let lines: [(text: String, voice: String, rate: Int, pitch: Int?)] = [
        ("Hello there, dear world. This is 42 things & more.", "en-gb", 160, nil),
        ("Die Bienen — „fliegen“ heim, bevor es Abend wird.", "de", 140, 60),
        ("The year 1984 was well-known; Dr. Smith's 3.5 kg e.g. didn't “go”.\nA second line… it is.", "en-us+f3", 200, 30),
        ("Привет мир, 12 раз", "ru", 160, nil),
        ("One [Pause] two", "gmw/en", 320, 99),
    ]

    /// The library says what the program says, sample by sample: else there were no words.
    @Test(arguments: 0..<lines.count) func theyAreToldForTheVerySameSound(_ number: Int) async throws {
        let line = Self.lines[number]
        let (words, sound) = try await words(line.text, line.voice, rate: line.rate, pitch: line.pitch)
        #expect(words.map(\.text) == line.text.split(whereSeparator: \.isWhitespace).map(String.init), "\(words)")
        let seconds = Double(sound.count - 44) / 44_100
        #expect(
            words.allSatisfy { 0 <= $0.start && $0.start <= $0.end && $0.end <= seconds + 0.001 }
                && zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start })
        #expect(words.count < 3 || words[words.count / 2].start > 0.1)
    }

    /// Between two sentences there is silence in the sound, and the words keep out of it.
    @Test func theyLieWhereTheSoundIs() async throws {
        let (words, sound) = try await words("Bananas. Apples. Cherries.", "en-gb", rate: 120, pitch: nil)
        try #require(words.count == 3)
        func loudness(_ start: Double, _ end: Double) -> Double {
            let samples = stride(from: 44 + Int(start * 22_050) * 2, to: min(sound.count - 1, 44 + Int(end * 22_050) * 2), by: 2).map {
                Int16(bitPattern: UInt16(sound[$0]) | UInt16(sound[$0 + 1]) << 8)
            }
            return samples.isEmpty ? 0 : samples.reduce(0) { $0 + abs(Double($1)) } / Double(samples.count)
        }
        for (word, next) in zip(words, words.dropFirst()) {
            #expect(loudness(word.start, word.end) > 500, "\(word)")
            #expect(next.start - word.end > 0.1 && loudness(word.end + 0.05, next.start - 0.02) < 50, "\(word) \(next)")
        }
    }

    /// A word that stands out is slower, and all words are told in their places.
    @Test func theyAreToldOfWordsThatStandOut() async throws {
        let text = "I said the big dog & no other.", voice = Voice([:], Manner("", [:]), usualName: "en-gb")
        let stressing = try #require(EspeakVoice().stressing(StressedText(text, stressed: [3]), voice))
        let speed = EspeakVoice().speed(of: voice)
        let plain = try await words(text, "en-gb", rate: speed, pitch: nil).words
        let stressed = try await words(text, "en-gb", rate: speed, pitch: nil, markup: stressing.file.text).words
        #expect(stressed.map(\.text) == plain.map(\.text) && plain.count == 8)
        #expect(stressed[3].end - stressed[3].start > plain[3].end - plain[3].start, "\(plain[3]) \(stressed[3])")
        #expect(zip(stressed, stressed.dropFirst()).allSatisfy { $0.end <= $1.start } && stressed.allSatisfy { $0.start < $0.end || $0.text == "&" })
    }

    /// What another voice has spoken has other times, which nobody knows.
    @Test func anotherSoundHasNone() async throws {
        #expect(try await words("Hello there.", "en-gb", rate: 160, pitch: nil) { $0[5000] ^= 1 }.words == [])
        #expect(try await words("Hello there.", "en-gb", rate: 160, pitch: nil) { $0.removeLast(2) }.words == [])
    }

    /// A stage that wants words has no line spoken anew, and its captions begin with their words.
    @Test func aStageThatWantsThemSpeaksNothingAnew() async throws {
        let pipeline = """
            stages:
              script: { source: script.fountain }
              speech: { tool: tts, each: script.lines }
              mixed: { tool: mix, from: [script, speech] }
              cover: { tool: cover }
              package: { tool: package, from: [mixed, script, cover] }

            """
        let line =
            "Bananas are yellow and long, and many people like them very much in the morning. Then there is a pause; after that, the apples are eaten, one by one, by all who came to see the garden."
        let show = try SmallShow([
            "show/show.yaml":
                "title: T\nauthor: A\nlanguage: en\ncharacters:\n- { name: ANN, voice: { provider: espeak, rate: 140 } }\n- { name: BOB, voice: { provider: flite } }\n",
            "show/pipeline.yaml": pipeline, "show/ep/episode.yaml": "number: 1\ntitle: Bees\ntopic: bees\n",
            "show/ep/script.fountain": "Title: T\n\n# One\n\nANN\n\(line)\n\nBOB\nYes.\n",
        ])
        let before = try await show.build()
        try before.expect(.built)
        let captions = try self.captions(show)
        try show.write(pipeline.replacing("each: script.lines }", with: "each: script.lines, words: true }"), to: "show/pipeline.yaml")
        let after = try await show.build()
        try after.expect(.built)
        let report = try after.report
        #expect(report.executed("speech") == 1, "the words of one line, and no line: \(report)")
        let timed = try self.captions(show)
        #expect(timed != captions && timed.count == captions.count, "\(captions) \(timed)")
        #expect(
            try await show.machine.run("plan", SmallShow.episode).errors.contains("flite does not tell when the words of BOB are heard"))
        try show.write(pipeline, to: "show/pipeline.yaml")
        try await show.build().expect(executed: 0)
        try show.write(pipeline.replacing("each: script.lines }", with: "each: script.lines, words: 7 }"), to: "show/pipeline.yaml")
        #expect(try await show.machine.run("build", SmallShow.episode).status == 65)
    }

    private func captions(_ show: SmallShow) throws -> [String] {
        let name = try #require(show.machine.files(below: "\(show.machine.workspace)/show/ep/out").first { $0.hasSuffix(".vtt") })
        return try show.machine.text("show/ep/out/\(name)").split(separator: "\n").filter { $0.contains(" --> ") }.map(String.init)
    }
}
