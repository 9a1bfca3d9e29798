import FoundationEssentials
import Testing

/// Who speaks, what is said, and what the documents say of it.
@Suite struct VoiceTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    private static let stages = """
          talk: { source: talk.yaml }
          speech: { tool: tts, each: talk.turns, deliver: true }
        """

    private func speak(_ lines: [String], voice: String) async throws -> Program.Outcome {
        let turns = lines.map { "  - { speaker: JUN, text: \"\($0)\" }\n" }.joined()
        try machine.ownShow(
            Self.stages, show: "title: S\ncharacters:\n  - { name: JUN, voice: { \(voice) } }\n", files: ["talk.yaml": "turns:\n\(turns)"])
        return try await machine.run("build", Machine.own)
    }

    private func sound(_ item: Int) throws -> [UInt8] { try machine.read("\(Machine.own)/out/speech/\(item)/line.wav") }

    @Test(arguments: ["...", "🎉🎉", "—"], ["provider: espeak, voice: en-gb", "provider: flite, voice: slt"])
    func aLineWithoutAWordIsAMistake(_ text: String, _ voice: String) async throws {
        let outcome = try await speak(["Two words.", text], voice: voice)
        #expect(
            outcome.status == 65 && outcome.errors.contains("talk.yaml:3:5: error: nothing in this line of JUN can be spoken"), "\(outcome)"
        )
    }

    @Test func whatFliteWouldLeaveOutIsAMistake() async throws {
        let outcome = try await speak(["Zoë saw Привет there."], voice: "provider: flite, voice: slt")
        #expect(outcome.status == 65 && outcome.errors.contains("talk.yaml:2:5: error: flite cannot speak \"Привет\""), "\(outcome)")
        #expect(outcome.errors.contains("give JUN another voice"), "\(outcome)")
    }

    @Test func fliteSpeaksLettersWithMarks() async throws {
        let outcome = try await speak(["Zoë saw it.", "Zoe saw it.", "Zo saw it."], voice: "provider: flite, voice: slt")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try sound(1) == sound(2) && sound(1) != sound(3))
    }

    @Test func bracketsAreNoPhonemes() async throws {
        let outcome = try await speak(["Hi [[ there, my old friend.", "Hi there, my old friend."], voice: "provider: espeak, voice: en-gb")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try Double(sound(1).count) > 0.95 * Double(sound(2).count))
    }

    @Test(arguments: [
        (
            "provider: espeak, voice: en-gbb", "show.yaml:3:52: error: espeak-ng has no voice \"en-gbb\", with which JUN is to speak",
            "did you mean \"en-gb\"?"
        ),
        ("provider: espeak, voice: en+f33", "show.yaml:3:52: error: espeak-ng has no voice \"+f33\"", "did you mean \"f3\"?"),
        ("provider: flite, voice: slp", "show.yaml:3:51: error: flite has no voice \"slp\"", "did you mean \"slt\"?"),
        ("provider: flit, voice: slt", "show.yaml:3:37: error: there is no kind of voice \"flit\"", "did you mean \"flite\"?"),
    ])
    func aVoiceThatIsNotThereIsNamedWhereItIsWritten(_ voice: String, _ says: String, _ remedy: String) async throws {
        let outcome = try await speak(["Hello."], voice: voice)
        #expect(outcome.status == 65 && outcome.errors.contains(says) && outcome.errors.contains(remedy), "\(outcome)")
    }

    /// By espeak-ng it is said otherwise, and heard where it stands; flite says that it cannot, once.
    @Test func wordsWithEmphasisStandOut() async throws {
        func build(_ voice: String, _ script: String) async throws -> (said: String, sounds: [[UInt8]]) {
            try machine.ownShow(
                "  script: { source: script.fountain }\n  speech: { tool: tts, each: script.lines, words: true, deliver: true }",
                show: "title: S\ncharacters:\n  - { name: JUN, voice: { \(voice) } }\n", files: ["script.fountain": script])
            let outcome = try await machine.run("build", Machine.own)
            #expect(outcome.status == 0, "\(outcome)")
            return (outcome.errors, try [1, 2, 3].map(sound))
        }
        let script = "JUN\nThe *big & old* dog <3.\n\nJUN\nThe big & old dog <3.\n\nJUN\n**The big & old dog <3.**\n"
        let espeak = try await build("provider: espeak", script)
        #expect(espeak.sounds[0].count > espeak.sounds[1].count && espeak.sounds[1] == espeak.sounds[2])
        #expect(!espeak.said.contains("stand out"))
        let words = try machine.text("\(Machine.own)/out/speech/1/words.json")
        #expect(words.contains(#""word":"big""#) && words.contains(#""word":"&""#), "\(words)")
        let flite = try await build("provider: flite", script + "\nJUN\nAn *old* cat.\n")
        #expect(flite.sounds[0] == flite.sounds[1])
        #expect(
            flite.said.components(separatedBy: "flite cannot make words stand out: \"big & old\"").count == 2
                && flite.said.components(separatedBy: "stand out").count == 2, "\(flite.said)")
    }

    /// A program that is told neither has one pitch and one speed; that is said once, and not of one that is told.
    @Test(arguments: [("", ["another pitch or another speed"]), (" -s {rate}", ["another pitch"]), (" -s {rate} -p {pitch}", [])])
    func whatDeliveryAsksForAndAProgramIsNotToldIsSaid(_ options: String, _ cannot: [String]) async throws {
        try machine.ownShow(
            "  script: { source: script.fountain }\n  speech: { tool: tts, each: script.lines }",
            show: "title: S\ncharacters:\n  - { name: JUN, voice: { provider: own } }\ndelivery:\n  excited: { rate: 10, pitch: 10 }\n",
            files: ["script.fountain": "JUN\n(excited)\nYes.\n\nJUN\nNo.\n\nJUN\n(excited)\nGo.\n"])
        try machine.edit("epbuild.yaml") { _ in
            "providers: { own: { tool: tts, use: program, run: [sh, -c, \"espeak-ng\(options) -f line.txt -w line.wav\"], "
                + "version: [sh, -c, \"echo 1\"] } }\n"
        }
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.ranges(of: "has no voice of").count == cannot.count, "\(outcome.errors)")
        for what in cannot { #expect(outcome.errors.contains("script.fountain:1:1: warning: program has no voice of \(what): what `delivery`")) }
    }

    // MARK: what the documents say

    /// - Returns: the notes, and what the build has said.
    private func podcast(_ voice: String, speech: String, providers: String = "") async throws -> (notes: String, said: String) {
        try machine.ownShow("""
              script: { source: script.fountain }
            \(speech)
              mixed: { tool: mix, from: [script, speech] }
              package: { tool: package, from: [mixed, script] }
            """, show: "title: S\ncharacters:\n  - { name: JUN\(voice) }\n  - { name: MIRA, voice: { provider: flite, voice: rms } }\n",
            episode: "title: Talk\nnumber: 1\n",
            files: ["script.fountain": "JUN\nHello there.\n\nMIRA\nHello to you.\n"])
        if !providers.isEmpty { try machine.edit("epbuild.yaml") { _ in providers } }
        let outcome = try await machine.run("build", Machine.own)
        #expect(outcome.status == 0, "\(outcome)")
        for document in ["html", "vtt"] {
            #expect(
                try machine.text("\(Machine.own)/out/001-talk.\(document)").contains("is synthetic")
                    || machine.text("\(Machine.own)/out/001-talk.\(document)").contains("are synthetic"))
        }
        return (try machine.text("\(Machine.own)/out/001-talk.notes.md"), outcome.errors)
    }

    /// A voice of MBROLA, whose data are not there, fails when it is to speak.
    @Test func whoSpeaksForAnotherIsNamed() async throws {
        let (notes, said) = try await podcast(
            ", voice: { provider: first, voice: mb-en1, rate: 150 }", speech: "  speech: { tool: tts, each: script.lines }",
            providers: "providers: { first: { tool: tts, use: espeak, fallback: [second] }, second: { tool: tts, use: flite } }\n")
        #expect(notes.contains("Jun (flite, slt)"), "\(notes)")
        #expect(
            said.components(separatedBy: "first fails (espeak-ng failed with status").count == 2
                && said.contains("): second serves in its place"), "\(said)")
        // Not only the notes: every document that says how the episode was made, and whoever is asked.
        for name in machine.files(below: "\(machine.workspace)/\(Machine.own)/out")
        where ["html", "vtt", "md", "xml", "json", "srt", "txt"].contains(name.split(separator: ".").last ?? "") {
            let text = try machine.text("\(Machine.own)/out/\(name)")
            if text.contains("synthetic") { #expect(text.contains("flite") && !text.contains("espeak"), "\(name): \(text.prefix(400))") }
        }
        for _ in 0..<2 {
            let status = try await machine.run("status", Machine.own)
            let isNamed = status.output.firstMatch(of: /speech: 1 action by .*flite.*, in place of first/) != nil
            #expect(isNamed, "\(status)")
            machine.remove(".epbuild/memo")
        }
        #expect(
            try await machine.run("status", Machine.own, "--json").output.contains(
                #""fallbacks":[{"stage":"speech","asked":"first","servedBy":""#))
        #expect(try await machine.run("takes", Machine.own, "speech/1").output.contains("flite"))
        let log = try await machine.run("inspect", Machine.own, "speech/1")
        #expect(log.output.contains("flite") && !log.output.contains("espeak"), "\(log.output)")
    }

    @Test func aPauseIsNamed() async throws {
        _ = try await podcast("", speech: "  speech: { tool: tts, each: script.lines }")
        try machine.edit("\(Machine.own)/script.fountain") { $0 + "\nJUN\nOne more.\n" }
        try machine.write([], to: ".epbuild/pause")
        let paused = try await machine.run("build", Machine.own)
        #expect(paused.status == 75 && paused.errors.contains("are paused, as there is a file .epbuild/pause"), "\(paused)")
        #expect(paused.errors.contains("delete that file") && paused.output.contains("paused after"), "\(paused)")
        let json = try await machine.run("build", Machine.own, "--json")
        #expect(json.status == 75 && json.output.contains("\"outcome\":\"paused\"") && json.output.contains("EP0204"), "\(json)")
        machine.remove(".epbuild/pause")
        #expect(try await machine.run("build", Machine.own).status == 0)
    }

    @Test func theVoiceOfTheWorkspaceIsNamed() async throws {
        let (notes, _) = try await podcast(
            "", speech: "  speech: { tool: tts, each: script.lines }", providers: "providers: { v: { tool: tts, use: flite } }\n")
        #expect(notes.contains("The voices of Jun (flite, slt) and Mira (flite, rms) are synthetic"), "\(notes)")
    }

    @Test func theVoiceOfTheStagesOwnProviderIsNamed() async throws {
        let (notes, _) = try await podcast(
            "", speech: "  speech: { tool: tts, provider: second, each: script.lines }",
            providers: "providers: { first: { tool: tts, use: espeak }, second: { tool: tts, use: flite } }\n")
        #expect(notes.contains("Jun (flite, slt)"), "\(notes)")
    }

    @Test func aProgramOfThePersonsIsNamed() async throws {
        let speech = """
              speech: { tool: command, each: script.lines, run: [sh, -c, "espeak-ng -w line.wav -f in"], version: [espeak-ng, --version], inputs: { in: item.text }, outputs: [line.wav] }
            """
        let (notes, _) = try await podcast(", voice: { provider: flite }", speech: speech)
        #expect(notes.contains("The voices of Jun (espeak-ng) and Mira (espeak-ng) are synthetic"), "\(notes)")
    }
}
