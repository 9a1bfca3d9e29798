import FoundationEssentials
import Subprocess
import Testing

/// Builds that are ended at any instant, and builds that run side by side.
@Suite struct CrashTests {
    /// How many builds are killed: `EPBUILD_TEST_KILLS`, else so many.
    private static func kills(_ usual: Int) -> Int {
        ProcessInfo.processInfo.environment["EPBUILD_TEST_KILLS"].flatMap { Int($0) } ?? usual
    }

    @Test func lettersKilledAtAnyInstant() async throws {
        try await expectNothingLost(Machine.letters, kills: Self.kills(20), "lettersKilledAtAnyInstant")
    }

    @Test func aPodcastKilledAtAnyInstant() async throws {
        try await expectNothingLost(Machine.moon, kills: Self.kills(6), "aPodcastKilledAtAnyInstant")
    }

    /// Kills builds of a fresh clone, each at another instant, and builds again: what had been stored is not run again, and
    /// the finished files are those of an undisturbed build.
    private func expectNothingLost(_ episode: String, kills: Int, _ name: String) async throws {
        var dice = Dice(for: name)
        let undisturbed = try Machine()
        let clock = ContinuousClock()
        var expected: Report?
        // From the start of the process on, as the kill is timed.
        var took = try await clock.measure { expected = try await undisturbed.build(episode).expect(.built).report }
        let total = try #require(expected).actions.total
        let outputs = try undisturbed.outputs(of: episode)
        var (round, hits, midway) = (0, 0, 0)
        while hits < kills, round < kills * 2 {
            round += 1
            let machine = try Machine()
            let delay = Double.random(in: 0...0.95, using: &dice) * (took / .seconds(1))
            var isHit = false
            let ran = try await clock.measure { isHit = try await kill(machine, episode, after: delay) }
            // Too late: this machine is less busy than it was. Another round makes up for it.
            if isHit { hits += 1 } else { took = min(took, ran) }
            let stored = machine.storedResults
            if stored > 0, stored < total { midway += 1 }
            let report = try await machine.build(episode).expect().report
            #expect(report.actions.executed <= max(0, total - stored), "round \(round), killed after \(delay) s: what was stored ran again")
            #expect(try machine.outputs(of: episode) == outputs, "round \(round), killed after \(delay) s")
            let trimming = try await machine.run("cache", "gc", "--now")
            #expect(trimming.status == 0, "\(trimming)")
            #expect(machine.files(below: "\(machine.cache)/tmp") == [], "round \(round), killed after \(delay) s")
            try await machine.build(episode).expect(executed: 0)
        }
        print(
            "\(name): \(hits) of \(round) builds killed before their end, \(midway) with some results stored and some not; undisturbed \(took)"
        )
        #expect(hits * 4 > round, "most builds had ended before they were killed")
    }

    /// The same episode, killed again and again until it is finished.
    @Test func aPodcastKilledOverAndOver() async throws {
        var dice = Dice(for: "aPodcastKilledOverAndOver")
        let undisturbed = try await Machine.withMoonBuilt()
        let disturbed = try Machine(copying: undisturbed)
        for machine in [undisturbed, disturbed] {
            try machine.edit("\(Machine.moon)/script.fountain") { $0.replacing("the", with: "this") }
        }
        for _ in 1...6 { _ = try await kill(disturbed, Machine.moon, after: .random(in: 0...0.8, using: &dice)) }
        for machine in [undisturbed, disturbed] { try await machine.build(Machine.moon).expect() }
        #expect(try disturbed.outputs(of: Machine.moon) == undisturbed.outputs(of: Machine.moon))
    }

    /// - Returns: true if the build had not ended before.
    private func kill(_ machine: Machine, _ episode: String, after seconds: Double) async throws -> Bool {
        let outcome = try await signalled("KILL", machine, ["build", episode], after: seconds)
        #expect([0, 128 + 9].contains(outcome.status), "\(outcome)")
        return outcome.status != 0
    }

    /// Lets `timeout` send the signal, as this process may be too busy to be on time.
    private func signalled(_ signal: String, _ machine: Machine, _ words: [String], after seconds: Double) async throws -> Program.Outcome {
        let sender = ["timeout", "--foreground", "--preserve-status", "-s", signal, "\(max(0.001, seconds))"]
        return try await Program.run(sender + [Program.epbuild] + words, in: machine.workspace, environment: machine.environment())
    }

    @Test func interruptedAndRunAgain() async throws {
        let machine = try Machine()
        // The second of three items takes as long as the test wants.
        let (first, second, go) = ("\(machine.directory)/first", "\(machine.directory)/second", "\(machine.directory)/go")
        let wait = "if [ -e \(first) ]; then touch \(second); until [ -e \(go) ]; do sleep 0.1; done; else touch \(first); fi"
        try machine.replace("tr 'A-Z'", with: "\(wait); tr 'A-Z'", in: "letters/pipeline.yaml")
        // The signal comes in the midst of it, and it goes on when epbuild has said that it heard.
        let build = "'\(Program.epbuild)' build \(Machine.letters) -j 1 2> \(machine.directory)/err & it=$!"
        let until =
            "until [ -e \(second) ]; do sleep 0.1; done; kill -INT $it; until grep -q stopping \(machine.directory)/err; do sleep 0.1; done; touch \(go); wait $it"
        let outcome = try await Program.run(
            ["timeout", "-s", "KILL", "600", "sh", "-c", "\(build); \(until)"], in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == 130, "\(outcome)")
        let report = try await machine.build(Machine.letters).expect(.built).report
        #expect(report.actions.cacheHits >= 1, "what had been finished is not run again")
        #expect(!machine.files(below: "\(machine.workspace)/\(Machine.letters)/out").isEmpty)
    }

    @Test func eightProcessesRunEveryActionOnce() async throws {
        let machine = try Machine()
        let built = try await Machine.withMoonBuilt()
        // Voices and mix are new, music and effects are not.
        let script = try built.text("\(Machine.moon)/script.fountain").replacing("the", with: "this")
        try built.edit("\(Machine.moon)/script.fountain") { _ in script }
        try await expectEachOnce(machine, Machine.letters)
        try await expectEachOnce(built, Machine.moon)
    }

    /// A cache that eight people share, each with a copy of the workspace.
    @Test(arguments: [Machine.letters, Machine.moon])
    func eightWorkspacesOnOneCacheRunEveryActionOnce(_ episode: String) async throws {
        let machines = try (0..<8).map { _ in try Machine() }
        let cache = ["EPBUILD_CACHE": machines[0].cache]
        let reports = try await withThrowingTaskGroup(of: Report.self) { group in
            for machine in machines { group.addTask { try await machine.build(episode, environment: cache).expect().report } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let alone = try Machine()
        let distinct = try await alone.build(episode).expect(.built).report.actions.executed
        #expect(reports.map(\.actions.executed).reduce(0, +) == distinct, "\(reports.map(\.actions.executed))")
        for machine in machines { #expect(try machine.outputs(of: episode) == alone.outputs(of: episode)) }
    }

    private func expectEachOnce(_ machine: Machine, _ episode: String) async throws {
        let fresh = try await Machine(copying: machine).build(episode).expect(.built).report
        let reports = try await withThrowingTaskGroup(of: Report.self) { group in
            for _ in 1...8 { group.addTask { try await machine.build(episode).expect().report } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reports.map(\.actions.executed).reduce(0, +) == fresh.actions.executed, "\(reports.map(\.actions.executed))")
    }
}
