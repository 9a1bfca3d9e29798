import EpCore

/// How often a service is asked, and how long it is waited for it: what a provider, a stage or the workspace says of it. Never part of an
/// address.
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
    /// After how long without a sign of life an action counts as stalled.
    public private(set) var stall: Double?
    /// What is done about it then.
    public private(set) var stallAction: StallAction?

    public static let keys = [
        "attempts", "base_delay_seconds", "longest_delay_seconds", "longest_wait_seconds", "timeout_seconds", "deadline_seconds",
        "stall_seconds", "stall_action",
    ]

    public init() {}

    /// Reads the keys, so that their mistakes are told.
    public init(_ fields: inout Fields) {
        func seconds(_ key: String, from least: Double = 0) -> Double? { fields.number(key, in: least...86_400, unit: "seconds") }
        attempts = fields.int("attempts", in: 1...100)
        (baseDelay, longestDelay, longestWait) = (
            seconds("base_delay_seconds"), seconds("longest_delay_seconds"), seconds("longest_wait_seconds")
        )
        (timeout, deadline) = (seconds("timeout_seconds", from: 1), seconds("deadline_seconds", from: 1))
        stall = seconds("stall_seconds", from: 1)
        guard let word = fields.text("stall_action") else { return }
        stallAction = StallAction(rawValue: word)
        guard stallAction == nil else { return }
        fields.report(Diagnostic(
            .badInput, "`stall_action` of \(fields.subject) is \"\(word)\"", at: fields.node("stall_action")?.location,
            remedy: Suggestion.remedy(for: word, in: StallAction.allCases.map(\.rawValue))))
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
        (baseDelay, longestDelay, longestWait) = (
            seconds("base_delay_seconds"), seconds("longest_delay_seconds"), seconds("longest_wait_seconds")
        )
        (timeout, deadline) = (seconds("timeout_seconds"), seconds("deadline_seconds"))
        (stall, stallAction) = (seconds("stall_seconds"), settings["stall_action"]?.string.flatMap(StallAction.init))
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
        settings.stall = stall ?? farther.stall
        settings.stallAction = stallAction ?? farther.stallAction
        return settings
    }
}

/// What is done about an action that gives no sign of life.
public enum StallAction: String, Sendable, CaseIterable {
    /// It goes on.
    case wait
    /// It is ended and run again, as often as `attempts` says.
    case retry
    /// It is ended, and has failed.
    case stop
}

/// That an action has given no sign of life for a while.
public struct Stall: Sendable, Hashable {
    public let seconds: Double
    public let action: StallAction

    public init(seconds: Double, action: StallAction) { (self.seconds, self.action) = (seconds, action) }
}
