import Testing

/// What is stale and stands all the same.
@Suite struct AcceptTests {
    private static func show() async throws -> SmallShow {
        let show = try SmallShow(["show/ep/texts/one.txt": "one\n", "show/ep/texts/two.txt": "two\n"])
        try await show.build().expect(.built)
        return show
    }

    private static let result = "\(SmallShow.episode)/out/all.txt"

    @Test func whatIsAcceptedStandsUntilItWouldBeStaleForAnotherReason() async throws {
        let show = try await Self.show()
        let machine = show.machine
        try show.write("one, too\n", to: "show/ep/texts/one.txt")
        try await machine.run("accept", SmallShow.episode, "upper/one.txt").expect(0, says: "upper/one.txt: accepted, stands as it is")
        try await show.build().expect(executed: 0)
        #expect(try machine.text(Self.result) == "ONE!\nTWO!\n")
        // Another change of what it is made from is another reason; what it was made of is still known.
        try show.write("one, three\n", to: "show/ep/texts/one.txt")
        try await machine.run("why", SmallShow.episode, "upper/one.txt").expect(0, says: "upper/one.txt: stale", "- sha256 2c8b08da")
        try await show.build().expect(.built)
        #expect(try machine.text(Self.result) == "ONE, THREE!\nTWO!\n")
        // What was accepted still is, if its reason comes back.
        try show.write("one, too\n", to: "show/ep/texts/one.txt")
        try await show.build().expect(executed: 0)
        #expect(try machine.text(Self.result) == "ONE!\nTWO!\n")
    }

    @Test func statusTellsOfItAndUnacceptTakesItBack() async throws {
        let show = try await Self.show()
        let machine = show.machine
        try show.write("two, too\n", to: "show/ep/texts/two.txt")
        try await machine.run("accept", SmallShow.episode, "upper").expect(0)
        for _ in 1...2 {
            try await machine.run("status", SmallShow.episode).expect(
                0, says: "upper/two.txt", "accepted as it is by", "though in.txt changed")
            // The second time, the memo says that nothing has changed.
            try await show.build().expect(executed: 0)
        }
        let json = try await machine.run("status", SmallShow.episode, "--json")
        #expect(
            json.output.contains(#""accepted":[{"target":"upper/two.txt""#)
                && json.output.contains(#""changes":[{"input":"in.txt","old":"sha256 27dd8ed4""#), "\(json)")
        try await machine.run("why", SmallShow.episode, "upper/two.txt").expect(0, says: "accepted")
        try await machine.run("unaccept", SmallShow.episode, "upper").expect(0, says: "accepted no longer")
        let why = try await machine.run("why", SmallShow.episode, "upper/two.txt")
        #expect(why.output.contains("in.txt"), "\(why)")
        try await show.build().expect(.built)
        #expect(try machine.text(Self.result) == "ONE!\nTWO, TOO!\n")
        let log = try await machine.run("log", SmallShow.episode)
        #expect(log.output.contains("accept upper/two.txt") && log.output.contains("unaccept upper/two.txt"), "\(log)")
    }

    /// Once its first action is accepted, what that feeds is as it was.
    @Test func itGoesThroughAllActionsOfAStage() async throws {
        let show = try await Self.show()
        try show.machine.replace("tr a-z A-Z", with: "tr a-y A-Y", in: "show/pipeline.yaml")
        try await show.machine.run("accept", SmallShow.episode, "upper").expect(0, says: "upper: 2 items (one.txt, two.txt): accepted")
        try await show.build().expect(executed: 0)
        try await show.machine.run("clean", SmallShow.episode, "upper/one.txt").expect(0)
        try await show.build().expect(.built)
        try await show.machine.run("status", SmallShow.episode).expect(0, says: "upper/two.txt", "accepted as it is")
    }

    @Test func whatCannotBeAcceptedIsSaid() async throws {
        let show = try SmallShow(["show/ep/texts/one.txt": "one\n"])
        let machine = show.machine
        try await machine.run("accept", SmallShow.episode, "upper").expect(64, errors: "upper was never built", "build it first")
        try await show.build().expect(.built)
        try await machine.run("accept", SmallShow.episode, "upper").expect(64, errors: "upper is up to date")
        try await machine.run("accept", SmallShow.episode, "uper").expect(64, errors: "did you mean \"upper\"?")
        try await machine.run("unaccept", SmallShow.episode, "upper").expect(64, errors: "upper was not accepted", "nothing was")
        try show.write("one, too\n", to: "show/ep/texts/one.txt")
        try await machine.run("accept", SmallShow.episode, "marked").expect(
            64, errors: "what marked is made from is not built", "accept or build that first")
    }

    /// The lock goes with the episode, the cache does not: nothing is made anew in silence, and nothing is stored under another's address.
    @Test func withoutItsResultABuildSaysSo() async throws {
        let show = try await Self.show()
        let machine = show.machine
        try show.write("two, too\n", to: "show/ep/texts/two.txt")
        try await machine.run("accept", SmallShow.episode, "upper/two.txt").expect(0)
        let elsewhere = ["EPBUILD_CACHE": "\(machine.workspace)/empty-cache"]
        let build = try await machine.run("build", SmallShow.episode, environment: elsewhere)
        #expect(
            build.status == 1 && build.errors.contains("its earlier result was accepted") && build.errors.contains("epbuild unaccept"),
            "\(build)")
        try await machine.run("unaccept", SmallShow.episode, "upper/two.txt").expect(0)
        #expect(try await machine.run("build", SmallShow.episode, environment: elsewhere).status == 0)
        #expect(try machine.text(Self.result) == "ONE!\nTWO, TOO!\n")
    }
}
