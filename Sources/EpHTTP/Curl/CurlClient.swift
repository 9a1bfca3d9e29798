import CCurl
public import EpFiles
import Synchronization

/// HTTP by libcurl, which is loaded at the first request.
///
/// Requests run in order of arrival, those whose bodies are in memory on one thread together (`CurlLoop`), others on threads of their own;
/// connections are kept for the next request.
/// HTTPS is verified against the system's authorities; no redirect is followed; `~/.netrc` is not read.
public final class CurlClient: HTTPClient {
    private let workers: WorkerPool
    private let loop: CurlLoop
    private let surroundings: CurlSurroundings
    /// Those at rest; the last used is taken first, as its connection is the most likely to live.
    private let handles = Mutex<[CurlHandle]>([])
    /// A connection has one; the others are for whoever does something with what comes.
    private static let descriptorsForOne = 8

    /// - Parameters:
    ///   - connections: how many requests run at once.
    ///   - small: how many of those run at once whose bodies are in memory, if they are to be more.
    ///   - descriptors: how many this process may have, nil: any number. Where it may have few, fewer of those run at once.
    ///   - usesProxy: whether `http_proxy`, `https_proxy`, `no_proxy` of the environment count.
    ///   - authorities: a PEM file of certificates to trust instead of the system's.
    public init(
        connections: Int = 8, small: Int = 0, descriptors: Int? = SystemLimits.descriptors, usesProxy: Bool = false,
        authorities: String? = nil
    ) {
        precondition(connections > 0, "a client needs a connection")
        workers = WorkerPool(threads: connections)
        surroundings = CurlSurroundings(usesProxy: usesProxy, authorities: authorities)
        let room = descriptors.map { $0 / Self.descriptorsForOne } ?? small
        loop = CurlLoop(connections: max(connections, min(small, room)), surroundings)
    }

    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if request.isHeldInMemory, let outcome = await loop.send(request) { return try outcome.get() }
        let cancellation = Cancellation()
        let outcome = await withTaskCancellationHandler {
            await workers.run { Result { () throws(HTTPError) in try self.perform(request, cancellation) } }
        } onCancel: {
            cancellation.request()
        }
        return try outcome.get()
    }

    private func perform(_ request: HTTPRequest, _ cancellation: Cancellation) throws(HTTPError) -> HTTPResponse {
        guard !cancellation.isRequested else { throw HTTPError(.cancelled, "cancelled") }
        guard ccurl_load() else { throw HTTPError(.unavailable, "libcurl is missing") }
        guard let handle = handles.withLock({ $0.popLast() }) ?? CurlHandle() else {
            throw HTTPError(.unavailable, "libcurl could not start")
        }
        defer { handles.withLock { $0.append(handle) } }
        let keptOne = handle.hasClearHTTP2(for: request)
        do throws(HTTPError) {
            return try perform(request, on: handle, cancellation)
        } catch {
            // A connection that was kept may be closed by now, and then libcurl would speak HTTP/1.1 on the next.
            guard keptOne, error.mayBeOfAnOldConnection, request.body.canBeSentAgain, !cancellation.isRequested else {
                throw error
            }
            return try perform(request, on: handle, cancellation)
        }
    }

    private func perform(_ request: HTTPRequest, on handle: CurlHandle, _ cancellation: Cancellation) throws(HTTPError) -> HTTPResponse {
        let transfer = try CurlTransfer(request, on: handle, cancellation)
        do throws(HTTPError) {
            let response = try transfer.perform(surroundings, isKept: handle.hasClearHTTP2(for: request))
            if request.speaksClearHTTP2 { handle.clearHTTP2.insert(request.origin) }
            return response
        } catch {
            handle.clearHTTP2.remove(request.origin)
            throw error
        }
    }
}

extension HTTPRequest {
    var speaksClearHTTP2: Bool { version == .http2 && url.hasPrefix("http:") }

    /// The scheme, host and port of its url.
    var origin: String {
        let rest = url.drop { $0 != ":" }.dropFirst(3)
        return "\(url.prefix { $0 != ":" })://\(rest.prefix { $0 != "/" && $0 != "?" })"
    }
}

extension HTTPRequest {
    /// Whether nothing but the network keeps it waiting.
    fileprivate var isHeldInMemory: Bool {
        switch (body, sink) {
        case (.none, .none), (.none, .memory), (.bytes, .none), (.bytes, .memory): true
        default: false
        }
    }
}

extension HTTPRequest.Body {
    fileprivate var canBeSentAgain: Bool { if case .pieces = self { false } else { true } }
}

/// Set by the task that waits for a transfer, read by the thread that runs it.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isRequested: Bool { flag.load(ordering: .relaxed) }
    func request() { flag.store(true, ordering: .relaxed) }
}

/// A libcurl "easy" handle: its live connections, and room for its messages.
final class CurlHandle: @unchecked Sendable {
    // Safe to share: a handle is in the idle list or with the one thread that took it out.
    let pointer: UnsafeMutableRawPointer
    let message: UnsafeMutablePointer<CChar>
    /// The origins to which it keeps a connection that speaks HTTP/2 in clear text.
    fileprivate(set) var clearHTTP2: Set<String> = []

    /// Nil when out of memory.
    init?() {
        guard let pointer = ccurl_init() else { return nil }
        self.pointer = pointer
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    /// Whether a connection that it keeps may serve a request in HTTP/2 in clear text.
    func hasClearHTTP2(for request: HTTPRequest) -> Bool {
        request.speaksClearHTTP2 && clearHTTP2.contains(request.origin)
    }

    deinit {
        ccurl_cleanup(pointer)
        message.deallocate()
    }
}
