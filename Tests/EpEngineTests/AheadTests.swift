import EpCache
import EpCore
import EpPlan
import Synchronization
import Testing

@testable import EpEngine

/// Results that are used before they are stored.
@Suite struct AheadTests {
    private func hurried() throws -> Stage {
        let stage = try Stage()
        stage.isHurried = true
        try stage.pipeline("  a: { tool: hash, say: one }\n  b: { tool: hash, from: [a] }\n  c: { tool: hash, from: [b] }\n")
        return stage
    }

    @Test func nobodyIsToldOfAResultThatIsNotStored() async throws {
        let stage = try hurried()
        let cache = try DiskCache(path: stage.cachePath)
        let isStored = Mutex<[Bool]>([])
        let reader = Reader { event in
            guard case .actionFinished(let end) = event.kind else { return }
            guard case .hit(let stored) = cache.lookup(end.address, requiring: ["out"]) else { return isStored.withLock { $0.append(false) } }
            isStored.withLock { $0.append(stored.outputs == end.result.outputs) }
        }
        var options = BuildOptions()
        options.precedence = NobodyHasPrecedence()
        let report = try await stage.builder().start(stage.place(), options, readings: [BuildReading(reader)]).end()
        #expect(report.outcome == .built)
        #expect(isStored.withLock(\.self) == [true, true, true])
    }

    /// Whoever has gone on with a result that does not stand in the end begins again with the one that stands.
    @Test func whatStandsCounts() async throws {
        let stage = try hurried()
        let events = Events()
        try await stage.fresh().build(events: events)
        let address = try #require(events.executed.first { $0.target.stage == StageName("a") }?.address)
        let cache = try DiskCache(path: stage.cachePath)
        stage.runner.afterTries(1) {
            guard let blob = try? cache.stage(bytes: Array("theirs".utf8)) else { return }
            let theirs = ActionResult(outputs: [.init(path: "out", digest: blob.digest)], servedBy: "another")
            _ = try? await cache.publish(theirs, for: address, blobs: [blob])
        }
        let report = try await stage.build()
        #expect(report.outcome == .built)
        let other = try stage.fresh(hasCache: true)
        let clean = try await other.build()
        #expect(clean.actions.executed == 0)
        #expect(try stage.outputs(report) == other.outputs(clean))
    }

    private final class Reader: BuildObserver {
        private let body: @Sendable (BuildEvent) -> Void
        init(_ body: @escaping @Sendable (BuildEvent) -> Void) { self.body = body }
        func observe(_ event: BuildEvent) { body(event) }
    }
}
