import EpCore
public import EpPlan
import Synchronization

/// What a step of a pass asks of it while it runs.
struct StepDoor: CallDoor {
    private let site: StepSite
    private let journal: CallJournal
    private let signal: StopSignal
    private let ask: @Sendable (Retry, Reply) -> Void

    /// - Parameter ask: puts the question before the loop.
    init(_ site: StepSite, _ journal: CallJournal, _ signal: StopSignal, ask: @escaping @Sendable (Retry, Reply) -> Void) {
        (self.site, self.journal, self.signal, self.ask) = (site, journal, signal, ask)
    }

    func tell(_ change: BreakerChange) { journal.tell(change) }
    func tell(_ stall: Stall) { journal.tell(stall, of: site) }
    func tell(_ stage: RemoteStage) { journal.tell(stage, of: site) }
    func tell(_ wait: LeaseWait) { journal.tell(wait, of: site) }
    func sending(_ call: PaidCall) async throws -> Int64? { try await journal.send(call, for: site) }
    func ended(_ number: Int64, _ end: PaidCall.End) async { await journal.end(number, end) }

    func again(_ retry: Retry) async throws {
        let reply = Reply()
        ask(retry, reply)
        try await reply.take()
        try await wait(retry.wait)
    }

    func wait(_ duration: Duration) async throws { try await signal.wait(duration) }

    /// The loop's answer to one question. Whoever is cancelled waits for it no longer.
    struct Reply: Sendable {
        private let answers: AsyncStream<Result<Void, any Error>>
        private let outbox: AsyncStream<Result<Void, any Error>>.Continuation

        init() { (answers, outbox) = AsyncStream.makeStream() }

        func give(_ answer: Result<Void, any Error>) { outbox.yield(answer) }

        fileprivate func take() async throws {
            for await answer in answers { return try answer.get() }
            throw CancellationError()
        }
    }
}

/// Ends the waiting of all steps of a pass, as soon as nothing new is started.
final class StopSignal: Sendable {
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state = Mutex((isGiven: false, waiting: [UInt64: AsyncStream<Never>.Continuation](), next: UInt64(0)))

    init(_ sleep: @escaping @Sendable (Duration) async throws -> Void) { self.sleep = sleep }

    func give() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            state.isGiven = true
            return state.waiting.values
        }
        waiting.forEach { $0.finish() }
    }

    /// - Throws: `StepWithdrawn` if the signal is given before the time is over.
    func wait(_ duration: Duration) async throws {
        let (ended, end) = AsyncStream.makeStream(of: Never.self)
        let number = state.withLock { state -> UInt64 in
            state.next += 1
            if state.isGiven { end.finish() } else { state.waiting[state.next] = end }
            return state.next
        }
        defer { state.withLock { _ = $0.waiting.removeValue(forKey: number) } }
        try await withThrowingTaskGroup(of: Bool.self) { [sleep] group in
            group.addTask {
                try await sleep(duration)
                return true
            }
            group.addTask {
                for await _ in ended {}
                return false
            }
            defer { group.cancelAll() }
            guard let isOver = try await group.next() else { return }
            try Task.checkCancellation()
            if !isOver { throw StepWithdrawn() }
        }
    }
}

extension BreakerChange {
    public var words: String {
        if !isOpen { return "\(service) serves again" }
        return seconds.map { "\(service) has failed again and again, and is left alone for \(Int($0)) s" }
            ?? "\(service) is asked no more: \(reason)"
    }
}

extension Stall {
    /// After the name of the step.
    public var words: String {
        let what = switch action {
        case .wait: "it goes on (`stall_seconds`, `stall_action`)"
        case .retry: "it is run again"
        case .stop: "it is ended"
        }
        return "no sign of life for \(Int(seconds)) s; \(what)"
    }
}

extension Retry {
    /// In a sentence, without the step: of many lines that meet the same, a person is told once.
    public var words: String { "\(provider) fails (\(problem.headline)): it is asked again" }
}

extension LeaseWait {
    /// In a sentence, without the step: many wait at the same time, and a person is told once.
    public var words: String { "another machine is asking for the same: its result is waited for, in \(store)" }
}

extension RemoteStage {
    /// After the name of the step.
    public var words: String {
        let who = worker.isEmpty ? cluster : "\(worker) of \(cluster)"
        return switch name {
        case .lookingUp: "is looked up by \(cluster)"
        case .queued: "waits for a worker of \(cluster)"
        case .executing: "runs on \(who)"
        case .completed: "has run on \(who)"
        }
    }
}
