import EpHTTP

@testable import EpProviders

/// A way to nowhere, for what asks no service.
private struct NoClient: HTTPClient {
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        throw HTTPError(.unreachable, "a test has asked for \(request)")
    }
}

extension Services {
    static var unused: Services { Services(client: NoClient(), secrets: Secrets { _ in nil }) }
}
