public import EpCore

/// What a server says before the body.
public struct HTTPHead: Sendable, Hashable {
    public var status: Int
    public var headers: HTTPHeaders

    public init(status: Int, headers: HTTPHeaders = []) {
        self.status = status
        self.headers = headers
    }

    /// In bytes, if the server said so.
    public var contentLength: Int64? { headers["Content-Length"].flatMap { Int64($0) } }
}

/// A complete answer.
public struct HTTPResponse: Sendable {
    public enum Body: Sendable {
        case bytes([UInt8])
        /// The digest of what is now in the sink's file.
        case file(Digest)
    }

    /// How much is kept of a body whose status was not wanted: 64 KiB, more than any error message has.
    public static let errorLimit = 64 << 10

    public let head: HTTPHead
    /// What the sink took, if it keeps anything.
    public let body: Body
    /// The beginning of the body, if the status was not one of the wanted.
    public let errorBody: [UInt8]
    /// Headers behind the body, where gRPC has its status.
    public let trailers: HTTPHeaders

    public var status: Int { head.status }

    public init(_ head: HTTPHead, body: Body = .bytes([]), errorBody: [UInt8] = [], trailers: HTTPHeaders = []) {
        self.head = head
        self.body = body
        self.errorBody = errorBody
        self.trailers = trailers
    }

    /// The body's bytes; none if it went into a file.
    public var bytes: [UInt8] { if case .bytes(let bytes) = body { bytes } else { [] } }
}
