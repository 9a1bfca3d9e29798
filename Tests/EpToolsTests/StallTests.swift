import EpCore
import EpFiles
import EpPlan
import Synchronization
import Testing

@testable import EpEngine
@testable import EpProviders

/// A model that does not answer the first time, until it is cancelled or told to.
private final class SilentModel: LanguageModelVendor {
    let name = "silent"
    let revision = "1"
    private let asked = Mutex(0)
    /// Ends its silence.
    let words = AsyncStream.makeStream(of: Void.self)

    var count: Int { asked.withLock(\.self) }

    func check(_ provider: inout Fields) { _ = RetrySettings(&provider) }

    func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer {
        let count = asked.withLock { asked in
            asked += 1
            return asked
        }
        if count == 1 { for await _ in words.stream { break } }
        try Task.checkCancellation()
        return ModelAnswer("at last", servedBy: name)
    }
}

/// Actions that give no sign of life.
@Suite struct StallTests {
    /// Time passes at once as long as the model is silent.
    private func build(_ settings: String, speaks: Bool = false) async throws -> (report: BuildReport, stalls: [Stall], asked: Int) {
        let model = SilentModel()
        var surroundings = Surroundings.system
        surroundings.sleep = { duration in
            try Task.checkCancellation()
            if duration < .seconds(30) || model.count != 1 { try await Task.sleep(for: duration) }
        }
        let machines = try TwoMachines(models: [], more: [model], surroundings: surroundings)
        try machines.providers("w: { tool: llm, use: silent\(settings) }")
        let stalls = Stalls { if speaks { model.words.continuation.yield() } }
        let report = try await machines.builder().start(machines.place(), BuildOptions(), readings: [BuildReading(stalls)]).end()
        return (report, stalls.seen, model.count)
    }

    private final class Stalls: BuildObserver, Sendable {
        private let all = Mutex<[Stall]>([])
        private let act: @Sendable () -> Void

        init(_ act: @escaping @Sendable () -> Void) { self.act = act }

        var seen: [Stall] { all.withLock(\.self) }

        func observe(_ event: BuildEvent) {
            guard case .actionStalled(_, let stall) = event.kind else { return }
            all.withLock { $0.append(stall) }
            act()
        }
    }

    @Test func itIsToldOnceAndGoesOn() async throws {
        let (report, stalls, asked) = try await build(", stall_seconds: 60", speaks: true)
        #expect(report.outcome == .built && stalls == [Stall(seconds: 60, action: .wait)] && asked == 1, "\(report.failures)")
    }

    @Test func itIsEndedAndHasFailed() async throws {
        let (report, stalls, asked) = try await build(", stall_seconds: 90, stall_action: stop")
        let failure = try #require(report.failures.first)
        #expect(
            failure.problem.code == .providerFailed && failure.problem.message.contains("no sign of life for 90 s") && asked == 1,
            "\(failure)")
        #expect(stalls == [Stall(seconds: 90, action: .stop)])
    }

    @Test func itIsRunAgain() async throws {
        let (report, stalls, asked) = try await build(", stall_action: retry")
        #expect(report.outcome == .built && stalls == [Stall(seconds: 60, action: .retry)] && asked == 2, "\(report.failures)")
    }

    /// A service may want to be left alone for longer than a stall lasts.
    @Test func whoWaitsAsItIsToldIsWell() async throws {
        let pulse = Pulse(), slept = Mutex(0), (ended, end) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let waiting = Task {
            await pulse.whileWaiting {
                begin.yield()
                for await _ in ended { break }
            }
        }
        for await _ in begun { break }
        try await pulse.silence(of: .seconds(60)) { _ in
            let count = slept.withLock { count in
                count += 1
                return count
            }
            guard count == 3 else { return }
            end.yield()
            await waiting.value
        }
        #expect(slept.withLock(\.self) == 4, "three times it waited, and the end of that is a sign of life")
    }

    @Test func whatIsNoActionIsAMistake() async throws {
        let report = try await build(", stall_action: wiat").report
        #expect(
            report.failures.first?.problem.message == "`stall_action` of provider \"w\" is \"wiat\""
                && report.failures.first?.problem.remedy == "did you mean \"wait\"?", "\(report.failures)")
    }
}
