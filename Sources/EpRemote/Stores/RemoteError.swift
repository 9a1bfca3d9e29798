/// A remote did not do what it was asked to. Trouble on this machine is a `Diagnostic` instead.
public struct RemoteError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case timedOut
        /// No connection, or a directory that is not there.
        case unreachable
        /// Its certificate is not to be trusted.
        case untrusted
        /// It does not let us in: 401, 403, or no permission.
        case denied
        /// 507, 413, or no space.
        case full
        /// Any other 5xx, or an I/O error.
        case broken
        /// An answer that the protocol does not know.
        case unexpected
    }

    public let kind: Kind
    /// A clause that goes on after the remote's name: `answered 503 to PUT`.
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
