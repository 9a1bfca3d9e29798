import EpCore
import EpFiles
import EpPlan
import FoundationEssentials
import Glibc
import Testing

@testable import EpEngine
@testable import EpHistory

/// What the history answers.
@Suite struct QueryTests {
    @Test func aBuildComesBackAsItWasRecorded() throws {
        let workspace = try TestWorkspace()
        let snapshot = ActionDigest(Digest(of: Array("all of it".utf8)))
        workspace.build(
            nil, .failed,
            [
                ended("speech/1", step: "part 2", cost: 1500),
                failed("speech/2", at: EpCore.SourceLocation(file: "script.fountain", line: 12, column: 1)),
                .actionExplained(
                    StepSite(Target(parsing: "speech/1"), step: "part 2"), [.init(label: "line.txt", old: "\"say: it's\"", new: "\"ü\t→\"")]
                ),
            ]
        ) {
            $0.outputs = ["out/it's: \"one\".mp3"]
            $0.failures = [
                Failure(
                    Diagnostic(.actionFailed, "it broke", remedy: "mend it"), of: StepSite(Target(stage: StageName("speech"), item: "2")),
                    attempts: 1)
            ]
            $0.snapshot = snapshot
        }
        let history = workspace.ask()
        let build = try #require(try history.builds().first)
        #expect(build.episode.text == "show/one" && build.outcome == .failed && build.actions.executed == 1)
        #expect(build.outputs == ["out/it's: \"one\".mp3"] && build.firstError == "speech/2: it broke" && build.snapshot == snapshot)
        let actions = try history.actions(of: build.id)
        #expect(actions.map(\.origin) == [.executed, .failed])
        #expect(actions[0].cost == Cost(microUSD: 1500) && actions[0].usage["characters"] == 12 && actions[0].servedBy == "espeak")
        #expect(actions[0].reasons == [["input": "line.txt", "old": "\"say: it's\"", "new": "\"ü\t→\""]])
        #expect(actions[1].failure?.problem.remedy == "mend it" && actions[1].failure?.attempts == 1)
        #expect(actions[1].failure?.diagnostic.description == "script.fountain:12:1: error: speech/2: it broke\n  → mend it")
        #expect(try history.build(99) == nil)
    }

