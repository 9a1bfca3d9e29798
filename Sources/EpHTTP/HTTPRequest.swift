public import EpCore

/// A question to a server. Its description never shows a header or a body, where the secrets are.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable { case get = "GET", head = "HEAD", put = "PUT", post = "POST", patch = "PATCH", delete = "DELETE" }

    /// Which HTTP is spoken.
    public enum Version: Sendable {
        /// HTTP/2 over TLS where the server offers it, else HTTP/1.1.
        case negotiated
        case http1
        /// HTTP/2; in clear text from the first byte on, without asking: for servers that speak nothing else, as gRPC's.
        case http2
    }

    /// What is sent.
    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// The file is hashed on its way, and the transfer ends before its last bytes if they are not what the digest says.
        case file(path: String, digest: Digest)
        /// Made while it is sent; nil ends it. It cannot be sent again, should a kept connection turn out to be closed.
        ///
        /// The size is that of all pieces, in bytes; without one they are sent chunked.
        case pieces(size: Int64? = nil, @Sendable () throws(HTTPError) -> [UInt8]?)
    }

    /// Where the body of a response with a wanted status goes. Limits are in bytes.
    public enum Sink: Sendable {
        /// Nobody reads it.
        case none
        case memory(limit: Int64)
        /// A new file, hashed on its way. It is there only if the request succeeded with a wanted status.
        case file(path: String, limit: Int64)
        /// Each piece as it arrives, on a thread of the client's; false ends the transfer with an error of kind `refused`.
        case pieces(@Sendable (HTTPHead, [UInt8]) -> Bool)
    }

    public var method: Method
    /// `http` or `https`, without credentials.
    public var url: String
    public var headers: HTTPHeaders
    public var body: Body
    public var sink: Sink
    /// Statuses whose body goes into the sink. Of others the beginning is kept as `errorBody`.
    public var wanted: ClosedRange<Int>
    public var version: Version
    public var timeouts: HTTPTimeouts
    /// True if `http_proxy`, `https_proxy` and `no_proxy` of the environment count, whatever the client does otherwise.
    public var usesProxy = false

    public init(
        _ method: Method, _ url: String, headers: HTTPHeaders = [], body: Body = .none, sink: Sink = .none,
        wanted: ClosedRange<Int> = 200...299, version: Version = .negotiated, timeouts: HTTPTimeouts = HTTPTimeouts()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.sink = sink
        self.wanted = wanted
        self.version = version
        self.timeouts = timeouts
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method and the address without its query.
    public var description: String { "\(method.rawValue) \(url.prefix { $0 != "?" })" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
