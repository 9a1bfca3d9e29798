public import EpCore

/// One thing that the doctor looked at.
public struct Check: Sendable {
    public enum State: String, Sendable {
        case ok
        /// Builds go on without it.
        case warning
        /// Something cannot be built without it.
        case missing
    }

    public let subject: String
    public let state: State
    public let message: String
    /// One line; nil if there is nothing to do.
    public let remedy: String?

    init(_ subject: String, _ state: State, _ message: String, remedy: String? = nil) {
        (self.subject, self.state, self.message, self.remedy) = (subject, state, message, remedy)
    }

    public var value: Value {
        .object([.init("subject", .string(subject)), .init("state", .string(state.rawValue)), .init("message", .string(message))]
            + (remedy.map { [.init("remedy", .string($0))] } ?? []))
    }
}
