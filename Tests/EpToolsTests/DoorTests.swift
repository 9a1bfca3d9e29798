import EpCore
import EpFiles
import EpPlan
import Synchronization
import Testing

@testable import EpEngine
@testable import EpProviders

/// A model that fails so many times, and asks its build before it tries again.
private final class StubbornModel: LanguageModelVendor {
    let name = "stubborn"
    let revision = "1"
    private let failures: Int
    private let wait: Duration
    private let begun: @Sendable () -> Void

    /// - Parameter begun: called when it is about to ask.
    init(_ failures: Int, wait: Duration = .zero, begun: @escaping @Sendable () -> Void = {}) {
        (self.failures, self.wait, self.begun) = (failures, wait, begun)
    }

    func call(_ question: ModelQuestion, by provider: ProviderConfiguration?, _ prices: PriceTable, on day: String) -> ProviderCall? {
        ProviderCall(atMost: Cost(usd: 0.3))
    }

    func answer(_ question: ModelQuestion, _ serving: Serving) async throws -> ModelAnswer {
        for attempt in 1..<(failures + 1) {
            begun()
            let problem = Diagnostic(.providerFailed, "busy")
            try await serving.door.again(Retry(name, attempts: attempt, of: 9, after: problem, cost: Cost(usd: 0.1), wait: wait))
        }
        return ModelAnswer("at last", servedBy: name, cost: Cost(usd: 0.05))
    }
}

/// What a running step asks of its build.
@Suite struct DoorTests {
    private func machines(_ model: StubbornModel, _ workspace: String = "") throws -> TwoMachines {
        let machines = try TwoMachines(models: [], more: [model])
        try machines.write("providers: { w: { tool: llm, use: stubborn } }\n\(workspace)", to: "w/epbuild.yaml")
        return machines
    }

    @Test func everyAttemptIsToldAndPaid() async throws {
        let machines = try machines(StubbornModel(2))
        let happened = Happened()
        let report = try await machines.build(BuildOptions(), happened)
        #expect(report.outcome == .built && report.cost == Cost(usd: 0.25), "\(report)")
        #expect(happened.retries.map(\.attempts) == [1, 2] && happened.retries.allSatisfy { $0.most == 9 && $0.problem.message == "busy" })
    }

    @Test func attemptsCountAsCalls() async throws {
        let machines = try machines(StubbornModel(5), "limits: { calls: 3 }\n")
        let report = try await machines.build()
        #expect(report.exitStatus == .tryAgain && report.failures.first?.problem.code == .overBudget, "\(report.failures)")
        #expect(report.cost == Cost(usd: 0.3), "three attempts were paid for")
    }

    @Test func whatAttemptsCostCountsAgainstTheBudget() async throws {
        let machines = try machines(StubbornModel(5), "")
        var options = BuildOptions()
        options.budget = Cost(usd: 0.45)
        // After the first has cost 0.1, there is room for another that may cost 0.3; after the second there is not.
        let report = try await machines.build(options)
        #expect(report.exitStatus == .tryAgain && report.cost == Cost(usd: 0.2), "\(report)")
    }

    /// Whoever stops a build ends all waiting; what waited has not failed.
    @Test func aStopEndsTheWaiting() async throws {
        let waiting = AsyncStream.makeStream(of: Void.self)
        let machines = try machines(StubbornModel(1, wait: .seconds(1_000_000)) { waiting.continuation.yield() })
        let stop = BuildStop()
        let build = try machines.builder().start(machines.place(), BuildOptions(), stop: stop)
        for await _ in waiting.stream { break }
        stop.ask()
        let report = await build.end()
        #expect(report.outcome == .interrupted && report.failures.isEmpty, "\(report.failures)")
    }
}
