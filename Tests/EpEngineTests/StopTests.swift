import EpCore
import EpPlan
import Testing

@testable import EpEngine

/// A stop belongs to the builds that it is given to.
@Suite struct StopTests {
    private func stage() throws -> Stage {
        let stage = try Stage()
        try stage.pipeline("  a: { tool: hash }\n  b: { tool: hash, from: [a] }\n  c: { tool: hash, from: [b] }\n")
        return stage
    }

    @Test func whatWasStoppedBuildsAgain() async throws {
        let stage = try stage()
        let builder = try stage.builder()
        let stop = BuildStop()
        let stopped = try await builder.build(stage.place(), BuildOptions(), observer: Events { _ in stop.ask() }, stop: stop)
        #expect(stopped.outcome == .interrupted && stopped.actions.executed == 1)
        #expect(try await builder.build(stage.place(), BuildOptions(), observer: Events(), stop: stop).outcome == .interrupted, "the same stop holds")
        let again = try await builder.build(stage.place(), BuildOptions(), observer: Events())
        #expect(again.outcome == .built && again.actions.executed == 2)
    }

    /// Of two builds at once either can be stopped: here the first, while the second is the last that began.
    @Test func oneOfTwoIsStopped() async throws {
        let (first, second) = (try stage(), try stage())
        let stop = BuildStop()
        let begun = AsyncStream.makeStream(of: Void.self)
        async let other = {
            var begin = begun.stream.makeAsyncIterator()
            await begin.next()
            return try await second.build()
        }()
        let report = try await first.build(events: Events { _ in
            begun.continuation.yield()
            stop.ask()
        }, stop: stop)
        #expect(report.outcome == .interrupted)
        #expect(try await other.outcome == .built)
    }
}
