import EpHTTP

/// Waits for a peer that other tests keep from its processor: what is tried is what it says, and not how soon.
struct PatientClient: HTTPClient {
    private let base = CurlClient(connections: 8)

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        var request = request
        request.timeouts.stall = .seconds(120)
        return try await base.send(request)
    }
}
