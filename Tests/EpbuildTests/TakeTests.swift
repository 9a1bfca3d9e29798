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
}
