import EpCore
import EpPlan
import Testing

@testable import EpEngine

/// Steps that are the same action are one action: planned, done, paid for and counted once.
@Suite struct TwinTests {
    private let pipeline =
        "  texts: { source: \"t/*.txt\" }\n  a: { tool: hash, each: texts }\n  b: { tool: hash, each: a }\n  c: { tool: hash, from: [b] }\n  copy: { tool: hash, each: texts, deliver: true }\n"

    /// Four texts, three of them the same.
    private func stage() throws -> Stage {
        let stage = try Stage()
        try stage.pipeline(pipeline)
        for name in 1...4 { try stage.directory.write(name == 3 ? "other" : "same", to: "w/show/ep/t/\(name).txt") }
        return stage
    }

    @Test func thePlanAndTheBuildCountThemOnce() async throws {
        let stage = try stage()
        let plan = try await stage.builder().inspect(stage.place())
        let due = plan.steps.filter { $0.state != .upToDate && $0.twin == nil }
        let twins = plan.steps.filter { $0.twin != nil }
        #expect(due.map(\.target.description) == ["a/1.txt", "a/3.txt", "b/1.txt", "b/3.txt", "c"])
        #expect(Dictionary(uniqueKeysWithValues: twins.map { ("\($0.target)", "\($0.twin!.target)") }) == [
            "a/2.txt": "a/1.txt", "a/4.txt": "a/1.txt", "b/2.txt": "b/1.txt", "b/4.txt": "b/1.txt",
            "copy/1.txt": "a/1.txt", "copy/2.txt": "a/1.txt", "copy/3.txt": "a/3.txt", "copy/4.txt": "a/1.txt",
        ])
        let events = Events()
        let report = try await stage.build(events: events)
        #expect(report.actions.executed == due.count && report.actions.cacheHits == twins.count && report.actions.total == plan.steps.count)
        #expect(report.stages.map { "\($0.name) \($0.counts.executed) \($0.counts.cacheHits)" } == ["a 2 2", "b 2 2", "c 1 0", "copy 0 4"])
        #expect(events.executed.count == due.count && stage.runner.tries == due.count)
        #expect(try await stage.build().outcome == .upToDate)
        let after = try await stage.builder().inspect(stage.place())
        #expect(after.steps.allSatisfy { $0.state == .upToDate })
    }

    /// Texts are bytes: two Unicode forms of a letter are two actions, before they are addressed as after.
    @Test func whatOnlyLooksTheSameIsNone() async throws {
        let stage = try Stage()
        try stage.pipeline(
            "  a: { tool: hash }\n"
                + ["\u{e9}", "e\u{301}", "\u{e9}"].enumerated().map { "  b\($0): { tool: hash, from: [a], say: \"\($1)\" }\n" }.joined())
        let plan = try await stage.builder().inspect(stage.place())
        #expect(plan.steps.map { $0.twin.map { "\($0.target)" } } == [nil, nil, nil, "b0"])
        #expect(try await stage.build().actions.executed == 3)
    }

    /// It is not tried, and paid for, once for each of them.
    @Test func whatFailsIsTriedOnce() async throws {
        let stage = try stage()
        try stage.pipeline("  texts: { source: \"t/*.txt\" }\n  a: { tool: hash, each: texts, say: fail }\n  b: { tool: hash, each: a }\n")
        var options = BuildOptions()
        options.keepGoing = true
        let events = Events()
        let report = try await stage.build(options, events: events)
        #expect(stage.runner.tries == 2)
        #expect((report.actions.failed, report.actions.blocked, report.actions.executed) == (4, 4, 0))
        #expect(report.failures.map(\.diagnostic.message).sorted() == (1...4).map { "a/\($0).txt: it was told to" })
        #expect(Set(events.failed.map(\.description)).count == 4 && events.failed.count == 4)
    }

    @Test func aStopLeavesThemForTheNextBuild() async throws {
        let stage = try stage()
        let stop = BuildStop()
        stop.ask()
        let report = try await stage.build(stop: stop)
        #expect(report.outcome == .interrupted && stage.runner.tries == 0)
        #expect(try await stage.build().outcome == .built)
    }

    /// Of several takes each is an action of its own, for all that are the same.
    @Test func anotherTakeIsOneActionToo() async throws {
        let stage = try stage()
        try await stage.build()
        let builder = try stage.builder()
        let plan = try await builder.inspect(stage.place())
        _ = try builder.clean([Target(parsing: "a/2.txt")], in: plan)
        let after = try await builder.inspect(stage.place())
        #expect(after.steps.filter { $0.state == .stale && $0.twin == nil }.map(\.target.description) == ["a/1.txt"])
    }
}
