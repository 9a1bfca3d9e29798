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

    @Test func takesAreToldWithTheirStateAndCost() async throws {
        let machine = try await Machine.withMoonBuilt()
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/3").status == 0)
        let text = try await machine.run("takes", Machine.moon, "audio_synthesis/3")
        #expect(text.output.contains("audio_synthesis/3  take 1  $0.0000  version: flite"), "\(text)")
        #expect(text.output.contains("audio_synthesis/3  take 2  in use  not in the local cache"), "\(text)")
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
}
