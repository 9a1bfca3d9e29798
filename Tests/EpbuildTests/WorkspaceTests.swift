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
                [Program.epbuild] + words.prefix(1) + [name] + words.dropFirst(), in: "\(machine.workspace)/letters",
                environment: machine.environment())
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

    /// The first of two is broken; the second is built, and looked at, all the same.
    @Test func aBrokenEpisodeKeepsNoOtherFromItsTurn() async throws {
        let machine = try await twoLetters()
        try machine.write(Array("title: [\n".utf8), to: "\(other)/episode.yaml")
        try machine.edit("\(Machine.letters)/texts/01-morning.txt") { $0 + "And then the tide rose.\n" }
        let plan = try await machine.run("plan", "letters")
        #expect(plan.status == 65 && plan.output.contains("\(other): broken\n") && plan.output.contains("\(Machine.letters): "), "\(plan)")
        let status = try await machine.run("status", "letters")
        #expect(
            status.status == 65 && status.output.contains("\(other)  broken\n") && status.output.contains("\(Machine.letters)   stale"),
            "\(status)")
        let build = try await machine.run("build", "letters")
        #expect(
            build.status == 65 && build.output.contains("\(other): failed after ") && build.output.contains("\(Machine.letters): built"),
            "\(build)")
        for outcome in [plan, status, build] {
            #expect(outcome.errors.contains("\(other)/episode.yaml:2:1: error: not valid YAML"), "\(outcome)")
        }
    }

    @Test func aBrokenEpisodeIsAnObjectOfItsOwn() async throws {
        struct Broken: Decodable {
            struct Failure: Decodable { let code: String }
            let episode: String
            let state, outcome: String?
            let failures: [Failure]?
        }
        let machine = try await twoLetters()
        try machine.write(Array("title: [\n".utf8), to: "\(other)/episode.yaml")
        let takes = try await machine.run("build", "--takes", "2", other, "words", "--json")
        #expect(try takes.status == 65 && Report(takes.output).outcome == "failed", "\(takes)")
        for words in [["plan"], ["status"], ["build"]] {
            let outcome = try await Program.run(
                [Program.epbuild] + words + ["letters", "--json"], in: machine.workspace, environment: machine.environment())
            #expect(outcome.status == 65)
            let objects = try outcome.output.split(separator: "\n").map { try JSONDecoder().decode(Broken.self, from: Data($0.utf8)) }
            #expect(objects.map(\.episode) == [other, Machine.letters] && objects[0].failures?.map(\.code) == ["bad_input"], "\(outcome)")
            #expect(words == ["build"] ? objects[0].outcome == "failed" : objects[0].state == "broken", "\(outcome)")
        }
    }

    /// A file stands where the directory `out/` ought to be.
    @Test func whatCannotBeDeliveredIsAFailedBuild() async throws {
        let machine = try await twoLetters()
        machine.remove("\(other)/out")
        try machine.write([], to: "\(other)/out")
        let outcome = try await machine.run("build", "letters", "--json")
        let builds = try outcome.output.split(separator: "\n").map { try Report(String($0)) }
        #expect(outcome.status == 1 && builds.map(\.outcome) == ["failed", "upToDate"], "\(outcome)")
        #expect(outcome.output.contains(#""code":"system""#) && outcome.errors.contains("\(other)/out is in the way"), "\(outcome)")
    }

    @Test func aMistakeThatEpisodesShareIsToldOnce() async throws {
        let machine = try await twoLetters()
        try machine.edit("letters/pipeline.yaml") { _ in "stages: [" }
        let outcome = try await machine.run("build", "letters")
        #expect(outcome.status == 65 && outcome.errors.ranges(of: "pipeline.yaml").count == 1, "\(outcome)")
        #expect(outcome.output.contains("\(other): failed") && outcome.output.contains("\(Machine.letters): failed"), "\(outcome)")
    }

    /// What waits for a decision does not hide what has failed.
    @Test func theWorstExitStatusIsTheLast() async throws {
        let machine = try await twoLetters()
        try machine.replace(
            "    outputs: [words.txt]\n", with: "    outputs: [words.txt]\n    gate: { required: true }\n", in: "letters/pipeline.yaml")
        #expect(try await machine.run("letters").status == 75)
        try machine.replace("sh, -c, \"tr", with: "sh, -c, \"! grep -q storm in.txt || exit 3; tr", in: "letters/pipeline.yaml")
        try machine.edit("\(Machine.letters)/texts/02-noon.txt") { $0 + "A storm came.\n" }
        #expect(try await machine.run("letters").status == 1)
    }
}
