import FoundationEssentials
import Testing

/// What a script asks of the mix, how fast it is spoken, and how words are said: as a listener gets it.
@Suite struct DirectedMixTests {
    private let machine: Machine
    private static let script = "\(Machine.own)/script.fountain"

    init() throws { machine = try Machine() }

    private static let stages = """
          script: { source: script.fountain }
          speech: { tool: tts, each: script.lines }
          effects: { tool: synth, names: [ding] }
          mixed: { tool: mix, from: [script, speech, effects] }
          package: { tool: package, from: [mixed, script] }
        """
    private static let cast = """
        title: S
        language: en
        characters:
          - { name: JUN, voice: { provider: espeak, voice: en-gb, rate: 140 } }
          - { name: MIRA, voice: { provider: espeak, voice: en+f3, rate: 140 } }

        """

    private func make(_ script: String, show: String = cast) throws {
        try machine.ownShow(Self.stages, show: show, episode: "title: Talk\nnumber: 1\n", files: ["script.fountain": script])
    }

    private struct Spoken: Decodable {
        struct Segment: Decodable {
            let speaker: String
            let startTime: Double
            let endTime: Double
            let body: String
        }
        let segments: [Segment]
    }

    private func spoken() throws -> [Spoken.Segment] {
        try JSONDecoder().decode(Spoken.self, from: Data(machine.read("\(Machine.own)/out/001-talk.transcript.json"))).segments
    }

    // MARK: directions

    @Test func aPauseIsExactAndSpeaksNothingAnew() async throws {
        try make("JUN\nWhat is in the box? [[pause 2s]] A bell.\n\nMIRA\nLet me see it.\n")
        try await machine.build(Machine.own).expect(.built, ["speech": 3])
        let first = try spoken()
        #expect(first.map(\.body) == ["What is in the box?", "A bell.", "Let me see it."])
        #expect(abs(first[1].startTime - first[0].endTime - 2) < 0.0015)
        try machine.edit(Self.script) { $0.replacing("2s", with: "3250 ms") }
        try await machine.build(Machine.own).expect(.built, ["speech": 0])
        let second = try spoken()
        #expect(abs(second[1].startTime - second[0].endTime - 3.25) < 0.0015)
        // A sound on a word neither speaks anything anew nor moves it.
        try machine.edit(Self.script) { $0.replacing("A bell.", with: "A [[sfx: ding]] bell.") }
        try await machine.build(Machine.own).expect(.built, ["speech": 0])
        #expect(try spoken().map(\.startTime) == second.map(\.startTime))
    }

