import FoundationEssentials

/// What a server is shown to be let in. It never prints its secrets.
public enum Authorization: Sendable, Hashable {
    case bearer(token: String)
    case basic(user: String, password: String)

    /// RFC 6750 and RFC 7617.
    public var header: HTTPHeaders.Field {
        switch self {
        case .bearer(let token): .init("Authorization", "Bearer \(token)")
        case .basic(let user, let password):
            .init("Authorization", "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())")
        }
    }
}

extension Authorization: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .bearer: "bearer …"
        case .basic: "basic …"
        }
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
