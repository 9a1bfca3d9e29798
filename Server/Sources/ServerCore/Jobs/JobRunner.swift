public import EpCore
public import EpDesk
public import EpEngine
import Synchronization

/// Does the jobs, one after the other in each lane. Whatever it does is the desk's build of the same episodes.
public final class JobRunner: Sendable {
    /// One start of a job. Somebody may have paused and resumed it before an earlier one has come to its end.
    private struct Start: Hashable {
        let job: Int64
        let number: Int
    }

    private struct State {
        var running: [Start: BuildStop] = [:]
        var isEnding = false
        var wake: [CheckedContinuation<Void, Never>] = []
        /// Counts what may have brought work: whoever has looked before the last of them looks again.
        var wakes = 0
    }

    public let store: JobStore
    private let lanes: Int
    private let desk: @Sendable (String) throws -> Desk
    private let place: @Sendable (String) -> EpisodePlace?
    private let resolve: @Sendable (Job.Order) -> Job.Order
    private let changed: @Sendable () -> Void
    private let warn: @Sendable (Diagnostic) -> Void
    private let state = Mutex(State())
    private let outputs = JobOutputs()

    /// - Parameters:
    ///   - lanes: how many jobs go on at once.
    ///   - desk: a desk for a person.
    ///   - place: the episode of a name.
    ///   - resolve: names the episodes of an order's shows.
    ///   - changed: is told whenever a job is another than before.
    public init(
        _ store: JobStore, lanes: Int, desk: @escaping @Sendable (String) throws -> Desk,
        place: @escaping @Sendable (String) -> EpisodePlace?,
        resolve: @escaping @Sendable (Job.Order) -> Job.Order = { $0 }, changed: @escaping @Sendable () -> Void,
        warn: @escaping @Sendable (Diagnostic) -> Void
    ) {
        (self.store, self.lanes, self.desk, self.place, self.resolve) = (store, lanes, desk, place, resolve)
        (self.changed, self.warn) = (changed, warn)
    }

    // MARK: the lanes

    /// Works until `end`. Jobs of a server that was killed come first into the queue.
    public func run() async {
        do { _ = try await store.recover() } catch { warnOf(error) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes { group.addTask { await self.work() } }
            // Whoever has changed a line hears it beside whatever goes on.
            group.addTask { await self.work(least: Job.Order.urgent) }
            group.addTask { await self.watchTheClock() }
        }
    }

    /// Asks for what templates have times for.
    private func watchTheClock() async {
        while !state.withLock(\.isEnding) {
            do {
                if try await store.askForDue(resolve) > 0 {
                    wake()
                    changed()
                }
            } catch { warnOf(error) }
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
        }
    }

    private func work(least: Int = .min) async {
        while !state.withLock(\.isEnding) {
            let seen = state.withLock(\.wakes)
            do {
                if let job = try await store.claim(except: busy, least: least) { await perform(job) } else { await pause(since: seen) }
            } catch {
                warnOf(error)
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private var busy: Set<Int64> { state.withLock { Set($0.running.keys.map(\.job)) } }

    private func perform(_ job: Job) async {
        changed()
        let (stop, start) = (BuildStop(), Start(job: job.id, number: job.starts))
        let isEnding = state.withLock { state in
            state.running[start] = stop
            return state.isEnding
        }
        if isEnding { stop.ask(.pause) }
        defer {
            state.withLock { $0.running[start] = nil }
            outputs.end(job.id)
            // It may have been resumed before it had stopped: then its turn comes now.
            wake()
        }
        do {
            // Whoever has stopped it since it was claimed has not found it running.
            guard let known = try await store.job(job.id), known.state == .running, known.starts == job.starts else { return }
            if job.order.isMerge { return try await merge(job, stop) }
            let reports = try await build(job, stop)
            let isEnding = state.withLock(\.isEnding)
            let stopped = reports.contains { $0.outcome == .paused || $0.outcome == .interrupted }
            let event: JobEvent = isEnding && stopped ? .interrupted : .ended(outcome: Self.worst(reports))
            // What a person has stopped meanwhile stays so: that event has no place then.
            _ = try await store.note(event, of: job.id, start: job.starts, reports: reports.map(\.value))
        } catch {
            let problem = [Diagnostic](describing: error).first ?? Diagnostic(.system, "\(error)")
            do {
                _ = try await store.note(
                    .ended(outcome: "failed"), of: job.id, start: job.starts,
                    reports: [["outcome": "failed", "failures": .list([Self.value(problem)])]])
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
        (options.jobs, options.budget, options.isDraft, options.keepGoing) = (
            job.order.jobs, job.order.budget, job.order.isDraft, job.order.keepsGoing
        )
        if job.order.isRetry {
            options.isRetry = true
            options.targets = try desk.failed(of: places)
            if options.targets.isEmpty { return [] }
        }
        var reports: [BuildReport] = []
        // Whoever names targets waits for these, perhaps.
        let listeners = options.targets.isEmpty ? [] : [outputs.reading(of: job.id)]
        _ = await desk.build(places, options, readings: [BuildReading(RunningMark(places))] + listeners, stop: stop) { report, _ in
            reports.append(report)
        }
        return reports
    }

    /// Brings edits and generations together; what has to be generated is built first.
    private func merge(_ job: Job, _ stop: BuildStop) async throws {
        let desk = try desk(job.by)
        guard let place = job.order.episodes.first.flatMap(place) else { throw Diagnostic(.usage, "there is no such episode any more") }
        var outcomes: [MergeOutcome] = []
        do {
            for target in job.order.targets.map(Target.init(parsing:)) {
                outcomes += try await desk.merge(target, at: place, readings: [BuildReading(RunningMark([place]))], stop: stop)
            }
        } catch is CancellationError {
            let event: JobEvent = state.withLock(\.isEnding) ? .interrupted : .ended(outcome: "interrupted")
            _ = try await store.note(event, of: job.id, start: job.starts)
            return changed()
        }
        let isClean = outcomes.allSatisfy { $0.conflicts == 0 }
        _ = try await store.note(
            .ended(outcome: isClean ? "built" : "failed"), of: job.id, start: job.starts, reports: outcomes.map(\.value))
        changed()
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
        let stops = state.withLock { $0.running.filter { $0.key.job == id }.map(\.value) }
        switch event {
        case .cancelled: stops.forEach { $0.ask(.cancel) }
        case .paused: stops.forEach { $0.ask(.pause) }
        default: wake()
        }
        changed()
        return job
    }

    /// Waits for what a job makes of one of its targets.
    /// - Returns: nil if that is not there by the time, or the job has ended: then the cache knows.
    func outputs(of target: Target, by job: Int64, within time: Duration) async -> [ActionResult.Output]? {
        await outputs.outputs(of: target, by: job, within: time)
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
            state.wakes += 1
            return state.wake
        }
        waiting.forEach { $0.resume() }
    }

    private func pause(since seen: Int) async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.wakes != seen || state.isEnding { return true }
                state.wake.append(continuation)
                return false
            }
            if isDue { continuation.resume() }
        }
    }

    private func warnOf(_ error: any Error) { [Diagnostic](describing: error).forEach(warn) }
}

extension MergeOutcome {
    fileprivate var value: Value {
        [
            "target": .string(target.description), "file": .string(file), "conflicts": .int(Int64(conflicts)),
            "kept": kept.map { .string($0) } ?? .null,
            "outcome": .string(conflicts == 0 ? "built" : "failed"),
        ]
    }
}
