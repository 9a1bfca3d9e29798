import EpCore
import EpPlan
import Synchronization
import Testing

@testable import EpEngine

/// Builds are stopped, paused and waited for by whoever holds them.
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
        stage.runner.afterTries(1) { stop.ask() }
        let stopped = try await builder.start(stage.place(), BuildOptions(), stop: stop).report
        #expect(stopped.outcome == .interrupted && stopped.actions.executed == 1)
        #expect(try await builder.start(stage.place(), BuildOptions(), stop: stop).report.outcome == .interrupted, "the same stop holds")
        let again = try await builder.start(stage.place(), BuildOptions()).report
        #expect(again.outcome == .built && again.actions.executed == 2)
    }

    @Test func whatIsPausedGoesOn() async throws {
        let stage = try stage()
        let builder = try stage.builder()
        let held = Gate()
        stage.runner.afterTries(1) { await held.wait() }
        let build = try builder.start(stage.place(), BuildOptions())
        build.pause()
        held.open()
        let paused = await build.report
        #expect(paused.outcome == .paused && paused.exitStatus == .tryAgain && paused.actions.executed <= 1)
        let again = try await builder.start(stage.place(), BuildOptions()).report
        #expect(again.outcome == .built && again.actions.executed + paused.actions.executed == 3)
    }

    /// A harder stop is heard after a gentle one, and a gentle one not after a harder.
    @Test func theHardestStopHolds() {
        let stop = BuildStop()
        let asked = Mutex<[BuildStop.Manner]>([])
        _ = stop.remember { manner in asked.withLock { $0.append(manner) } }
        for manner in [BuildStop.Manner.pause, .finish, .pause, .cancel, .finish] { stop.ask(manner) }
        #expect(asked.withLock(\.self) == [.pause, .finish, .cancel])
    }

    /// Of two builds at once in one process either can be stopped: here the first, while the second is the last that began.
    @Test func oneOfTwoIsStopped() async throws {
        let (first, second) = (try stage(), try stage())
        let held = Gate()
        first.runner.afterTries(1) { await held.wait() }
        let stopped = try first.builder().start(first.place(), BuildOptions())
        let other = try second.builder().start(second.place(), BuildOptions())
        #expect(stopped.id != other.id)
        #expect(await other.report.outcome == .built)
        stopped.stop()
        held.open()
        #expect(await stopped.report.outcome == .interrupted)
    }
}
