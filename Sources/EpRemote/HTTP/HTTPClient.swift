public import EpCore

/// Sends requests: the seam between a store and the network.
///
/// An implementation verifies certificates, follows no redirect, and may be used from many tasks at once.
/// Cancelling the task ends the transfer with an error of kind `cancelled`.
public protocol HTTPClient: Sendable {
    /// - Returns: the response, whatever its status is.
    /// - Throws: when there is no complete response; what was received is then gone.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable { case get = "GET", head = "HEAD", put = "PUT" }

    public struct Header: Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What is sent, always with its `Content-Length`.
    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// The file is hashed on its way, and the transfer ends before its last bytes if they are not what the digest says.
        case file(path: String, digest: Digest)
    }

    /// Where the body of a response with status 200 goes; of any other it is dropped. Limits are in bytes.
    public enum Sink: Sendable {
        /// Nobody reads it.
        case none
        case memory(limit: Int64)
        /// A new file, hashed on its way. It is there only if the request succeeded with status 200.
        case file(path: String, limit: Int64)
    }

    public var method: Method
    /// `http` or `https`, without credentials.
    public var url: String
    public var headers: [Header]
    public var body: Body
    public var sink: Sink
    public var timeouts: HTTPTimeouts

    public init(
        _ method: Method, _ url: String, headers: [Header] = [], body: Body = .none, sink: Sink = .none,
        timeouts: HTTPTimeouts = HTTPTimeouts()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.sink = sink
        self.timeouts = timeouts
    }
}

/// How long a request may take.
public struct HTTPTimeouts: Sendable, Hashable {
    /// Until there is a connection.
    public var connect: Duration
    /// How long less than 1 kB/s may move, before or during the transfer; counted in whole seconds.
    public var stall: Duration
    /// Until the response is complete.
    public var total: Duration

    public init(connect: Duration = .seconds(5), stall: Duration = .seconds(10), total: Duration = .seconds(600)) {
        self.connect = connect
        self.stall = stall
        self.total = total
    }
}

public struct HTTPResponse: Sendable {
    public enum Body: Sendable {
        case bytes([UInt8])
        /// The digest of what is now in the sink's file.
        case file(Digest)
    }

    public let status: Int
    /// In bytes, if the server said so.
    public let contentLength: Int64?
    public let body: Body

    public init(status: Int, contentLength: Int64? = nil, body: Body = .bytes([])) {
        self.status = status
        self.contentLength = contentLength
        self.body = body
    }
}

/// Why there is no response.
public struct HTTPError: Error, Sendable, Hashable {
    public enum Kind: Sendable {
        /// The HTTP library is not installed.
        case unavailable
        case timedOut
        /// No connection, or one that broke off.
        case unreachable
        /// The server's certificate is not to be trusted.
        case untrusted
        /// The response is longer than the sink allows.
        case tooLarge
        /// The file to send does not have the digest it is sent under.
        case damagedBody
        /// A file on this machine cannot be read or written.
        case file
        case cancelled
    }

    public let kind: Kind
    /// A clause for people, such as `Failed to connect to localhost port 1`.
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
