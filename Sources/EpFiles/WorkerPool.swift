import Glibc
import Synchronization

/// A few threads for calls that block, which must not hold up Swift's own, of which there is one a core.
///
/// Threads start when there is more work than idle ones, and end with the pool.
public final class WorkerPool: Sendable {
    private let queue: WorkQueue

    /// - Parameter niceness: how far the threads stand back where there are not enough processors for all.
    public init(threads: Int, niceness: Int32 = 0) {
        queue = WorkQueue(limit: threads, niceness: niceness)
    }

    deinit { queue.close() }

    /// Has work done on one of the threads, in order of arrival, and does not wait for it.
    public func add(_ work: @escaping @Sendable () -> Void) { queue.add(work) }

    /// Runs work on one of the threads, in order of arrival.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.add { continuation.resume(returning: work()) }
        }
    }
}

/// The work that waits for a thread; shared by the pool and its threads, which outlive the pool until they notice.
private final class WorkQueue: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var arriving: [Job] = []
        /// In reverse, so that the next one is the last.
        var leaving: [Job] = []
        var threads = 0
        var idle = 0
        var isClosed = false

        mutating func next() -> Job? {
            if leaving.isEmpty { swap(&leaving, &arriving); leaving.reverse() }
            return leaving.popLast()
        }

        var waiting: Int { arriving.count + leaving.count }
    }

    private let limit: Int
    private let niceness: Int32
    private let state = Mutex(State())
    private let signal = Semaphore()

    init(limit: Int, niceness: Int32) { (self.limit, self.niceness) = (limit, niceness) }

    func add(_ job: @escaping Job) {
        let needsThread = state.withLock { state in
            state.arriving.append(job)
            guard state.waiting > state.idle, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        signal.post()
        if needsThread, !Thread.start(work) { workWithoutThread() }
    }

    /// Where no thread can be had, and none is there, whoever asks does the work: late is better than never.
    private func workWithoutThread() {
        let job = state.withLock { state in
            state.threads -= 1
            return state.threads == 0 ? state.next() : nil
        }
        job?()
    }

    func close() {
        let threads = state.withLock { state in
            state.isClosed = true
            return state.threads
        }
        for _ in 0..<threads { signal.post() }
    }

    private func work() {
        // Signals are for the program's own threads; a closed connection must not end it by SIGPIPE.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        // Of this thread alone: Linux keeps it for each.
        if niceness > 0 { setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness) }
        while true {
            state.withLock { $0.idle += 1 }
            signal.wait()
            let (job, isClosed) = state.withLock { state in
                state.idle -= 1
                return (state.next(), state.isClosed)
            }
            if let job { job() } else if isClosed { return }
        }
    }
}
