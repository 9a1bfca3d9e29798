import Testing

/// The generated episode, up to its script: prompts, early cutoff and hand edits.
@Suite struct GenerationTests {
    private let script = "\(Machine.rockets)/script.fountain"
    private let facts = "\(Machine.rockets)/episode.yaml"

    private func generated() async throws -> Machine {
        let machine = try Machine()
        try await generate(machine).expect(.built, ["ideation": 1, "outlining": 1, "script_generation": 1])
        return machine
    }

    private func generate(_ machine: Machine) async throws -> Build { try await machine.build(Machine.rockets, "script_generation") }

    @Test func theBlueprintReachesOnlyPromptsThatReadIt() async throws {
        let machine = try await generated()
        try machine.replace("tagline: Small", with: "tagline: Tiny", in: "olivers-workshop/show.yaml")
        try machine.replace("rate: 136", with: "rate: 170", in: "olivers-workshop/show.yaml")
        try await generate(machine).expect(executed: 0)
        try machine.replace("author: The epbuild authors", with: "author: Some others", in: "olivers-workshop/show.yaml")
        try await generate(machine).expect(executed: 1, ["script_generation": 1])
    }

    /// The offline writer does not read the wording, so the same text comes out, and the rebuild stops there.
    @Test func aPromptsWordingRunsItsStageAlone() async throws {
        let machine = try await generated()
        let before = try machine.read(script)
        try machine.replace("You divide", with: "You kindly divide", in: "olivers-workshop/prompts/outlining.md")
        try await generate(machine).expect(executed: 1, ["outlining": 1])
        #expect(try machine.read(script) == before)
    }

    @Test func anEditedScriptStaysUntilItIsReverted() async throws {
        let machine = try await generated()
        let original = try machine.text(script)
        try machine.edit(script) { $0 + "\nPIP\nAnd this I say by hand.\n" }
        let edited = try machine.text(script)
        try machine.replace("topic: How rockets work", with: "topic: How rockets fly to the Moon", in: facts)
        try await generate(machine).expect(executed: 0, ["ideation": 0, "outlining": 0])
        #expect(try machine.text(script) == edited)
        let status = try await machine.run("status", Machine.rockets)
        #expect(status.output.split(separator: "\n").contains { $0.contains("script_generation") && $0.contains("edited") }, "\(status)")
        #expect(try await machine.run("revert", Machine.rockets, "script_generation").status == 0)
        try await generate(machine).expect(.built, ["ideation": 1])
        #expect(try machine.text(script) != edited)
        try machine.replace("topic: How rockets fly to the Moon", with: "topic: How rockets work", in: facts)
        try await generate(machine).expect(executed: 0)
        #expect(try machine.text(script) == original)
    }
}
