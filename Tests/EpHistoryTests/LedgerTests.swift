import EpCore
@testable import EpEngine
import EpFiles
import EpPlan
import FoundationEssentials
import Glibc
import Testing

@testable import EpHistory

@Suite struct LedgerTests {
    private let workspace = Workspace()
    private static let noon = Moment(iso8601: "2026-11-26T12:00:00Z")!
    private static let call = PaidCall(
        provider: "writer", vendor: "openai", service: "api.openai.com", model: "m", atMost: Cost(microUSD: 700))
    private static let site = StepSite(Target(stage: StageName("outlining"), item: "2"), step: "", at: nil)

    /// A directory that goes with this value.
    private final class Workspace: Sendable {
        let path = "/tmp/epledger-test-\(UInt64.random(in: 0 ... .max))"
        init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func place(_ episode: String = "ep") -> EpisodePlace {
            EpisodePlace(directory: "\(path)/show/\(episode)", show: "\(path)/show", workspace: path, isShow: false)
        }
        var file: String { "\(path)/.epbuild/ledger.sqlite" }
    }

    private func send(_ ledger: Ledger, _ episode: String = "ep", at moment: Moment = noon) async throws -> Int64 {
        try await ledger.send(Self.call, for: Self.site, of: workspace.place(episode), at: moment)
    }

    @Test func whatIsOnItsWayCountsAsTheMostThatItMayCost() async throws {
        let ledger = Ledger(), place = workspace.place()
        #expect(try await ledger.spent(by: place, inMonthOf: Self.noon) == (.zero, .zero) && FileStatus(workspace.file) == nil)
        let first = try await send(ledger)
        #expect(try await ledger.spent(by: place, inMonthOf: Self.noon) == (Cost(microUSD: 700), Cost(microUSD: 700)))
        try await ledger.end(first, PaidCall.End(.answered, cost: Cost(microUSD: 20), requestID: "req_1"), of: place, at: Self.noon)
        _ = try await send(ledger, "other")
        #expect(try await ledger.spent(by: place, inMonthOf: Self.noon) == (Cost(microUSD: 20), Cost(microUSD: 720)))
        #expect(try await ledger.spent(by: place, inMonthOf: Moment(iso8601: "2026-12-01T00:00:00Z")!).month == .zero)
        // Another process sees the same.
        #expect(try await Ledger().spent(by: place, inMonthOf: Self.noon).episode == Cost(microUSD: 20))
    }

    @Test func callsOfUnknownPriceAreCountedBesideMoney() async throws {
        let ledger = Ledger(), place = workspace.place()
        let unpriced = PaidCall(provider: "writer", vendor: "openai", service: "x.example", model: "m", atMost: nil)
        _ = try await send(ledger)
        for cost in [Cost.unknown, .zero] {
            let number = try await ledger.send(unpriced, for: Self.site, of: place, at: Self.noon)
            try await ledger.end(number, PaidCall.End(cost == .zero ? .failed : .answered, cost: cost), of: place, at: Self.noon)
        }
        _ = try await ledger.send(unpriced, for: Self.site, of: place, at: Self.noon)
        #expect(
            try await ledger.spent(by: place, inMonthOf: Self.noon) == (
                Cost(microUSD: 700, unpricedCalls: 2), Cost(microUSD: 700, unpricedCalls: 2)
            ))
    }

    @Test func whatAProcessHasLeftIsToldOnceAndStays() async throws {
        let place = workspace.place()
        let dead = ProcessMark(text: "\(getpid()) 1 \((ProcessMark.current.text.split(separator: " ").last).map(String.init) ?? "")")
        _ = try await send(Ledger(process: dead))
        let elsewhere = Ledger(process: ProcessMark(text: "1 1 another-machine"))
        _ = try await send(elsewhere, at: Self.noon.adding(seconds: -7200))
        _ = try await send(elsewhere)
        _ = try await send(Ledger())
        let lost = try await Ledger().takeLost(of: place, at: Self.noon)
        #expect(
            lost.count == 2 && lost.allSatisfy { $0.call == Self.call && $0.episode == "show/ep" && $0.target == "outlining/2" }, "\(lost)")
        #expect(try await Ledger().takeLost(of: place, at: Self.noon).isEmpty)
        let perhaps = try Ledger().perhapsBilled(in: .everything, of: place, at: Self.noon)
        #expect(perhaps == (2, Cost(microUSD: 1400)) && FileStatus(workspace.file) != nil)
        #expect(try Ledger().perhapsBilled(in: HistoryScope(workspace.place("other")), of: place, at: Self.noon).calls == 0)
        #expect(try await Ledger().spent(by: place, inMonthOf: Self.noon).episode == Cost(microUSD: 2800))
    }

    /// It is never set aside: nothing is spent until it can be read.
    @Test func aDamagedLedgerStaysAndForbids() async throws {
        try FileManager.default.createDirectory(atPath: "\(workspace.path)/.epbuild", withIntermediateDirectories: true)
        let rubbish = String(repeating: "no database ", count: 500)
        try rubbish.write(toFile: workspace.file, atomically: false, encoding: .utf8)
        let ledger = Ledger()
        let problem = await #expect(throws: Diagnostic.self) { try await send(ledger) }
        #expect(problem?.code == .system && problem?.message.contains("ledger.sqlite") == true)
        await #expect(throws: Diagnostic.self) { try await ledger.spent(by: workspace.place(), inMonthOf: Self.noon) }
        #expect(try String(contentsOfFile: workspace.file, encoding: .utf8) == rubbish)
    }
}
