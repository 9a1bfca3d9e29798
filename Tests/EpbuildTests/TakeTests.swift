import FoundationEssentials
import Testing

/// Takes: another rendition on demand, and the earlier ones kept.
@Suite struct TakeTests {
    @Test func cleanMakesASecondTakeAndUseBringsBackTheFirst() async throws {
        let machine = try await Machine.withMoonBuilt()
        let first = try machine.outputs(of: Machine.moon)
        let lines = try await machine.build(Machine.moon).report.stages["audio_synthesis"]?.total ?? 0
        #expect(lines == 12)
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis").status == 0)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": lines])
        let takes = try await machine.run("takes", Machine.moon, "audio_synthesis/3")
        #expect(takes.output.contains("take 2  in use"), "\(takes)")
        #expect(try await machine.run("use", Machine.moon, "audio_synthesis", "1").status == 0)
        try await machine.build(Machine.moon).expect(executed: 0)
        #expect(try machine.outputs(of: Machine.moon) == first)
    }

    /// After the fact, too: that a person has asked for it is why it ran.
    @Test func whyTellsOfATakeThatWasAskedFor() async throws {
        let machine = try await Machine.withMoonBuilt()
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/3").status == 0)
        let before = try await machine.run("why", Machine.moon, "audio_synthesis/3")
        #expect(before.output.contains("  take\n    - 1\n    + 2\n"), "\(before)")
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        let after = try await machine.run("why", Machine.moon, "audio_synthesis/3")
        #expect(after.output.contains("because\n  take\n    - 1\n    + 2\n"), "\(after)")
    }

    /// A take belongs to an action: two lines that say the same in one voice have one, and whoever decides about one is told of the other.
    @Test func equalItemsAreToldOf() async throws {
        let machine = try Machine()
        for name in ["04-again", "05-again"] {
            try machine.write(machine.read("\(Machine.letters)/texts/02-noon.txt"), to: "\(Machine.letters)/texts/\(name).txt")
        }
        try await machine.build(Machine.letters).expect(.built)
        try await machine.run("clean", Machine.letters, "words/04-again.txt")
            .expect(0, says: "words: 2 other items are made by the same actions, and change with them (02-noon.txt, 05-again.txt)")
        try await machine.run("takes", Machine.letters, "words/05-again.txt", "words/02-noon.txt").expect(
            0, says: "have the same takes (02-noon.txt, 04-again.txt)")
        let json = try await machine.run("takes", Machine.letters, "words/05-again.txt", "--json")
        #expect(json.output.contains(#""alsoOf":["words/02-noon.txt","words/04-again.txt"]"#), "\(json)")
        machine.remove("\(Machine.letters)/texts/05-again.txt")
        try await machine.run("use", Machine.letters, "words/04-again.txt", "1").expect(
            0, says: "words/02-noon.txt: is made by the same action, and changes with it")
        let named = try await machine.run("clean", Machine.letters, "words/04-again.txt", "words/02-noon.txt")
        #expect(named.status == 0 && !named.output.contains("same action"), "who is named needs not be told of: \(named)")
        let alone = try await machine.run("clean", Machine.letters, "words/03-night.txt")
        #expect(alone.status == 0 && !alone.output.contains("same action"), "\(alone)")
    }

    @Test func cleanOfOneItemRunsOne() async throws {
        let machine = try await Machine.withMoonBuilt()
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/3").status == 0)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        try await machine.build(Machine.moon).expect(.upToDate, executed: 0)
    }

    @Test func aTakeThatWasNeverMadeIsAUsageError() async throws {
        let machine = try await Machine.withMoonBuilt()
        let outcome = try await machine.run("use", Machine.moon, "audio_synthesis/3", "2")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("has no take 2"), "\(outcome.errors)")
    }

    /// It is the name that is wrong, not that something else must be built first.
    @Test(arguments: ["clean", "takes", "use", "inspect", "diff"]) func aMisspeltTargetIsCorrected(_ command: String) async throws {
        let machine = try await Machine.withMoonBuilt()
        func run(_ target: String) async throws -> Program.Outcome {
            let more = ["use": ["1"], "diff": ["--takes", "1", "--takes", "2"]][command] ?? []
            return try await Program.run(
                [Program.epbuild, command, Machine.moon, target] + more, in: machine.workspace, environment: machine.environment())
        }
        try await run("audio_sythesis").expect(64, errors: "there is no stage \"audio_sythesis\"", "did you mean \"audio_synthesis\"?")
        try await run("audio_synthesis/99").expect(64, errors: "stage \"audio_synthesis\" has no item \"99\"", "did you mean \"9\"?")
        try await run("music/1").expect(64, errors: "stage \"music\" has no item \"1\"", "name the stage alone")
        try await run("sources").expect(64, errors: "sources is files of yours")
    }

    @Test func takesAreToldWithTheirStateAndCost() async throws {
        let machine = try await Machine.withMoonBuilt()
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/3").status == 0)
        let text = try await machine.run("takes", Machine.moon, "audio_synthesis/3")
        #expect(
            text.output.contains("audio_synthesis/3  PIP: \"Oliver! Come to the window…\"  take 1  $0.0000  eSpeak NG text-to-speech"),
            "\(text)")
        #expect(
            text.output.contains("audio_synthesis/3  PIP: \"Oliver! Come to the window…\"  take 2  in use  not in the local cache"),
            "\(text)")
        #expect(try await takes(machine) == [[true, false], [false, true]])
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        #expect(try await takes(machine) == [[true, false], [true, true]])
        let all = try await machine.run("takes", Machine.moon, "audio_synthesis", "--json")
        #expect(all.output.split(separator: "\n").count == 12, "one object a line of the script")
    }

    /// A take that is in the cache, and not in this copy of the lock, is never passed off as a new one.
    @Test func cleanPassesOverTakesOfOtherMachines() async throws {
        let machine = try await Machine.withMoonBuilt()
        for _ in 1...2 {
            #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/3").status == 0)
            try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        }
        machine.remove("\(Machine.moon)/episode.lock")
        #expect(try await takes(machine) == [[true, true], [true, false], [true, false]])
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/3").status == 0)
        #expect(try machine.text("\(Machine.moon)/episode.lock").contains("[4, 4, \"audio_synthesis/3\"]"))
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        // The others can be chosen as well.
        machine.remove("\(Machine.moon)/episode.lock")
        #expect(try await machine.run("use", Machine.moon, "audio_synthesis/3", "3").status == 0)
        try await machine.build(Machine.moon).expect(executed: 0)
    }

    /// Whether each take of a line is in the cache, and in use.
    private func takes(_ machine: Machine) async throws -> [[Bool]] {
        struct Answer: Decodable {
            struct Take: Decodable { let take: Int, inUse: Bool, cached: Bool, costUSD: Double? }
            let target: String, takes: [Take]
        }
        let outcome = try await machine.run("takes", Machine.moon, "audio_synthesis/3", "--json")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
        #expect(answer.target == "audio_synthesis/3" && answer.takes.map(\.take) == Array(1...answer.takes.count))
        for take in answer.takes { #expect((take.costUSD != nil) == take.cached) }
        return answer.takes.map { [$0.cached, $0.inUse] }
    }

    @Test func theLinesOfOneSpeakerAreMadeAnew() async throws {
        let machine = try await Machine.withMoonBuilt()
        let script = try await machine.run("script", "\(Machine.moon)/script.fountain")
        let clean = try await machine.run("clean", Machine.moon, "--speaker", "oliver")
        let lines = try #require(
            clean.output.firstMatch(of: #/^audio_synthesis: the next build makes a new take of (\d+) actions \(\d+, .*\)\n$/#)
        ).1
        let count = try #require(Int(lines))
        #expect(clean.status == 0 && count > 1 && count < 12, "\(clean) \(script.output)")
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": count])
        let wrong = try await machine.run("clean", Machine.moon, "--speaker", "olivia")
        #expect(wrong.status == 64 && wrong.errors.contains("OLIVER"), "\(wrong)")
    }

    @Test func aStageAndAllThatReadsItAreMadeAnew() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        #expect(try await machine.run("clean", Machine.letters, "--from", "counts").status == 0)
        try await machine.build(Machine.letters).expect(.built, executed: 4, ["words": 0, "counts": 3, "totals": 0, "report": 1])
        #expect(try await machine.run("clean", Machine.letters, "--from", "count").status == 64)
        #expect(try await machine.run("clean", Machine.letters, "--from", "counts", "--failed").status == 64)
    }

    @Test func whatFailedIsMadeAnew() async throws {
        let machine = try Machine()
        let none = try await machine.run("clean", Machine.letters, "--failed")
        #expect(none.status == 64 && none.errors.contains("nothing has failed"), "\(none)")
        try machine.replace("wc -l < words.txt > total.txt", with: "exit 3", in: "letters/pipeline.yaml")
        #expect(try await machine.run(Machine.letters, "-k").status == 1)
        let clean = try await machine.run("clean", Machine.letters, "--failed")
        #expect(clean.status == 0)
        #expect(
            clean.output.contains("totals: the next build makes a new take of 3 actions (01-morning.txt, 02-noon.txt, 03-night.txt)"),
            "\(clean)")
    }

    @Test func severalTakesAreMadeToChooseFrom() async throws {
        let machine = try await Machine.withMoonBuilt()
        let before = try machine.outputs(of: Machine.moon)
        let made = try await machine.run("build", "--takes", "3", Machine.moon, "audio_synthesis/3")
        #expect(made.status == 0 && made.output.contains("takes 1 to 3 are there (2 actions executed)"), "\(made)")
        // What is in use has not changed.
        try await machine.build(Machine.moon).expect(executed: 0)
        #expect(try machine.outputs(of: Machine.moon) == before)
        let takes = try await machine.run("takes", Machine.moon, "audio_synthesis/3")
        #expect(takes.output.split(separator: "\n").count == 3 && !takes.output.contains("not in the local cache"), "\(takes)")
        #expect(try await machine.run("use", Machine.moon, "audio_synthesis/3", "3").status == 0)
        try await machine.build(Machine.moon).expect(nil, ["audio_synthesis": 0])
        let diff = try await machine.run("diff", Machine.moon, "audio_synthesis/3", "--takes", "1", "3")
        #expect(diff.status == 0 && diff.output.contains("line.wav"), "\(diff)")
        #expect(try await machine.run("build", Machine.moon, "--takes", "3").status == 64)
    }
}
