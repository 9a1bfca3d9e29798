import EpHTTP
import Synchronization

@testable import EpRemote

/// A server that has too many calls at a time: it turns a question away some times before it takes it.
final class CrowdedPeer: HTTPClient {
    private let base = CompressingPeer()
    private let crowd: Int
    private struct Question: Hashable {
        let method: String
        let bytes: [UInt8]
    }
    private let calls = Mutex<[Question: Int]>([:])

    /// - Parameter crowd: how many times it is turned away.
    init(crowd: Int) { self.crowd = crowd }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let bytes = if case .bytes(let bytes) = request.body { bytes } else { [] as [UInt8] }
        let question = Question(method: request.url, bytes: bytes)
        let number = calls.withLock { calls in
            calls[question, default: 0] += 1
            return calls[question, default: 0]
        }
        guard number <= crowd else { return try await base.send(request) }
        let code = GRPCStatus.Code.resourceExhausted.rawValue
        // As gRPC's own servers do it: the status stands in the head, as there is no body.
        return HTTPResponse(HTTPHead(status: 200, headers: ["grpc-status": "\(code)", "grpc-message": "Concurrent RPC limit exceeded!"]))
    }
}
