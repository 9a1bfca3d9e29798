public import EpCore
public import EpDesk
public import EpEngine
import Synchronization

/// Does the jobs, one after the other in each lane. Whatever it does is the desk's build of the same episodes.
public final class JobRunner: Sendable {
    private struct State {
        var running: [Int64: BuildStop] = [:]
        var isEnding = false
        var wake: [CheckedContinuation<Void, Never>] = []
        var hasWork = true
    }

    public let store: JobStore
    private let lanes: Int
    private let desk: @Sendable (String) throws -> Desk
    private let place: @Sendable (String) -> EpisodePlace?
    private let changed: @Sendable () -> Void
    private let warn: @Sendable (Diagnostic) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - lanes: how many jobs go on at once.
    ///   - desk: a desk for a person.
    ///   - place: the episode of a name.
    ///   - changed: is told whenever a job is another than before.
    public init(
        _ store: JobStore, lanes: Int, desk: @escaping @Sendable (String) throws -> Desk, place: @escaping @Sendable (String) -> EpisodePlace?,
        changed: @escaping @Sendable () -> Void, warn: @escaping @Sendable (Diagnostic) -> Void
    ) {
        (self.store, self.lanes, self.desk, self.place, self.changed, self.warn) = (store, lanes, desk, place, changed, warn)
    }

    // MARK: the lanes

    /// Works until `end`. Jobs of a server that was killed come first into the queue.
    public func run() async {
        do { _ = try await store.recover() } catch { warnOf(error) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes { group.addTask { await self.work() } }
        }
    }

    private func work() async {
        while !state.withLock(\.isEnding) {
            do {
                if let job = try await store.claim() { await perform(job) } else { await pause() }
            } catch {
                warnOf(error)
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func perform(_ job: Job) async {
        changed()
        let stop = BuildStop()
        let isEnding = state.withLock { state in
            state.running[job.id] = stop
            return state.isEnding
        }
        if isEnding { stop.ask(.pause) }
        defer { state.withLock { $0.running[job.id] = nil } }
        do {
            let reports = try await build(job, stop)
            let isEnding = state.withLock(\.isEnding)
            let stopped = reports.contains { $0.outcome == .paused || $0.outcome == .interrupted }
            let event: JobEvent = isEnding && stopped ? .interrupted : .ended(outcome: Self.worst(reports))
            // What a person has stopped meanwhile stays so: that event has no place then.
            _ = try await store.note(event, of: job.id, reports: reports.map(\.value))
        } catch {
            let problem = [Diagnostic](describing: error).first ?? Diagnostic(.system, "\(error)")
            do {
                _ = try await store.note(.ended(outcome: "failed"), of: job.id, reports: [["outcome": "failed", "failures": .list([Self.value(problem)])]])
            } catch { warnOf(error) }
        }
        changed()
    }

    private func build(_ job: Job, _ stop: BuildStop) async throws -> [BuildReport] {
        let desk = try desk(job.by)
        let places = try job.order.episodes.map { name in
            guard let place = place(name) else { throw Diagnostic(.usage, "there is no episode \(name) any more") }
            return place
        }
        var options = BuildOptions()
        options.targets = job.order.targets.map(Target.init(parsing:))
        (options.jobs, options.budget, options.isDraft, options.keepGoing) = (job.order.jobs, job.order.budget, job.order.isDraft, job.order.keepsGoing)
        if job.order.isRetry {
            options.isRetry = true
            options.targets = try desk.failed(of: places)
            if options.targets.isEmpty { return [] }
        }
        var reports: [BuildReport] = []
        _ = await desk.build(places, options, readings: [BuildReading(RunningMark(places))], stop: stop) { report, _ in reports.append(report) }
        return reports
    }

    private static func worst(_ reports: [BuildReport]) -> String {
        reports.max { $0.exitStatus < $1.exitStatus }?.outcome.rawValue ?? BuildReport.Outcome.upToDate.rawValue
    }

    private static func value(_ problem: Diagnostic) -> Value {
        .object([.init("code", .string(problem.code.rawValue)), .init("message", .string(problem.message))])
    }

    // MARK: what people ask for

    /// - Returns: the job, on disk.
    public func add(_ order: Job.Order, by name: String) async throws -> Job {
        let job = try await store.add(order, by: name)
        wake()
        changed()
        return job
    }

    /// Cancels, pauses or resumes a job.
    /// - Returns: nil if there is no such job.
    /// - Throws: `Problem` 409 if that cannot happen to it.
    public func change(_ id: Int64, _ event: JobEvent) async throws -> Job? {
        guard try await store.job(id) != nil else { return nil }
        guard let job = try await store.note(event, of: id) else { throw Problem(409, "that cannot become of this build any more") }
        let stop = state.withLock { $0.running[id] }
        switch event {
        case .cancelled: stop?.ask(.cancel)
        case .paused: stop?.ask(.pause)
        default: wake()
        }
        changed()
        return job
    }

    /// Stops all jobs; another start of the server goes on with them.
    public func end() {
        let (stops, waiting) = state.withLock { state in
            state.isEnding = true
            defer { state.wake = [] }
            return (Array(state.running.values), state.wake)
        }
        stops.forEach { $0.ask(.pause) }
        waiting.forEach { $0.resume() }
    }

    /// Cancels what runs, and goes on with what is queued: `epbuild stop` asks for that.
    public func cancelRunning() { state.withLock { Array($0.running.values) }.forEach { $0.ask(.cancel) } }

    private func wake() {
        let waiting = state.withLock { state in
            defer { state.wake = [] }
            state.hasWork = true
            return state.wake
        }
        waiting.forEach { $0.resume() }
    }

    private func pause() async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.hasWork || state.isEnding {
                    state.hasWork = false
                    return true
                }
                state.wake.append(continuation)
                return false
            }
            if isDue { continuation.resume() }
        }
    }

    private func warnOf(_ error: any Error) { [Diagnostic](describing: error).forEach(warn) }
}
