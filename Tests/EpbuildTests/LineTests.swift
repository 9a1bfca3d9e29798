import EpCore
import EpPlan
import FoundationEssentials
import Glibc
import Testing

/// Lines as a person knows them: who says what, where it is written, when it is heard.
@Suite struct LineTests {
    /// The line of the script at which a text stands, from 1.
    private static func line(of text: String, in machine: Machine) throws -> Int {
        let lines = try machine.text("\(Machine.moon)/script.fountain").components(separatedBy: "\n")
        return try #require(lines.firstIndex { $0.contains(text) }) + 1
    }

    @Test func linesTellWhoSaysWhatWhereAndWhen() async throws {
        let machine = try await Machine.withMoonBuilt()
        let shown = try await machine.run("lines", Machine.moon)
        let lines = shown.output.split(separator: "\n")
        #expect(shown.status == 0 && lines.count == 12, "\(shown)")
        #expect(lines.allSatisfy { $0.contains("script.fountain:") }, "\(shown)")
        let values = try await machine.run("lines", Machine.moon, "--json").values()
        #expect(values.count == 12)
        let starts = values.compactMap { $0["start"]?.number }
        #expect(starts.count == 12 && starts == starts.sorted() && (starts.first ?? 0) > 1, "the intro is heard first: \(starts)")
        #expect(values.map { $0["target"]?.string } == (1...12).map { "audio_synthesis/\($0)" })
        let third = try #require(values.first { $0["words"]?.string?.hasPrefix("Oliver! Come to the window") == true })
        #expect(third["speaker"] == "PIP" && third["delivery"] == "excited" && third["state"] == "up to date")
    }

    @Test func aLineIsNamedByItsPlace() async throws {
        let machine = try await Machine.withMoonBuilt()
        let line = try Self.line(of: "Oliver! Come to the window", in: machine)
        for number in [line - 2, line - 1, line] {
            try await machine.run("takes", Machine.moon, "script.fountain:\(number)").expect(
                0, says: "audio_synthesis/3  PIP: \"Oliver! Come to the window")
        }
        try await machine.run("takes", "\(Machine.moon)/script.fountain:\(line)").expect(0, says: "audio_synthesis/3")
        let cue = try Self.line(of: "SFX: footsteps", in: machine)
        let nothing = try await machine.run("takes", Machine.moon, "script.fountain:\(cue)")
        #expect(nothing.status == 64 && nothing.errors.contains("nothing is made of script.fountain:\(cue)"), "\(nothing)")
        #expect(nothing.errors.contains("the nearest is script.fountain:\(line - 2), PIP: "), "\(nothing)")
        try await machine.run("clean", Machine.moon, "script.fountain:\(line)").expect(
            0, says: "audio_synthesis/3: the next build makes a new take")
        try await machine.build(Machine.moon, "script.fountain:\(line)").expect(.built, ["audio_synthesis": 1])
    }

    /// Inside an episode nobody has to say where.
    @Test func insideAnEpisodeThePathMayBeLeftOut() async throws {
        let machine = try await Machine.withMoonBuilt()
        func run(_ words: String...) async throws -> Program.Outcome {
            try await Program.run([Program.epbuild] + words, in: "\(machine.workspace)/\(Machine.moon)", environment: machine.environment())
        }
        try await run("takes", "audio_synthesis/3").expect(0, says: "audio_synthesis/3")
        try await run("takes", "script.fountain:25").expect(0, says: "audio_synthesis/3")
        #expect(try await run("lines").output.split(separator: "\n").count == 12)
        try await run("status").expect(0, says: "up to date")
        try await run().expect(0, says: "up to date")
        let wrong = try await run("audio_syntesis")
        #expect(wrong.status == 64 || wrong.status == 65, "\(wrong)")
        #expect(wrong.errors.contains("did you mean \"audio_synthesis\"?"), "\(wrong)")
    }

