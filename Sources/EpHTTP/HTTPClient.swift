/// Sends requests: the seam between everything that asks over the network, and the network.
///
/// An implementation verifies certificates, follows no redirect, and may be used from many tasks at once.
/// Cancelling the task ends the transfer with an error of kind `cancelled`.
public protocol HTTPClient: Sendable {
    /// - Returns: the response, whatever its status is.
    /// - Throws: when there is no complete response; what a file sink has received is then gone.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

/// How long a request may take.
public struct HTTPTimeouts: Sendable, Hashable {
    /// Until there is a connection.
    public var connect: Duration
    /// How long less than `slowest` may move, before or during the transfer; counted in whole seconds. Nil: for ever, as
    /// a model may think for minutes before it says its first word.
    public var stall: Duration?
    /// In bytes a second.
    public var slowest: Int64
    /// Until the response is complete: the deadline.
    public var total: Duration

    public init(connect: Duration = .seconds(5), stall: Duration? = .seconds(10), slowest: Int64 = 1000, total: Duration = .seconds(600)) {
        self.connect = connect
        self.stall = stall
        self.slowest = slowest
        self.total = total
    }
}

/// Why there is no response.
public struct HTTPError: Error, Sendable, Hashable {
    public enum Kind: Sendable {
        /// The HTTP library is not installed, or this machine has no thread or memory left for a request.
        case unavailable
        case timedOut
        /// No connection.
        case unreachable
        /// The connection broke off: nobody knows what the server has done.
        case brokenOff
        /// The server's certificate is not to be trusted.
        case untrusted
        /// The response is longer than the sink allows.
        case tooLarge
        /// The file to send does not have the digest it is sent under.
        case damagedBody
        /// A file on this machine cannot be read or written.
        case file
        /// The sink or the body wanted no more.
        case refused
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
