import FoundationEssentials
import Testing

/// What an episode knows of the earlier ones of its show, and that it neither builds nor pays for them.
@Suite struct CoveredTests {
    private func covered(_ machine: Machine, _ episode: String) throws -> String { try machine.text("radio/\(episode)/out/covered.yaml") }

    /// What an episode explains stands in its script from now on, and that is made.
    private func makeScripts(_ machine: Machine) throws {
        try machine.replace(
            "script: { source: script.fountain }",
            with:
                "script: { tool: command, run: [sh, -c, \"(echo 'Topic: Made'; echo; cat s) > made.fountain\"], inputs: { s: ./script.fountain }, outputs: [made.fountain] }",
            in: "radio/pipeline.yaml")
    }

    @Test func theEarlierOnesAreKnownInTheirOrder() async throws {
        let machine = try await Radio.machine()
        try await machine.run("build", "radio").expect(0)
        #expect(try covered(machine, "a/b/c") == "- C0\n- C1")
        #expect(try covered(machine, "one") == "[]")
    }

    /// Paths have another order than numbers. One build is enough, and the next has nothing to do.
    @Test func episodesAreBuiltInTheOrderOfTheirNumbers() async throws {
        let machine = try await Radio.machine()
        for number in [10, 2, 9] {
            try Radio.add(
                "ep\(number)", "season: 3\nnumber: \(number)\ntitle: N\(number)\ntopic: T\(number)\ndate: 2026-11-12\n",
                says: "Number \(number).", to: machine)
        }
        try Radio.add("bonus", "title: Bonus\ntopic: B\ndate: 2026-11-12\n", says: "No number.", to: machine)
        let build = try await machine.run("build", "radio", "--json")
        #expect(build.status == 0, "\(build)")
        let order = ["one", "season 2/über", "a/b/c", "ep2", "ep9", "ep10", "bonus"].map { "radio/\($0)" }
        #expect(try build.output.split(separator: "\n").prefix(7).map { try Report(String($0)).episode } == order)
        #expect(try covered(machine, "ep10") == "- C0\n- C1\n- C2\n- T2\n- T9" && covered(machine, "ep2") == "- C0\n- C1\n- C2")
        #expect(try covered(machine, "bonus") == "- C0\n- C1\n- C2\n- T2\n- T9\n- T10")
        let again = try await machine.run("build", "radio", "--json")
        #expect(try again.output.split(separator: "\n").map { try Report(String($0)).actions.executed }.allSatisfy { $0 == 0 }, "\(again)")
        #expect(try again.output.split(separator: "\n").map { try Report(String($0)).episode } == order)
        for command in ["plan", "status"] {
            let lines = try await machine.run(command, "radio").output.split(separator: "\n")
            let places = try order.map { name in try #require(lines.firstIndex { $0.hasPrefix(name) }, "\(lines)") }
            #expect(places == places.sorted(), "\(command): \(lines)")
        }
        // However they are named.
        let two = try await machine.run("build", "radio/ep10", "radio/ep9", "--json").output.split(separator: "\n").map {
            try Report(String($0)).episode
        }
        #expect(two == ["radio/ep9", "radio/ep10"])
    }

    @Test func anEpisodeIsNotItsOwnPredecessor() async throws {
        let machine = try await Radio.machine()
        try await machine.run("build", "radio").expect(0)
        try machine.edit("radio/one/episode.yaml") { $0.replacing("season: 0", with: "season: 7") }
        try await machine.run("build", "radio").expect(0)
        #expect(try covered(machine, "one") == "- C1\n- C2" && covered(machine, "season 2/über") == "[]")
        try await machine.build("radio/one").expect(.upToDate)
    }

    /// `out/` is for people: nothing between episodes depends on it.
    @Test func nothingIsReadFromOut() async throws {
        let machine = try await Radio.machine()
        try await machine.run("build", "radio").expect(0)
        for episode in Radio.episodes.dropLast() { machine.remove("radio/\(episode)/out") }
        try machine.edit("radio/a/b/c/episode.yaml") { $0 + "note: x\n" }
        try await machine.build("radio/a/b/c").expect(executed: 0)
        #expect(try covered(machine, "a/b/c") == "- C0\n- C1")
    }

    /// After a fresh clone, and with a state that is lost: what the cache has is found, by looking the others up.
    @Test func whatIsInTheCacheIsKnown() async throws {
        let machine = try await Radio.machine()
        for episode in Radio.episodes { machine.remove("radio/\(episode)/out") }
        try await machine.build("radio/a/b/c").expect(executed: 0)
        #expect(try covered(machine, "a/b/c") == "- C0\n- C1")
        #expect(machine.files(below: "\(machine.workspace)/radio/one/out").isEmpty, "nothing else is delivered")
    }

    @Test func whatIsInASharedCacheIsKnown() async throws {
        let share = try SharedDirectory()
        let first = try await Radio.machine()
        try first.share(share.path)
        try makeScripts(first)
        try await first.run("build", "radio").expect(0)
        let push = try await first.run("cache", "push", "radio")
        #expect(push.status == 0 && push.output.contains("\nradio: 1 result shared with "), "\(push)")
        let second = try Machine(copying: first)
        try FileManager.default.removeItem(atPath: second.cache)
        for directory in Radio.episodes.map({ "\($0)/out" }) + ["out"] { second.remove("radio/\(directory)") }
        let build = try await second.build("radio/a/b/c").expect(executed: 0)
        #expect(try covered(second, "a/b/c") == "- Made\n- Made" && !build.outcome.errors.contains("does not know"), "\(build.outcome)")
        // Nor is what the show has once made anew.
        let whole = try await second.run("build", "radio")
        #expect(whole.status == 0 && !whole.output.contains("feed: 1 of 1 executed"), "\(whole)")
        #expect(try second.read("radio/out/feed.xml") == first.read("radio/out/feed.xml"))
    }

    @Test func whatIsMissingIsNamedAndNotMade() async throws {
        let machine = try await Radio.machine()
        try makeScripts(machine)
        try await machine.run("build", "radio").expect(0)
        for number in 3...4 {
            try Radio.add(
                "ep\(number)", "season: 3\nnumber: \(number)\ntitle: N\(number)\ntopic: T\(number)\n", says: "Number \(number).",
                to: machine)
        }
        let warning = "radio/ep3/episode.yaml:2:9: warning: covered does not know ep3 yet: what it explains may be explained again"
        for words in [["plan", "radio/ep4"], ["status", "radio/ep4"], ["why", "radio/ep4", "package"], ["build", "radio/ep4"]] {
            try await Program.run([Program.epbuild] + words, in: machine.workspace, environment: machine.environment())
                .expect(0, errors: warning, "build it first: epbuild radio/ep3")
        }
        #expect(
            try covered(machine, "ep4") == "- Made\n- Made\n- Made" && machine.files(below: "\(machine.workspace)/radio/ep3/out").isEmpty)
        let build = try await machine.run("build", "radio")
        #expect(build.status == 0 && !build.errors.contains("does not know"), "\(build)")
        #expect(try covered(machine, "ep4") == "- Made\n- Made\n- Made\n- Made")
    }

    @Test func equalNumbersAndBrokenNeighboursAreNamed() async throws {
        let machine = try await Radio.machine()
        try Radio.add("twin", "season: 2\nnumber: 1\nid: twin\ntitle: Twin\ntopic: T\ndate: 2026-11-12\n", says: "Twin.", to: machine)
        let twin = try await machine.run("build", "radio/twin")
        twin.expect(
            0,
            errors:
                "radio/twin/episode.yaml:2:9: warning: this episode and a/b/c both have season 2, number 1, so neither is earlier for covered"
        )
        #expect(try covered(machine, "twin") == "- C0\n- C1")
        try machine.write(Array("number: [\n".utf8), to: "radio/one/episode.yaml")
        try await machine.run("build", "radio/twin").expect(
            0, errors: "radio/one/episode.yaml: warning: covered leaves out one, as its episode.yaml cannot be read")
        #expect(try covered(machine, "twin") == "- C1")
    }
}
