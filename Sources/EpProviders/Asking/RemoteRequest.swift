public import EpCore
public import EpHTTP

/// A question as a vendor puts it: all but where it goes and with which key.
public struct RemoteRequest: Sendable {
    public enum Body: Sendable {
        /// Nothing is sent: it is asked with GET.
        case none
        case json(Value)
    }

    var method: HTTPRequest.Method { if case .none = body { .get } else { .post } }
    /// Below the provider's base URL, with its query: `chat/completions`.
    public let path: String
    public let headers: [HTTPHeaders.Field]
    public let body: Body
    /// How much comes back at most, in bytes.
    public let limit: Int64

    public init(_ path: String, headers: [HTTPHeaders.Field] = [], _ body: Body, limit: Int64 = 64 << 20) {
        (self.path, self.headers, self.body, self.limit) = (path, headers, body, limit)
    }

    public init(_ path: String, headers: [HTTPHeaders.Field] = [], json: Value) { self.init(path, headers: headers, .json(json)) }

    var bytes: [UInt8] {
        switch body {
        case .none: []
        case .json(let value): Array(value.json().utf8)
        }
    }
}