    /// What nobody knows the price of is no 0, wherever it is asked for.
    @Test func unknownPricesAddUpBesideMoney() throws {
        let workspace = try TestWorkspace()
        workspace.build(
            nil, .built,
            [
                ended("script/1", tool: "llm", by: "m", unpriced: 1, address: "s1"),
                ended("script/2", tool: "llm", by: "m", cost: 120_000, address: "s2"),
                ended("speech/1", .cache, by: "espeak", unpriced: 2),
            ]
        ) { $0.cost = Cost(microUSD: 120_000, unpricedCalls: 1) }
        workspace.build(
            workspace.episode("two"), .failed,
            [
                .failed(
                    Failure(
                        Diagnostic(.badAnswer, "it is empty"), of: StepSite(Target(parsing: "script/3"), step: ""), attempts: 1,
                        cost: .unknown))
            ])
        let history = workspace.ask()
        let totals = try history.totals(by: .stage)
        #expect(totals.first { $0.name == "script" }?.spent == Cost(microUSD: 120_000, unpricedCalls: 2))
        #expect(totals.first { $0.name == "speech" }?.saved == Cost(microUSD: 0, unpricedCalls: 2))
        let build = try #require(try history.builds().last)
        #expect(
            build.cost == Cost(microUSD: 120_000, unpricedCalls: 1) && build.value["costUSD"] == .null
                && build.value["costUnpricedCalls"] == 1)
        #expect(try history.actions(of: build.id).map(\.cost) == [.unknown, Cost(microUSD: 120_000)])
        let kind = try #require(try history.durations()[ActionKind(tool: "llm", stage: "script", step: "")])
        #expect(kind.costs == Cost.zero...Cost(microUSD: 120_000, unpricedCalls: 1))
    }

    @Test func theScopeIsAnEpisodeAShowOrAll() throws {
        let workspace = try TestWorkspace()
        for name in ["one", "one-more", "two"] { workspace.build(workspace.episode(name)) }
        workspace.build(
            EpisodePlace(directory: "\(workspace.path)/show", show: "\(workspace.path)/show", workspace: workspace.path, isShow: true))
        func names(_ paths: String...) throws -> [String] {
            let scope = HistoryScope(paths.map { "\(workspace.path)\($0)" }, workspace: workspace.path)
            return try workspace.ask().builds(in: scope).map(\.episode.text)
        }
        #expect(try names("/show/one") == ["show/one"])
        #expect(try names("/show/two", "/show/one") == ["show/two", "show/one"])
        #expect(try names("/show") == ["show (show)", "show/two", "show/one-more", "show/one"])
        #expect(try names("") == names("/show"))
        #expect(try workspace.ask().builds(limit: 2).count == 2)
    }

    /// A tenth of a dollar ten times is a dollar, and a third of it not less.
    @Test func moneyIsAddedUpExactly() throws {
        let workspace = try TestWorkspace()
        for take in 0..<10 {
            workspace.build(
                nil, .built,
                [
                    ended("script", tool: "llm", by: "openai", cost: 100_000, address: "s\(take)"),
                    ended("speech/1", .cache, by: "espeak", cost: 333_333),
                    ended("speech/2", .remote, by: "espeak", cost: 1, milliseconds: 2000),
                ])
        }
        workspace.build(workspace.episode("two"), .built, [ended("script", tool: "llm", by: "anthropic", cost: 7, address: "two")])
        let history = workspace.ask()
        let stages = try history.totals(by: .stage)
        #expect(stages.map(\.name) == ["script", "speech"])
        #expect(stages[0].spent == Cost(microUSD: 1_000_007) && stages[0].executed == 11 && stages[0].hits == 0)
        #expect(stages[1].spent == .zero && stages[1].hits == 20 && stages[1].saved == Cost(microUSD: 3_333_340))
        #expect(abs(stages[1].savedSeconds - 21) < 1e-6)
        #expect(try history.totals(by: .provider).map(\.name) == ["anthropic", "espeak", "openai"])
        #expect(try history.totals(by: .episode).map(\.spent.microUSD) == [1_000_000, 7])
        #expect(try history.totals(by: .month).map(\.name) == [String(Moment.now.iso8601.prefix(7))])
        for heading in CostTotal.Heading.allCases {
            let sum = try history.totals(by: heading).sum
            #expect(sum.spent == Cost(microUSD: 1_000_007) && sum.saved == Cost(microUSD: 3_333_340))
        }
        #expect(try history.totals(by: .stage, in: HistoryScope(workspace.episode("two"))).sum.spent == Cost(microUSD: 7))
    }

    @Test func theLastFailuresAreThoseThatNothingMendedSince() throws {
        let workspace = try TestWorkspace()
        let name = EpisodeName(workspace.place)
        workspace.build(nil, .failed, [failed("speech/1"), failed("speech/2", step: "trim"), ended("speech/3")])
        #expect(try workspace.ask().lastFailures(of: name).map(\.target.description) == ["speech/1", "speech/2"])
        #expect(try workspace.ask().lastFailures(of: name).map(\.step) == ["", "trim"])
        workspace.build(nil, .failed, [ended("speech/1"), failed("speech/3")])
        #expect(try workspace.ask().lastFailures(of: name).map(\.target.description) == ["speech/2", "speech/3"])
        #expect(try workspace.ask().lastFailures(of: EpisodeName(workspace.episode("two"))).isEmpty)
        // From the cache, so without a row of its own; but the whole episode came out.
        workspace.build(nil, .built, [ended("speech/2", .cache)]) { $0.snapshot = ActionDigest(.empty) }
        #expect(try workspace.ask().lastFailures(of: name).isEmpty)
    }

    @Test func theLastExecutionAndTheSpreadOfDurations() throws {
        let workspace = try TestWorkspace()
        workspace.build(nil, .built, (1...10).map { ended("mix", step: "part \($0)", tool: "mix", milliseconds: $0 * 100) })
        workspace.build(
            nil, .built,
            [ended("mix", step: "part 3", tool: "mix", cost: 5, milliseconds: 300, address: "again"), ended("speech/1", .cache)])
        let history = workspace.ask()
        let last = try #require(try history.lastExecution(of: Target(parsing: "mix"), step: "part 3", in: EpisodeName(workspace.place)))
        #expect(last.build == 2 && last.cost == Cost(microUSD: 5))
        #expect(try history.lastExecution(of: Target(parsing: "speech/1"), in: EpisodeName(workspace.place)) == nil)
        let durations = try history.durations()
        #expect(Set(durations.keys) == [ActionKind(tool: "mix", stage: "mix", step: "part 99")])
        let parts = try #require(durations.values.first)
        #expect(parts.count == 11 && abs(parts.mean - 5.8 / 11) < 1e-9 && parts.p10 == 0.2 && parts.p90 == 0.9)
    }

    @Test func recoveryTellsWhatCameBetween() async throws {
        let workspace = try TestWorkspace(), clock = ContinuousClock(), start = clock.now
        let (edited, cleaned) = (workspace.place, workspace.episode("two"))
        workspace.build(edited, .failed, [failed("speech/1")])
        workspace.build(edited, .failed, [failed("speech/1")])
        workspace.build(cleaned, .failed, [failed("mix")])
        workspace.build(workspace.episode("three"), .failed, [failed("speech/9")])
        try await Task.sleep(for: .milliseconds(20))
        try workspace.write("new", to: "show/one/episode.yaml")
        workspace.ask().record(Decision("clean", target: "mix", of: EpisodeName(cleaned), by: "ada"))
        try await Task.sleep(for: .milliseconds(20))
        workspace.build(edited, .built, [ended("speech/1")])
        workspace.build(cleaned, .built, [ended("mix")])
        workspace.build(cleaned, .failed, [failed("mix")])
        workspace.build(cleaned, .upToDate)
        let report = try workspace.ask().recovery()
        #expect(report.builds == 8 && report.failedBuilds == 5 && report.recoveredBuilds == 4 && report.rate == 0.8)
        #expect(report.recoveries.map(\.action) == ["clean", "edit", "run again"])
        #expect(report.failurePoints.map(\.place) == ["speech", "mix"] && report.failurePoints.map(\.count) == [3, 2])
        #expect(try workspace.ask().builds(in: HistoryScope(edited), limit: 1).first?.edited == "show/one/episode.yaml")
        let mean = try #require(report.meanSecondsToRecovery)
        // To the whole second, as the history has it.
        #expect(mean > 0 && mean <= (clock.now - start).seconds + 1)
    }

    /// What this thread has had of a processor: other tests have it, too.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// 100 episodes, 10,000 actions: some milliseconds each. What is printed is for people; the bound is for an index that is not used.
    @Test func tenThousandActionsAreSummedUpAtOnce() throws {
        let workspace = try TestWorkspace()
        for number in 0..<100 {
            let actions = (1...100).map { ended("speech/\($0)", cost: 10, address: "\(number) \($0)") }
            workspace.build(
                workspace.episode("e\(number)"), number % 5 == 0 ? .failed : .built, actions + [failed("mix"), ended("script", .cache)])
        }
        let history = workspace.ask()
        func time<Answer: Equatable>(_ what: String, _ expected: Answer, _ body: () throws -> Answer) throws {
            let start = Self.processorSeconds
            #expect(try body() == expected)
            let seconds = Self.processorSeconds - start
            print("\(what) of 10,000 actions: \(seconds) s")
            #expect(seconds < 60, "\(what)")
        }
        try time("log", 20) { try history.builds(limit: 20).count }
        try time("cost", Cost(microUSD: 100_000)) { try history.totals(by: .stage).sum.spent }
        try time("stats", 20) { try history.recovery().failedBuilds }
        try time("durations", 1) { try history.durations().count }
        try time("last failures", 1) { try history.lastFailures(of: EpisodeName("show/e7")).count }
    }

    @Test func nothingRecordedAnswersNothingAndMakesNothing() throws {
        let workspace = try TestWorkspace()
        #expect(try workspace.ask().builds().isEmpty)
        #expect(try workspace.ask().totals(by: .stage).sum.spent == .zero)
        #expect(try workspace.ask().recovery().rate == nil)
        #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/.epbuild"))
    }
}
