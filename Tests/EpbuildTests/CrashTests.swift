import FoundationEssentials
import Subprocess
import Testing

/// Builds that are ended at any instant, and builds that run side by side.
@Suite struct CrashTests {
    /// How many builds are killed; `EPBUILD_TEST_KILLS=200` for a long run.
    private static let kills = ProcessInfo.processInfo.environment["EPBUILD_TEST_KILLS"].flatMap { Int($0) } ?? 20

    @Test func killedAtAnyInstant() async throws {
        var dice = Dice(for: "killedAtAnyInstant")
        let undisturbed = try Machine()
        let built = try await undisturbed.build(Machine.letters).expect(.built).report
        let (total, seconds) = (built.actions.total, built.seconds)
        let expected = try undisturbed.outputs(of: Machine.letters)
        var hits = 0
        for round in 1...Self.kills {
            let machine = try Machine()
            let delay = Double.random(in: 0...seconds, using: &dice)
            hits += try await kill(machine, Machine.letters, after: delay) ? 1 : 0
            let stored = machine.files(below: "\(machine.cache)/ac").count
            let report = try await machine.build(Machine.letters).expect().report
            #expect(report.actions.executed <= max(0, total - stored), "round \(round), killed after \(delay) s: what was stored ran again")
            #expect(try machine.outputs(of: Machine.letters) == expected, "round \(round), killed after \(delay) s")
            #expect(try await machine.run("cache", "gc").status == 0)
            #expect(machine.files(below: "\(machine.cache)/tmp") == [], "round \(round), killed after \(delay) s")
        }
        #expect(hits > 0, "every build had ended before it was killed")
        print("killedAtAnyInstant: \(hits) of \(Self.kills) builds killed before their end")
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
        try machine.replace("tr 'A-Z'", with: "sleep 4; tr 'A-Z'", in: "letters/pipeline.yaml")
        // Three items of four seconds each, one after the other: this is in the midst of them.
        let outcome = try await signalled("INT", machine, ["build", Machine.letters, "-j", "1"], after: 5)
        #expect(outcome.status == 130, "\(outcome)")
        #expect(outcome.errors.contains("stopping"), "\(outcome)")
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

    private func expectEachOnce(_ machine: Machine, _ episode: String) async throws {
        let fresh = try await Machine(copying: machine).build(episode).expect(.built).report
        let reports = try await withThrowingTaskGroup(of: Report.self) { group in
            for _ in 1...8 { group.addTask { try await machine.build(episode).expect().report } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reports.map(\.actions.executed).reduce(0, +) == fresh.actions.executed, "\(reports.map(\.actions.executed))")
    }
}
