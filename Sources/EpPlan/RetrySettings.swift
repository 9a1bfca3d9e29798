import EpCore

/// How often a service is asked, and how long it is waited for it: what a provider, a stage or the workspace says of it. Never part of an address.
///
/// What is nearest to the action counts: its stage, then its provider, then the workspace.
public struct RetrySettings: Sendable, Hashable {
    public private(set) var attempts: Int?
    /// In seconds, as all of these.
    public private(set) var baseDelay: Double?
    public private(set) var longestDelay: Double?
    public private(set) var longestWait: Double?
    /// For one attempt.
    public private(set) var timeout: Double?
    /// For all attempts of one action.
    public private(set) var deadline: Double?

    public static let keys = ["attempts", "base_delay_seconds", "longest_delay_seconds", "longest_wait_seconds", "timeout_seconds", "deadline_seconds"]

    public init() {}

    /// Reads the keys, so that their mistakes are told.
    public init(_ fields: inout Fields) {
        func seconds(_ key: String, from least: Double = 0) -> Double? { fields.number(key, in: least...86_400, unit: "seconds") }
        attempts = fields.int("attempts", in: 1...100)
        (baseDelay, longestDelay, longestWait) = (seconds("base_delay_seconds"), seconds("longest_delay_seconds"), seconds("longest_wait_seconds"))
        (timeout, deadline) = (seconds("timeout_seconds", from: 1), seconds("deadline_seconds", from: 1))
    }

    /// Reads `retry: { … }`, in which nothing else may stand.
    /// - Parameter subject: whose it is.
    init(_ node: Node, of subject: String) throws {
        var fields = try Fields(node, subject: "`retry` of \(subject)")
        self.init(&fields)
        try fields.finish()
    }

    /// Of a provider's settings, which are checked where its vendor is known.
    init(unchecked settings: Value) {
        func seconds(_ key: String) -> Double? { settings[key]?.number }
        attempts = settings["attempts"]?.number.flatMap { Int(exactly: $0) }
        (baseDelay, longestDelay, longestWait) = (seconds("base_delay_seconds"), seconds("longest_delay_seconds"), seconds("longest_wait_seconds"))
        (timeout, deadline) = (seconds("timeout_seconds"), seconds("deadline_seconds"))
    }

    /// What is said here, and where nothing is, what is said farther away.
    public func over(_ farther: RetrySettings) -> RetrySettings {
        var settings = self
        settings.attempts = attempts ?? farther.attempts
        settings.baseDelay = baseDelay ?? farther.baseDelay
        settings.longestDelay = longestDelay ?? farther.longestDelay
        settings.longestWait = longestWait ?? farther.longestWait
        settings.timeout = timeout ?? farther.timeout
        settings.deadline = deadline ?? farther.deadline
        return settings
    }
}
