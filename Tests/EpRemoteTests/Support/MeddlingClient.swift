import EpHTTP
import Synchronization

/// Passes requests on, and meddles with those to one method of a service.
final class MeddlingClient: HTTPClient {
    enum Meddling: Sendable {
        case none
        /// The stream breaks after its first piece.
        case breaksOff
        /// Nobody is there.
        case isAway
        /// Something happens before it is sent.
        case after(@Sendable () -> Void)
    }

    private let base = CurlClient(connections: 8)
    private let method: String
    private let meddle: @Sendable (_ number: Int) -> Meddling
    private let counts = Mutex<[String: Int]>([:])

    /// - Parameters:
    ///   - method: what its url ends with: `Execute`.
    ///   - meddle: what is done with each of its calls, from 1.
    init(_ method: String, _ meddle: @escaping @Sendable (Int) -> Meddling) { (self.method, self.meddle) = (method, meddle) }

    func count(of method: String) -> Int { counts.withLock { $0[method] ?? 0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let name = request.url.split(separator: "/").last.map(String.init) ?? ""
        let number = counts.withLock { counts in
            counts[name, default: 0] += 1
            return counts[name] ?? 0
        }
        var request = request
        switch name == method ? meddle(number) : .none {
        case .none: break
        case .isAway: throw HTTPError(.unreachable, "nobody is there")
        case .after(let happen): happen()
        case .breaksOff:
            guard case .pieces(let take) = request.sink else { break }
            request.sink = .pieces { head, piece in
                _ = take(head, piece)
                return false
            }
        }
        return try await base.send(request)
    }
}
