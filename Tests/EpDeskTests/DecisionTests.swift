import EpCore
import EpEngine
import EpHistory
import EpPlan
import FoundationEssentials
import Testing

@testable import EpDesk

/// A decision is acted on and put on record by one call.
@Suite struct DecisionTests {
    private static let gated = "  plan: { tool: echo, say: x, gate: true, output: plan.txt }\n  end: { tool: echo, from: [plan] }\n"

    @Test func anApprovalOpensTheGateAndIsOnRecord() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place) = (try show.desk(), try show.place())
        #expect(await desk.start(place, BuildOptions()).end().outcome == .waiting)
        #expect(show.asked.all.isEmpty)
        var answers: [GateAnswer] = []
        try await desk.approve([Target(parsing: "plan")], at: place, Opinion(note: "good")) { answers.append($0) }
        #expect(answers.map { $0.decided.map(\.target.description) } == [["plan"]])
        let decision = try #require(try desk.history(of: place).decisions().first)
        #expect([decision.verb, decision.target, decision.note, decision.by] == ["approve", "plan", "good", "Ann"])
        #expect(decision.time == TestShow.noon)
        #expect(try show.events().last?.contains("gate_approved") == true)
        #expect(await desk.start(place, BuildOptions()).end().outcome == .built)
    }

    @Test func whoDecidesMayBeSaidByTheCall() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        var answers: [GateAnswer] = []
        try await desk.reject([Target(parsing: "plan")], at: place, Opinion(note: "dull", by: "Ben")) { answers.append($0) }
        #expect(answers.first?.decided.first?.consequence == .newTake)
        #expect(try desk.history(of: place).decisions().map(\.by) == ["Ben"])
        #expect(show.asked.all.isEmpty)
    }

    /// What is in the cache before a build has put it anywhere can be decided about by whoever is shown it from there, and by nobody else.
    @Test func whatIsDecidedHasBeenSeen() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place, plan) = (try show.desk(), try show.place(), Target(parsing: "plan"))
        #expect(await desk.start(place, BuildOptions()).end().outcome == .waiting)
        let artifact = try #require(try await desk.builder.inspect(place).gates.first?.subject.digest.hex)
        // As it is while its build still goes on with something else.
        for shown in ["w/.epbuild/gates", "w/show/one/out"] { try? FileManager.default.removeItem(atPath: "\(show.path)/\(shown)") }
        await #expect(throws: Diagnostic.self) { try await desk.approve([plan], at: place, Opinion()) { _ in } }
        let other = String(repeating: "0", count: 64)
        let refusal = await #expect(throws: Diagnostic.self) {
            try await desk.approve([plan], at: place, Opinion(sight: .artifact(other))) { _ in }
        }
        #expect(refusal?.message.hasSuffix("changed meanwhile") == true)
        #expect(try desk.history(of: place).decisions().isEmpty)
        try await desk.approve([plan], at: place, Opinion(sight: .artifact(artifact))) { _ in }
        #expect(try desk.history(of: place).decisions().map(\.target) == ["plan"])
    }

    /// What was decided before the mistake holds, and is told of.
    @Test func aMistakeInOneTargetKeepsTheRecordOfTheOthers() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        await #expect(throws: Diagnostic.self) {
            try await desk.approve([Target(parsing: "plan"), Target(parsing: "plam")], at: place, Opinion()) { _ in }
        }
        #expect(try desk.history(of: place).decisions().map(\.target) == ["plan"])
        #expect(try show.events().last?.contains("gate_approved") == true)
    }

    @Test func nothingIsRecordedOfWhatCouldNotBeDone() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place) = (try show.desk(), try show.place())
        await #expect(throws: Diagnostic.self) { try await desk.unpin(Target(parsing: "plan"), at: place) }
        await #expect(throws: Diagnostic.self) { try await desk.pin(Target(parsing: "plan"), at: place) }
        await #expect(throws: Diagnostic.self) { try await desk.use(Take(2), of: Target(parsing: "plan"), at: place) }
        await #expect(throws: Diagnostic.self) { try await desk.revert(Target(parsing: "plan"), at: place) }
        #expect(try desk.history(of: place).decisions().isEmpty)
    }

    @Test func takesAreAskedForAndChosen() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n  b: { tool: echo, from: [a] }\n")
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        #expect(try await desk.clean(.downstream(of: StageName("a")), at: place).actions.map(\.target.description) == ["a", "b"])
        #expect(try await desk.use(Take(1), of: Target(parsing: "a"), at: place).actions.map(\.count) == [1])
        #expect(
            try desk.history(of: place).decisions().map { "\($0.verb) \($0.target) \($0.note ?? "")" } == [
                "use a take 1", "clean b ", "clean a ",
            ])
    }

    @Test func whatFailedIsMadeAnew() async throws {
        let show = try TestShow("  a: { tool: echo, say: fail }\n")
        let (desk, place) = (try show.desk(), try show.place())
        await #expect(throws: Diagnostic.self) { try await desk.clean(.failed, at: place) }
        #expect(await desk.start(place, BuildOptions()).end().outcome == .failed)
        #expect(try await desk.clean(.failed, at: place).actions.map(\.target.description) == ["a"])
    }

    @Test func aRollbackGoesToTheLastBuildThatWasDifferent() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n")
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        #expect(throws: Diagnostic.self) { try desk.rollBack(place, to: nil, includingShow: false) }
        try show.write("title: Two\n", to: "w/show/one/episode.yaml")
        try show.pipeline("  a: { tool: echo, say: y }\n")
        _ = await desk.start(place, BuildOptions()).end()
        let answer = try desk.rollBack(place, to: nil, includingShow: true)
        #expect(answer.build == 1)
        #expect(try show.read("w/show/one/episode.yaml") == "title: one\n")
        #expect(try await desk.dueActions(of: place) == 0)
        #expect(try desk.history(of: place).decisions().map(\.note) == ["to build 1"])
    }

    @Test func aDraftIsNoBuildOfTheHistory() async throws {
        let show = try TestShow("  a: { tool: echo, say: x }\n")
        let (desk, place) = (try show.desk(), try show.place())
        var options = BuildOptions()
        options.isDraft = true
        _ = await desk.start(place, options).end()
        #expect(try desk.history(of: place).builds().isEmpty)
        #expect(try !show.events().isEmpty)
    }
}
