public import EpCore
public import EpHTTP

/// A question as a vendor puts it: all but where it goes and with which key.
public struct RemoteRequest: Sendable {
    public enum Body: Sendable {
        /// Nothing is sent: it is asked with GET.
        case none
        case json(Value)
        case form([FormPart])
    }

    var method: HTTPRequest.Method { if case .none = body { .get } else { .post } }
    /// Below the provider's base URL, with its query: `chat/completions`.
    public let path: String
    public let headers: [HTTPHeaders.Field]
    public let body: Body
    /// True if the answer comes piece by piece: then it may take as long as it goes on.
    var isStreamed = false
    /// True for a place that stands beside the version of the API, not below it: `/dev` beside `/v1`.
    var isBesideVersion = false
    /// How much comes back at most, in bytes.
    public let limit: Int64

    public init(_ path: String, headers: [HTTPHeaders.Field] = [], _ body: Body, limit: Int64 = 64 << 20) {
        (self.path, self.headers, self.body, self.limit) = (path, headers, body, limit)
    }

    public init(_ path: String, headers: [HTTPHeaders.Field] = [], json: Value) { self.init(path, headers: headers, .json(json)) }

    /// What is sent, and its type.
    var content: (bytes: [UInt8], type: String) {
        switch body {
        case .none: return ([], "application/json")
        case .json(let value): return (Array(value.json().utf8), "application/json")
        case .form(let parts):
            let form = FormBody(parts)
            return (form.bytes, form.contentType)
        }
    }
}