    /// A pause and a removed line change no voice: what is heard differently is told in lines and seconds.
    @Test func aPlanOfAnotherMixIsToldInLinesAndSeconds() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.replace(
            "PIP\n(excited)\nOliver!", with: "[[pause 2.5s]]\n\nPIP\n(excited)\nOliver!", in: "\(Machine.moon)/script.fountain")
        let plan = try await machine.run("plan", Machine.moon)
        #expect(plan.output.contains("heard:") && plan.output.contains("s PIP: \"Oliver! Come to the window"), "\(plan)")
        #expect(!plan.output.contains("window.json") && !plan.output.contains("timeline.json") && !plan.output.contains("{"), "\(plan)")
        try await machine.build(Machine.moon).expect(.built)
        try await machine.run("skip", Machine.moon, "audio_synthesis/3").expect(0)
        let skipped = try await machine.run("plan", Machine.moon)
        #expect(skipped.output.contains("heard:") && skipped.output.contains("said:") && !skipped.output.contains(".json"), "\(skipped)")
    }

    @Test func aFileOfAnEpisodeStandsForIt() async throws {
        let machine = try await Machine.withMoonBuilt()
        try await machine.run("status", "\(Machine.moon)/script.fountain").expect(0, says: "up to date")
    }

    @Test(arguments: [
        (["biuld", Machine.moon], "did you mean `epbuild build`?"), (["olivers-workshop/ep002"], "did you mean \(Machine.moon)?"),
        (["status", "olivers-workshop/ep00"], "write one of them in full"),
        (["status", "olivers-workshp"], "did you mean olivers-workshop?"),
        (["help", "biuld"], "did you mean `epbuild help build`?"),
    ])
    func aWordThatIsNearlyRight(_ words: [String], _ remedy: String) async throws {
        let machine = try Machine()
        let outcome = try await Program.run([Program.epbuild] + words, in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == 64 && outcome.errors.contains(remedy), "\(outcome)")
    }

    /// An inserted line is new; the lines behind it are the ones that they were.
    @Test func planTellsOfAnInsertedLine() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.replace("PIP\n(excited)", with: "PIP\nIs anybody at home?\n\nPIP\n(excited)", in: "\(Machine.moon)/script.fountain")
        let plan = try await machine.run("plan", Machine.moon)
        #expect(plan.output.contains("audio_synthesis/3  PIP: \"Is anybody at home?\" (script.fountain:"), "\(plan)")
        #expect(plan.output.contains("never built"), "\(plan)")
        let built = try await machine.run("build", Machine.moon)
        #expect(built.output.contains("  new at ") && built.output.contains("PIP: \"Is anybody at home?\" (script.fountain:"), "\(built)")
    }

    @Test func aLineIsPlayedAndSaved() async throws {
        let machine = try await Machine.withMoonBuilt()
        let wav = "\(machine.directory)/line.wav"
        try await machine.run("play", Machine.moon, "audio_synthesis/3", "--save", wav).expect(0, says: "line.wav")
        let saved = try Data(contentsOf: URL(filePath: wav))
        #expect(saved.prefix(4) == Data("RIFF".utf8))
        // A player that keeps what it was given.
        let heard = "\(machine.directory)/heard"
        try machine.write(Array("#!/bin/sh\ncat \"$2\" >> \"$1\"\n".utf8), to: "player")
        chmod("\(machine.workspace)/player", 0o755)
        let player = ["EPBUILD_PLAYER": "\(machine.workspace)/player \(heard)"]
        try await machine.run("play", Machine.moon, "audio_synthesis/3", environment: player).expect(0, errors: "PIP: \"Oliver!")
        #expect(try Data(contentsOf: URL(filePath: heard)) == saved)
        try FileManager.default.removeItem(atPath: heard)
        try await machine.run("play", Machine.moon, environment: player).expect(0, errors: ".mp3")
        #expect(try Data(contentsOf: URL(filePath: heard)).count > saved.count)
        let wrong = try await machine.run("play", Machine.moon, "audio_synthesis/3", "--take", "2")
        #expect(wrong.status == 64 && wrong.errors.contains("has no take 2"), "\(wrong)")
        let text = try await machine.run("play", Machine.moon, "script_generation", environment: player)
        #expect(text.status == 64, "\(text)")
        let failing = try await machine.run("play", Machine.moon, "audio_synthesis/3", environment: ["EPBUILD_PLAYER": "false"])
        #expect(failing.status == 1 && failing.errors.contains("false ended with status 1"), "\(failing)")
    }

    /// Lines with one take each are counted; the one that has two is shown.
    @Test func takesOfAStageAreAFewLines() async throws {
        let machine = try await Machine.withMoonBuilt()
        try await machine.run("clean", Machine.moon, "audio_synthesis/5").expect(0, says: "a new take")
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        let takes = try await machine.run("takes", Machine.moon, "audio_synthesis")
        let lines = takes.output.split(separator: "\n")
        #expect(lines.count == 3 && lines[1].contains("take 2  in use"), "\(takes)")
        #expect(lines[2].hasPrefix("audio_synthesis: 11 actions with one take each, all here"), "\(takes)")
    }
}

extension Program.Outcome {
    /// One JSON object a line.
    fileprivate func values() -> [Value] {
        output.split(separator: "\n").compactMap { try? Node(parsing: Array($0.utf8), file: "lines").value }
    }
}
