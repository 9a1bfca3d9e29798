import EpHTTP
import Synchronization

/// Counts requests on their way.
final class CountingClient: HTTPClient {
    private let base = CurlClient()
    private let sent = Mutex(0)

    var count: Int { sent.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        sent.withLock { $0 += 1 }
        return try await base.send(request)
    }
}
