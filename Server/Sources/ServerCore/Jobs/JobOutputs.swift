import EpCore
import EpEngine
import EpPlan
import Synchronization

/// What builds of jobs make of their targets, for those who wait to hear it: they are told as soon as it is stored, which is before a build
/// has ended and before the log knows.
final class JobOutputs: Sendable {
    private struct Entry {
        /// By target; of a target that takes several steps nothing is known before the build has ended.
        var made: [Target: [ActionResult.Output]] = [:]
        var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private struct State {
        var jobs: [Int64: Entry] = [:]
        /// Of those that go on.
        var running: Set<Int64> = []
        var next = 0
    }

    private let state = Mutex(State())

    /// Reads what the builds of one job tell.
    func reading(of job: Int64) -> BuildReading {
        state.withLock { _ = $0.running.insert(job) }
        return BuildReading(Reader(self, job))
    }

    /// The job has come to an end: nobody waits for it here any more.
    func end(_ job: Int64) {
        let entry = state.withLock { state in
            state.running.remove(job)
            return state.jobs.removeValue(forKey: job)
        }
        entry?.waiting.values.forEach { $0.finish() }
    }

    /// Waits until a job has made a target.
    /// - Returns: nil if it has not by the time, or has ended: then the cache knows.
    func outputs(of target: Target, by job: Int64, within time: Duration) async -> [ActionResult.Output]? {
        await withTaskGroup(of: [ActionResult.Output]?.self) { group in
            group.addTask { await self.outputs(of: target, by: job) }
            group.addTask {
                try? await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func outputs(of target: Target, by job: Int64) async -> [ActionResult.Output]? {
        let (signs, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.next += 1
            state.jobs[job, default: Entry()].waiting[state.next] = continuation
            return state.next
        }
        defer { leave(number, job) }
        var sign = signs.makeAsyncIterator()
        while true {
            if let made = state.withLock({ $0.jobs[job]?.made[target] }) { return made }
            guard await sign.next() != nil else { return nil }
        }
    }

    private func leave(_ number: Int, _ job: Int64) {
        state.withLock { state in
            state.jobs[job]?.waiting[number] = nil
            // Of a job that has not begun, or that another server does, nothing is kept when nobody waits.
            if !state.running.contains(job), state.jobs[job]?.waiting.isEmpty == true { state.jobs[job] = nil }
        }
    }

    private func note(_ target: Target, _ outputs: [ActionResult.Output], of job: Int64) {
        let waiting: [AsyncStream<Void>.Continuation] = state.withLock { state in
            guard state.running.contains(job) else { return [] }
            state.jobs[job, default: Entry()].made[target] = outputs
            return state.jobs[job].map { Array($0.waiting.values) } ?? []
        }
        waiting.forEach { $0.yield() }
    }

    private final class Reader: BuildObserver {
        private let outputs: JobOutputs
        private let job: Int64

        init(_ outputs: JobOutputs, _ job: Int64) { (self.outputs, self.job) = (outputs, job) }

        func observe(_ event: BuildEvent) {
            guard case .actionFinished(let end) = event.kind, end.site.step.isEmpty else { return }
            outputs.note(end.target, end.result.outputs, of: job)
        }
    }
}
