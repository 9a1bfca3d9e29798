import EpCore
import EpPlan
import Testing

@testable import EpEngine
@testable import EpHistory

/// Calls and errors of providers, counted from events.
@Suite struct CallTallyTests {
    private static let problem = Diagnostic(.providerFailed, "busy")

    private static func site(_ target: String) -> StepSite { StepSite(Target(parsing: target)) }

    private static func start(_ target: String, _ provider: String, asks: Bool = true) -> BuildEvent.Kind {
        let service = Service(nil, of: provider, call: asks ? ProviderCall(atMost: .zero, isLocal: true) : nil)
        return .actionStarted(BuildEvent.StepStart(site(target), tool: ToolName("llm"), pool: .llm, service: service))
    }

    private static func retry(_ target: String, _ provider: String, _ attempts: Int) -> BuildEvent.Kind {
        .actionRetried(site(target), Retry(provider, attempts: attempts, of: 3, after: problem, cost: .zero, wait: .zero))
    }

    private static func end(_ target: String, _ origin: BuildEvent.Origin = .executed) -> BuildEvent.Kind {
        let result = ActionResult(outputs: [], servedBy: "m")
        return .actionFinished(
            BuildEvent.StepEnd(
                site: site(target), tool: ToolName("llm"), origin: origin, address: ActionDigest(Digest(of: Array(target.utf8))),
                result: result))
    }

    private static func fail(_ target: String, attempts: Int) -> BuildEvent.Kind {
        .failed(Failure(problem, of: site(target), attempts: attempts))
    }

    private func counts(_ kinds: [BuildEvent.Kind]) -> [String: [Int64]] {
        kinds.reduce(into: CallTally()) { $0.observe($1) }.counts.mapValues { [$0.calls, $0.errors] }
    }

    @Test func eachAttemptIsACall() {
        #expect(counts([Self.start("a", "w"), Self.end("a")]) == ["w": [1, 0]])
        #expect(counts([Self.start("a", "w"), Self.retry("a", "w", 1), Self.retry("a", "w", 2), Self.end("a")]) == ["w": [3, 2]])
        #expect(counts([Self.start("a", "w"), Self.retry("a", "w", 1), Self.fail("a", attempts: 2)]) == ["w": [2, 2]])
    }

    /// A key is missing, a breaker is open, another had made it, or nobody was asked at all.
    @Test func whoWasNotAskedIsNotCounted() {
        #expect(counts([Self.start("a", "w"), Self.fail("a", attempts: 0)]) == [:])
        #expect(counts([Self.start("a", "w"), Self.retry("a", "w", 1), Self.fail("a", attempts: 1)]) == ["w": [1, 1]])
        #expect(counts([Self.start("a", "w"), Self.end("a", .cache)]) == [:])
        #expect(counts([Self.start("a", "offline", asks: false), Self.end("a")]) == [:])
        #expect(counts([Self.fail("a", attempts: 1), Self.end("b")]) == [:])
    }
}
