import EpCore
import EpEngine
import EpHistory
import Testing

@testable import EpDesk

/// Answers as values: what they say, and their JSON form.
@Suite struct AnswerTests {
    private static let two = "  a: { tool: echo, say: x }\n  b: { tool: echo, from: [a] }\n"

    private func plan(_ show: TestShow, _ names: [String] = ["one"]) async throws -> [Result<PlanAnswer, Trouble>] {
        var answers: [Result<PlanAnswer, Trouble>] = []
        try await show.desk().plan(try names.map { try show.place($0) }, BuildOptions()) { answers.append($0) }
        return answers
    }

    @Test func aPlanNamesWhatRunsAndWhatDependsOnIt() async throws {
        let show = try TestShow(Self.two)
        let answer = try #require(try await plan(show).first).get()
        #expect(answer.run.map(\.label) == ["a"] && answer.dependent.map(\.label) == ["b"])
        #expect(answer.value["run"]?.list?.first?["reason"]?.string == "never built")
        #expect(answer.value["estimate"]?["neverRun"]?.number == 2)
        #expect(!answer.isUpToDate)
    }

    @Test func aPlanOfWhatIsUpToDateHasTheSameKeys() async throws {
        let show = try TestShow(Self.two)
        let due = try #require(try await plan(show).first).get()
        _ = try await show.desk().start(show.place(), BuildOptions()).end()
        let done = try #require(try await plan(show).first).get()
        #expect(done.isUpToDate && done.upToDate == 2)
        #expect(done.value.members?.map(\.key) == due.value.members?.map(\.key))
    }

    @Test func aBrokenEpisodeKeepsNoOtherFromItsAnswer() async throws {
        let show = try TestShow(Self.two, episodes: ["one", "two"])
        try show.write("title: [\n", to: "w/show/one/episode.yaml")
        let plans = try await plan(show, ["one", "two"])
        guard case .failure(let trouble) = plans[0], case .success(let answer) = plans[1] else {
            Issue.record("\(plans)")
            return
        }
        #expect(trouble.episode == "w/show/one" && trouble.exitStatus == .badInput)
        #expect(trouble.value["state"]?.string == "broken")
        #expect(answer.episode == "w/show/two")
        var states: [String] = []
        try await show.desk().status([show.place("one"), show.place("two")]) { result in
            switch result {
            case .success(let answer): states.append(answer.overview.state.rawValue)
            case .failure(let trouble): states.append(trouble.episode)
            }
        }
        #expect(states == ["w/show/one", "missing"])
    }

    @Test func whyNamesTheLastRun() async throws {
        let show = try TestShow(Self.two)
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        let inspection = try await desk.builder.inspect(place)
        let answer = try desk.why(Target(parsing: "a"), in: inspection)
        #expect(answer.silence == nil && answer.steps.map(\.last?.build) == [1])
        #expect(answer.values.first?["reason"]?.string == "none of its inputs changed")
        // As `build`, `plan` and `clean` say it.
        for (name, message) in [("a/7", "stage \"a\" has no item \"7\""), ("z", "there is no stage \"z\"")] {
            let problem = #expect(throws: Diagnostic.self) { try desk.why(Target(parsing: name), in: inspection) }
            #expect(problem?.code == .usage && problem?.message == message && problem?.remedy != nil)
        }
    }

    @Test func whyOfAnItemNamesTheNearestThatThereIs() async throws {
        let show = try TestShow(
            "  words: { source: words.yaml }\n  files: { source: \"*.txt\" }\n  a: { tool: echo, each: words.list, say: x, from: [files] }\n")
        try show.write("list: [{ id: x }, { id: y }]\n", to: "w/show/one/words.yaml")
        try show.write("x", to: "w/show/one/n.txt")
        let desk = try show.desk()
        let inspection = try await desk.builder.inspect(show.place())
        #expect(try desk.why(Target(parsing: "a/1"), in: inspection).steps.count == 1)
        let problem = #expect(throws: Diagnostic.self) { try desk.why(Target(parsing: "a/3"), in: inspection) }
        #expect(problem?.remedy?.contains("1") == true, "\(String(describing: problem))")
        // A file of a person's is an item, and nothing makes it.
        #expect(try desk.why(Target(parsing: "files/n.txt"), in: inspection).silence == "runs nothing")
        #expect(throws: Diagnostic.self) { try desk.why(Target(parsing: "files/m.txt"), in: inspection) }
    }

    @Test func actionsAndTakesOfATarget() async throws {
        let show = try TestShow(Self.two)
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        let inspection = try await desk.builder.inspect(place)
        let action = try #require(try desk.actions(of: Target(parsing: "a"), in: inspection).first)
        #expect(action.command == "echo.echo, revision 1")
        #expect(action.value["inputs"]?.list?.map { $0["name"]?.string } == ["say"])
        let takes = try #require(try desk.takes(of: Target(parsing: "a"), in: inspection).first)
        #expect(takes.value["takes"]?.list?.map { $0["inUse"]?.bool } == [true])
        #expect(throws: Diagnostic.self) { try desk.actions(of: Target(parsing: "a/7"), in: inspection) }
    }

    @Test func theLogHasBuildsAndDecisionsNewestFirst() async throws {
        let show = try TestShow(Self.two)
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        _ = try await desk.clean(.targets([Target(parsing: "a")]), at: place)
        let log = try desk.log(HistoryScope(place), of: place, limit: 20)
        #expect(log.entries.count == 2)
        #expect(try desk.log(HistoryScope(place), of: place, limit: 1).entries.count == 1)
        let past = try desk.pastBuild(1, of: place)
        #expect(past.value["ran"]?.list?.count == 2)
        #expect(throws: Diagnostic.self) { try desk.pastBuild(2, of: place) }
        let costs = try desk.costs(by: .stage, in: HistoryScope(place), of: place)
        #expect(costs.rows.map(\.name) == ["a", "b"] && costs.total.executed == 2)
        #expect(costs.value["by"]?.string == "stage")
    }

    @Test func anEstimateCountsWhatMayRunAtItsMostOnly() async throws {
        let show = try TestShow(Self.two)
        _ = try await show.desk().start(show.place(), BuildOptions()).end()
        try show.pipeline("  a: { tool: echo, say: y }\n  b: { tool: echo, from: [a] }\n")
        let answer = try #require(try await plan(show).first).get()
        let seconds = try #require(answer.estimate.seconds)
        #expect(answer.estimate.unknown == 0 && seconds.lowerBound <= seconds.upperBound)
        #expect(answer.run.map(\.reasonToRun) == ["say: \"x\" → \"y\""])
    }
}
