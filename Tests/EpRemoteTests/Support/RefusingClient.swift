import EpHTTP

/// A server that refuses entries with certain bytes in them, as one does that looks into them and does not know these.
struct RefusingClient: HTTPClient {
    private let base = CurlClient()
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if request.method == .put, request.url.contains("/ac/"), case .bytes(let body) = request.body, body.firstRange(of: bytes) != nil {
            return HTTPResponse(HTTPHead(status: 422))
        }
        return try await base.send(request)
    }
}