    @Test(arguments: [
        ("JUN\nA [[sfx: dign]] bell.\n", "script.fountain:2:3: error: there is no effect \"dign\"", "did you mean \"ding\"?"),
        (
            "JUN\nA bell.\nOne <break time=\"1s\"/> two.\n", "script.fountain:3:5: error: \"<break time=\"1s\"/>\" is SSML",
            "write [[pause 1s]] in its place"
        ),
    ])
    func whatCannotBeDirectedIsAnError(_ script: String, _ says: String, _ remedy: String) async throws {
        try make(script)
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says) && outcome.errors.contains(remedy), "\(outcome)")
    }

    @Test func whatIsNearlyADirectionIsToldOf() async throws {
        try make("JUN\nA bell. [[puase 2s]] It rings.\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(
            outcome.status == 0 && outcome.errors.contains("script.fountain:2:9: warning: ")
                && outcome.errors.contains("did you mean [[pause 2s]]?"), "\(outcome)")
        try await machine.run("script", Self.script).expect(0, errors: "did you mean [[pause 2s]]?")
    }

    // MARK: how words are said

    @Test func aWordIsSaidOtherwiseWhereItIsSaid() async throws {
        try make("JUN\nThis is Charon.\n\nMIRA\nAnd this is Pluto.\n\nMIRA\nCharon's face is grey.\n")
        try await machine.build(Machine.own).expect(.built, ["speech": 3])
        let show = Machine.own.split(separator: "/")[0]
        try machine.edit("\(show)/show.yaml") {
            $0 + "lexicon:\n  Charon: { say: Kyron, voices: { JUN: Kairon }, languages: { de: Scharon } }\n"
        }
        try await machine.build(Machine.own).expect(.built, ["speech": 2])
        #expect(try spoken().map(\.body) == ["This is Charon.", "And this is Pluto.", "Charon's face is grey."])
        // Only the voices that are meant are given other letters.
        try machine.edit("\(show)/show.yaml") { $0.replacing("JUN: Kairon", with: "JUN: Karon") }
        try await machine.build(Machine.own).expect(.built, ["speech": 1])
        try machine.edit("\(show)/show.yaml") { $0.replacing("de: Scharon", with: "de: Karon") }
        try await machine.build(Machine.own).expect(nil, ["speech": 0])
    }

    @Test(arguments: [
        ("Charon: { sya: Kyron }", ":7:13: error: \"Charon\" of the lexicon has an unknown key `sya`", "did you mean \"say\"?"),
        (
            "Charon: { voices: { espaek: Kyron } }", ":7:23: error: `voices` of \"Charon\" of the lexicon has an unknown key `espaek`",
            "did you mean \"espeak\"?"
        ),
        ("Charon: { languages: { german: Kyron } }", ":7:26: error: ", "write a code such as `de` or `en-GB`"),
        ("Charon: [Kyron]", ":7:11: error: \"Charon\" of the lexicon must be a mapping", ""),
        ("Charon: \"\"", ":7:11: error: the lexicon does not say how \"Charon\" is said", ""),
    ])
    func aLexiconIsChecked(_ entry: String, _ says: String, _ remedy: String) async throws {
        try make("JUN\nCharon.\n", show: Self.cast + "lexicon:\n  \(entry)\n")
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 65 && outcome.errors.contains(says) && outcome.errors.contains(remedy), "\(outcome)")
    }

    // MARK: how fast it is said

    /// Words a minute, as they come out.
    @Test func aRateIsWhatAListenerCounts() async throws {
        let said = [
            "Somebody has taken a bite out of the Moon, and I want to know who it was.",
            "The Moon is a very big ball of rock, far too hard for anybody's teeth.",
            "Your tail does not shine, that is why. You only see it when some light falls on it.",
            "Hold the ball out in front of you, a little higher than your head.",
            // Long words, and numbers in figures, of which there are fewer in a minute.
            "Deep inside, hydrogen is pressed together until it turns into helium.",
            "Tiny particles that stream away from the Sun all the time, in every direction.",
            "William Herschel, in the year 1781. He was a musician who built telescopes.",
            "At 900 kilometres an hour it would need 17 hours, without a stop on the way.",
        ]
        let voices = [
            ("SLOW", "espeak, voice: en-gb", 125), ("QUICK", "espeak, voice: en-gb", 190),
            ("SCOT", "espeak, voice: en-gb-scotland", 140), ("SLT", "flite, voice: slt", 130), ("RMS", "flite, voice: rms", 180),
        ]
        let cast = voices.map { "  - { name: \($0.0), voice: { provider: \($0.1), rate: \($0.2) } }\n" }.joined()
        try make(voices.flatMap { voice in said.map { "\(voice.0)\n\($0)\n\n" } }.joined(), show: "title: S\ncharacters:\n\(cast)")
        try await machine.build(Machine.own).expect(.built)
        let heard = try spoken()
        for (name, _, rate) in voices {
            let own = heard.filter { $0.speaker.uppercased() == name }
            // A caption after another of the same line begins where that ends; a line keeps 0.08 s of silence.
            let lines = own.indices.filter { $0 == 0 || own[$0].startTime != own[$0 - 1].endTime }.count
            let seconds = own.reduce(0) { $0 + $1.endTime - $1.startTime } - 0.08 * Double(lines)
            let words = Double(own.reduce(0) { $0 + $1.body.split(separator: " ").count })
            #expect(abs(words / seconds * 60 / Double(rate) - 1) < 0.1, "\(name): \(words / seconds * 60) for \(rate)")
        }
    }
}
