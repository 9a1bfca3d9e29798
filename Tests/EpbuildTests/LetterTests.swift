import Testing

/// A show of `command` stages alone: the engine knows nothing of podcasts.
@Suite struct LetterTests {
    private let text = "\(Machine.letters)/texts/02-noon.txt"

    @Test func builtLikeAnyMake() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built, executed: 10)
        try await machine.build(Machine.letters).expect(.upToDate, executed: 0)
        let report = try machine.read("\(Machine.letters)/out/report.txt")
        try machine.edit(text) { $0 + "sea sea sea\n" }
        try await machine.build(Machine.letters).expect(.built, executed: 4, ["words": 1, "counts": 1, "totals": 1, "report": 1])
        #expect(try machine.read("\(Machine.letters)/out/report.txt") != report)
        try machine.edit(text) { String($0.dropLast("sea sea sea\n".count)) }
        try await machine.build(Machine.letters).expect(executed: 0)
        #expect(try machine.read("\(Machine.letters)/out/report.txt") == report)
    }

    /// Capital letters are made small by the first stage: what comes after it is the same, and is not run.
    @Test func theSameResultStopsTheRebuild() async throws {
        let machine = try Machine()
        try await machine.build(Machine.letters).expect(.built)
        try machine.edit(text) { $0.uppercased() }
        try await machine.build(Machine.letters).expect(executed: 1, ["words": 1])
    }

    /// Items whose files have one name are delivered side by side, not one over the other.
    @Test func itemsAreDeliveredSideBySide() async throws {
        let machine = try Machine()
        try machine.replace("    outputs: [total.txt]\n", with: "    outputs: [total.txt]\n    deliver: true\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        let names = ["01-morning.txt", "02-noon.txt", "03-night.txt"].map { "totals/\($0)/total.txt" }
        #expect(try machine.outputs(of: Machine.letters).keys.sorted() == (["report.txt"] + names).sorted())
        #expect(Set(try names.map { try machine.read("\(Machine.letters)/out/\($0)") }).count == 3)
    }
}
