import EpCore
import EpEngine
import EpFiles
import EpHistory
import EpPlan
import FoundationEssentials
import Testing

@testable import EpDesk

/// Where results come from, and how long they wait at a gate.
@Suite struct ProvenanceTests {
    private static let gated = "  plan: { tool: echo, say: x, gate: true, output: plan.txt }\n  end: { tool: echo, from: [plan] }\n"

    @Test func aResultNamesItsBuildAndWhoHasApprovedIt() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place, plan) = (try show.desk(), try show.place(), Target(parsing: "plan"))
        let nothing = try desk.provenance(of: plan, in: try await desk.builder.inspect(place))
        #expect(nothing.map(\.action.action.step.state) == [.missing] && nothing.allSatisfy { $0.build == nil && $0.approvals.isEmpty })
        _ = await desk.start(place, BuildOptions()).end()
        _ = await desk.start(place, BuildOptions()).end()
        try await desk.approve([plan], at: place, Opinion(note: "good")) { _ in }
        let inspection = try await desk.builder.inspect(place)
        let answer = try #require(try desk.provenance(of: plan, in: inspection).first)
        #expect(answer.build?.started == TestShow.noon && answer.build?.id == 1)
        #expect(answer.approvals.map(\.by) == ["Ann"] && answer.approvals.map(\.note) == ["good"])
        #expect(try desk.made(plan, in: inspection)?.id == 1)
        #expect(try desk.made(Target(parsing: "end"), in: inspection) == nil)
    }

    /// As long as nothing is known of what it reads, there is no action to tell of.
    @Test func whatCannotBeKnownYetHasNoEntry() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place) = (try show.desk(), try show.place())
        #expect(try desk.provenance(of: Target(parsing: "end"), in: try await desk.builder.inspect(place)).isEmpty)
        #expect(try desk.made(Target(parsing: "end"), in: try await desk.builder.inspect(place)) == nil)
    }

    /// As after a fresh clone: the result is there, and no build of this workspace has made it.
    @Test func whatTheCacheAloneKnowsHasNoBuild() async throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n")
        let (place, plan) = (try show.place(), Target(parsing: "plan"))
        _ = try await show.desk().start(place, BuildOptions()).end()
        try FileManager.default.removeItem(atPath: "\(show.path)/w/.epbuild")
        let desk = try show.desk()
        let inspection = try await desk.builder.inspect(place)
        let answer = try #require(try desk.provenance(of: plan, in: inspection).first)
        #expect(answer.action.action.step.result?.servedBy == "echo" && answer.build == nil && answer.approvals.isEmpty)
        #expect(try desk.made(plan, in: inspection) == nil)
    }

    @Test func noMoreEntriesAreToldThanAskedFor() async throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n  end: { tool: echo, from: [plan] }\n")
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        #expect(try desk.provenance(of: Target(parsing: "plan"), in: try await desk.builder.inspect(place), limit: 0).isEmpty)
    }

    /// What has run last was another take: nothing is said of the one that is in use.
    @Test func anotherTakeIsNotTakenForTheOneInUse() async throws {
        let show = try TestShow("  plan: { tool: echo, say: x }\n")
        let (desk, place, plan) = (try show.desk(), try show.place(), Target(parsing: "plan"))
        _ = await desk.start(place, BuildOptions()).end()
        _ = try await desk.clean(.targets([plan]), at: place)
        _ = await desk.start(place, BuildOptions()).end()
        #expect(try desk.made(plan, in: try await desk.builder.inspect(place))?.id == 2)
        _ = try await desk.use(Take(1), of: plan, at: place)
        let inspection = try await desk.builder.inspect(place)
        #expect(try desk.made(plan, in: inspection) == nil)
        #expect(try desk.provenance(of: plan, in: inspection).first?.build == nil)
    }

    @Test(arguments: [("timeout_minutes: 10", 600.0, false), ("auto_approve_after_seconds: 90", 90.0, true)])
    func aGateTellsUntilWhenItWaits(key: String, seconds: Double, opensByItself: Bool) async throws {
        let show = try TestShow(Self.gated.replacing("gate: true", with: "gate: { \(key) }"))
        let (desk, place, plan) = (try show.desk(), try show.place(), Target(parsing: "plan"))
        _ = await desk.start(place, BuildOptions()).end()
        let wait = try #require(try await desk.builder.inspect(place).wait(at: plan))
        #expect(wait.since == TestShow.noon && wait.until == TestShow.noon.adding(seconds: seconds) && wait.opensByItself == opensByItself)
    }

    @Test func aGateWithoutATimeKeepsNone() async throws {
        let show = try TestShow(Self.gated)
        let (desk, place) = (try show.desk(), try show.place())
        _ = await desk.start(place, BuildOptions()).end()
        let inspection = try await desk.builder.inspect(place)
        let wait = try #require(inspection.wait(at: Target(parsing: "plan")))
        #expect(wait.since == nil && wait.until == nil && !wait.opensByItself)
        #expect(inspection.wait(at: Target(parsing: "end")) == nil, "no gate asks about it")
    }
}
