import EpCore
import EpFiles
import EpPlan
import Synchronization
import Testing

@testable import EpEngine

/// How long actions may run.
@Suite struct TimeLimitTests {
    @Test(arguments: [
        (TimeLimit(seconds: 60), nil, 60.0), (TimeLimit(seconds: 60), 100, 60), (TimeLimit(seconds: 60, isAdaptive: true), nil, 60),
        (TimeLimit(seconds: 60, isAdaptive: true), 100, 500), (TimeLimit(seconds: nil, isAdaptive: true), 0.1, 10),
    ] as [(TimeLimit, Double?, Double)])
    func fiveTimesWhatLikeActionsTook(limit: TimeLimit, typical: Double?, expected: Double) {
        #expect(limit.seconds(typical: typical) == expected)
    }

    @Test func nobodyKnowsALimitBeforeAnythingIsRecorded() {
        #expect(TimeLimit(seconds: nil, isAdaptive: true).seconds(typical: nil) == nil)
    }

    @Test func whatIsGivenCountsFromTheActionsBeginning() throws {
        let stage = try Stage()
        let place = try stage.place()
        let extensions = TimeoutExtensions(of: place)
        let start = Moment(seconds: 1_000_000)
        try extensions.add(50, to: Target(stage: StageName("a"), item: "de"), of: place, at: Moment(seconds: 999_999))
        try extensions.add(60, to: Target(stage: StageName("a"), item: "de"), of: place, at: Moment(seconds: 1_000_001))
        try extensions.add(7, to: Target(stage: StageName("a")), of: place, at: Moment(seconds: 1_000_002))
        func given(_ target: String) -> Double { extensions.seconds(for: Target(parsing: target), of: place, since: start) }
        #expect(given("a/de") == 67 && given("a/de/3") == 67 && given("a/den") == 7 && given("b") == 0)
    }

    /// An action whose time is over goes on for what it was given meanwhile, and no longer.
    @Test func anExtendedActionGoesOn() async throws {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash, timeout_seconds: 30 }\n")
        let place = try stage.place()
        let held = Gate()
        stage.runner.afterTries(1) { await held.wait() }
        let slept = Mutex<[Duration]>([])
        var surroundings = Surroundings.system
        surroundings.sleep = { duration in
            let count = slept.withLock { slept in
                slept.append(duration)
                return slept.count
            }
            if count == 1 { try TimeoutExtensions(of: place).add(600, to: Target(stage: StageName("a")), of: place, at: .now) }
            if count == 2 {
                held.open()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        let report = try await stage.builder(surroundings).start(place, BuildOptions()).report
        #expect(report.outcome == .built)
        #expect(slept.withLock(\.self) == [.seconds(30), .seconds(600)])
    }
}
