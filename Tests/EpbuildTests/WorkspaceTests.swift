import FoundationEssentials
import Testing

/// Several episodes at once: those that are up to date cost nothing, and are named from where one stands.
@Suite struct WorkspaceTests {
    private let other = "letters/letter-to-the-moon"

    /// Two letters, both built.
    private func twoLetters() async throws -> Machine {
        let machine = try Machine()
        try FileManager.default.copyItem(atPath: "\(machine.workspace)/\(Machine.letters)", toPath: "\(machine.workspace)/\(other)")
        for _ in 1...2 { #expect(try await machine.run("letters").status == 0) }
        return machine
    }

    @Test func anEpisodeIsNamedFromWhereOneStands() async throws {
        let machine = try await twoLetters()
        let name = "letter-to-the-sea"
        for words in [[], ["build", "--json"], ["plan"], ["plan", "--json"], ["status"], ["status", "--json"]] {
            let outcome = try await Program.run(
                [Program.epbuild] + words.prefix(1) + [name] + words.dropFirst(), in: "\(machine.workspace)/letters", environment: machine.environment())
            #expect(outcome.status == 0 && outcome.output.contains(name) && !outcome.output.contains("/\(name)"), "\(words): \(outcome)")
        }
    }

    @Test func oneStaleEpisodeDoesNotMakeTheOthersBeLookedUp() async throws {
        let machine = try await twoLetters()
        try machine.edit("\(other)/texts/01-morning.txt") { $0 + "And then the moon rose.\n" }
        // Whatever is looked up is not found now: what is up to date is known by the memo.
        try FileManager.default.removeItem(atPath: machine.cache)
        let plan = try await machine.run("plan", "letters")
        #expect(plan.output.contains("\(Machine.letters): up to date, nothing would run") && plan.output.contains("\(other): "), "\(plan)")
        let builds = try await machine.run("build", "letters", "--json").output.split(separator: "\n").map { try Report(String($0)) }
        #expect(builds.map(\.outcome) == ["built", "upToDate"], "\(builds)")
    }
}
