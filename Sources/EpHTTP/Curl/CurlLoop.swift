import CCurl
import EpFiles
import Synchronization

/// Requests whose bodies are in memory, many at once on one thread: what is small costs little more than its bytes.
///
/// The thread waits for nothing but the network, so that no request holds up another.
final class CurlLoop: Sendable {
    private let inbox = CurlInbox()
    private let connections: Int
    private let surroundings: CurlSurroundings

    /// - Parameter connections: how many requests run at once.
    init(connections: Int, _ surroundings: CurlSurroundings) {
        self.connections = connections
        self.surroundings = surroundings
    }

    deinit { inbox.close() }

    /// - Returns: nil if the system has no thread to give.
    func send(_ request: HTTPRequest) async -> Result<HTTPResponse, HTTPError>? {
        let cancellation = Cancellation()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { reply in
                let job = CurlJob(request: request, cancellation: cancellation, reply: reply)
                guard inbox.add(job) else { return }
                let (inbox, connections, surroundings) = (inbox, connections, surroundings)
                let hasThread = Thread.start { CurlRounds(inbox, connections: connections, surroundings)?.run() }
                if !hasThread { for job in inbox.giveUp() { job.reply.resume(returning: nil) } }
            }
        } onCancel: {
            cancellation.request()
            inbox.noteCancellation()
        }
    }
}

/// What surrounds all requests of a client.
struct CurlSurroundings: Sendable {
    /// Whether the environment's proxies count.
    let usesProxy: Bool
    /// A file of certificates to trust instead of the system's.
    let authorities: String?
}

/// A request, and who waits for what comes of it.
struct CurlJob: Sendable {
    let request: HTTPRequest
    let cancellation: Cancellation
    let reply: CheckedContinuation<Result<HTTPResponse, HTTPError>?, Never>
    /// True once it has failed on a connection that was closed by then.
    var isRepeated = false
}

/// Jobs on their way to the loop's thread.
final class CurlInbox: Sendable {
    private struct State {
        var arriving: [CurlJob] = []
        var hasThread = false
        var isClosed = false
        var hasCancelled = false
        /// There while its thread waits, or is about to.
        var asleep: CurlMulti?
    }

    private let state = Mutex(State())

    /// What has come since the last time.
    struct Mail {
        let jobs: [CurlJob]
        let isClosed: Bool
        let hasCancelled: Bool
    }

    /// - Returns: whether a thread must be started.
    func add(_ job: CurlJob) -> Bool {
        state.withLock { state in
            state.arriving.append(job)
            Self.wake(&state)
            defer { state.hasThread = true }
            return !state.hasThread
        }
    }

    func noteCancellation() {
        state.withLock { state in
            state.hasCancelled = true
            Self.wake(&state)
        }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            Self.wake(&state)
        }
    }

    func take() -> Mail {
        state.withLock { state in
            defer { (state.arriving, state.hasCancelled) = ([], false) }
            return Mail(jobs: state.arriving, isClosed: state.isClosed, hasCancelled: state.hasCancelled)
        }
    }

    /// The thread is about to wait.
    /// - Returns: false if there is something new.
    func sleep(_ multi: CurlMulti, knowing mail: Mail) -> Bool {
        state.withLock { state in
            guard state.arriving.isEmpty, !state.hasCancelled, state.isClosed == mail.isClosed else { return false }
            state.asleep = multi
            return true
        }
    }

    func awake() { state.withLock { $0.asleep = nil } }

    /// The thread ends, or there is none.
    func giveUp() -> [CurlJob] {
        state.withLock { state in
            defer { (state.arriving, state.hasThread) = ([], false) }
            return state.arriving
        }
    }

    private static func wake(_ state: inout State) {
        state.asleep?.wake()
        state.asleep = nil
    }
}

/// A libcurl "multi" handle, with the connections that it keeps.
final class CurlMulti: @unchecked Sendable {
    // Safe to share: all but `wake`, which libcurl allows from any thread, is called by the loop's thread alone.
    let pointer: UnsafeMutableRawPointer

    /// Nil when out of memory.
    init?(connections: Int) {
        guard let pointer = ccurl_multi_init(connections) else { return nil }
        self.pointer = pointer
    }

    deinit { ccurl_multi_cleanup(pointer) }

    func wake() { ccurl_multi_wake(pointer) }
}
