import EpCore
import EpEngine
import EpFiles
import EpHistory
import EpPlan
import Testing

@testable import EpDesk

/// What the ledger of a workspace says bounds what its builds may spend.
@Suite struct BudgetTests {
    private func show(_ workspace: String, cost: Int = 400, say: String = "x") throws -> TestShow {
        let show = try TestShow("  a: { tool: echo, say: \(say), cost: \(cost) }\n", episodes: ["one", "two"])
        try show.write("\(workspace)\n", to: "w/epbuild.yaml")
        return show
    }

    /// Another text for the same episode.
    private func say(_ text: String, _ show: TestShow) throws { try show.pipeline("  a: { tool: echo, say: \(text), cost: 400 }\n") }

    @Test func theBudgetOfAnEpisodeCountsAllItsBuilds() async throws {
        let show = try show("budget: { episode_usd: 0.001 }")
        let (desk, place) = (try show.desk(), try show.place())
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
        try say("y", show)
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
        try say("z", show)
        let third = await desk.start(place, BuildOptions()).end()
        #expect(
            third.outcome == .overBudget && third.reason?.message.contains("of which $0.0008 is spent") == true,
            "\(third.reason?.message ?? "")")
        // Another episode has a budget of its own.
        #expect(await desk.start(try show.place("two"), BuildOptions()).end().outcome == .built)
        try show.write("budget: { episode_usd: 0.002 }\n", to: "w/epbuild.yaml")
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
        #expect(try desk.history(of: place).builds().map { $0.outcome?.rawValue } == ["built", "built", "overBudget", "built", "built"])
        #expect(show.warnings.all.isEmpty)
    }

    @Test func theBudgetOfAMonthCountsAllEpisodes() async throws {
        let show = try show("budget: { month_usd: 0.0007 }")
        let desk = try show.desk()
        let places = [try show.place("one"), try show.place("two")]
        try show.write("title: two\nnumber: 2\n", to: "w/show/two/episode.yaml")
        #expect(await desk.start(places[0], BuildOptions()).end().outcome == .built)
        try say("y", show)
        let second = await desk.start(places[1], BuildOptions()).end()
        #expect(second.outcome == .overBudget && second.reason?.remedy?.contains("month_usd") == true)
        // What another month has cost is over.
        let later = Surroundings(clock: WallClock { TestShow.noon.adding(seconds: 40 * 86_400) }, random: { 2 })
        #expect(await (try show.desk(later)).start(places[1], BuildOptions()).end().outcome == .built)
    }

    /// What a failure has cost is in the ledger, in the report, and counts.
    @Test func whatFailuresCostIsSpentToo() async throws {
        let show = try show("budget: { episode_usd: 0.0007 }", say: "fail")
        let (desk, place) = (try show.desk(), try show.place())
        let failed = await desk.start(place, BuildOptions()).end()
        #expect(failed.outcome == .failed && failed.cost.microUSD == 400 && failed.failures.first?.value["costUSD"] == .double(0.0004))
        let total = try desk.costs(by: .stage, in: .everything, of: place).total
        #expect((total.spent.microUSD, total.executed) == (400, 0))
        #expect(try desk.history(of: place).actions(of: 1).map(\.cost.microUSD) == [400])
        #expect(await desk.start(place, BuildOptions()).end().outcome == .overBudget)
    }

    @Test func aRunOfSeveralEpisodesHasOneBudget() async throws {
        let show = try show("{}")
        try show.write("title: two\noverrides: { x: 1 }\n", to: "w/show/two/episode.yaml")
        try show.pipeline("  a: { tool: echo, say: x, cost: 400 }\n  b: { tool: echo, from: [a], say: y, cost: 400 }\n")
        var options = BuildOptions()
        options.budget = Cost(microUSD: 1000)
        var outcomes: [BuildReport.Outcome] = []
        let status = await (try show.desk()).build([try show.place("one")], options) { if !$1.isShow { outcomes.append($0.outcome) } }
        #expect(status == .success && outcomes == [.built])
        try show.pipeline("  a: { tool: echo, say: z, cost: 400 }\n  b: { tool: echo, from: [a], say: y, cost: 400 }\n")
        try show.write("title: two\n", to: "w/show/two/episode.yaml")
        let both = [try show.place("one"), try show.place("two")]
        outcomes = []
        options.budget = Cost(microUSD: 799)
        let second = await (try show.desk()).build(both, options) { if !$1.isShow { outcomes.append($0.outcome) } }
        // The first has spent 400; the second finds that in the cache, and has 399 left.
        #expect(second == .tryAgain && outcomes == [.overBudget, .overBudget])
    }

    /// What a merge must generate passes the same door.
    @Test(
        arguments: [("budget: { episode_usd: 0.0005 }", nil, "over_budget"), ("{}", "w/.epbuild/pause", "paused")]
            as [(String, String?, String)])
    func aMergeIsBoundToo(_ workspace: String, _ pause: String?, _ code: String) async throws {
        let show = try TestShow("  a: { tool: echo, say: x, cost: 400, output: a.txt, editable: true }\n")
        try show.write("\(workspace)\n", to: "w/epbuild.yaml")
        let (desk, place) = (try show.desk(), try show.place())
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
        try show.write("mine\n", to: "w/show/one/a.txt")
        try show.pipeline("  a: { tool: echo, say: y, cost: 400, output: a.txt, editable: true }\n")
        if let pause { try show.write("", to: pause) }
        let problem = await #expect(throws: Diagnostic.self) { try await desk.merge(Target(parsing: "a"), at: place) }
        #expect(problem?.code.rawValue == code && problem?.code.exitStatus == .tryAgain)
        #expect(try show.read("w/show/one/a.txt") == "mine\n")
        #expect(try show.events().last?.contains("\"event\":\"build_paused\"") == true)
    }
}
