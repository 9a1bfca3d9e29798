import EpCore
import EpPlan

/// How often a provider is asked, and how long it is waited in between. None of it enters an address.
struct AttemptPolicy: Sendable, Hashable {
    var attempts = 3
    var baseDelay = 5.0
    var longestDelay = 60.0
    /// In seconds: a provider that asks for more counts as unavailable until then.
    var longestServerWait = 120.0
    /// In seconds, for one attempt.
    var timeout = 300.0
    /// In seconds, for all attempts together.
    var deadline = 1800.0

    static let keys = ["attempts", "base_delay_seconds", "longest_delay_seconds", "longest_wait_seconds", "timeout_seconds", "deadline_seconds"]

    init() {}

    /// - Parameter settings: a provider's, which have been checked.
    init(_ settings: Value?) {
        func number(_ key: String) -> Double? { settings?[key]?.number }
        attempts = number("attempts").map { Int($0) } ?? attempts
        baseDelay = number("base_delay_seconds") ?? baseDelay
        longestDelay = number("longest_delay_seconds") ?? longestDelay
        longestServerWait = number("longest_wait_seconds") ?? longestServerWait
        timeout = number("timeout_seconds") ?? timeout
        deadline = number("deadline_seconds") ?? deadline
    }

    /// Reads the same keys, so that their mistakes are told.
    static func check(_ fields: inout Fields) {
        _ = fields.int("attempts", in: 1...100)
        for key in keys.dropFirst() { _ = fields.number(key, in: key == "timeout_seconds" || key == "deadline_seconds" ? 1...86_400 : 0...86_400, unit: "seconds") }
    }

    /// Reads those that a program has: `timeout_seconds` is its stage's.
    static func checkProgram(_ fields: inout Fields) {
        _ = fields.int("attempts", in: 1...100)
        for key in ["base_delay_seconds", "longest_delay_seconds"] { _ = fields.number(key, in: 0...86_400, unit: "seconds") }
        ExitMeanings.check(&fields)
    }

    /// How long to wait after an attempt has failed: full jitter, and no less than the server wants.
    /// - Parameters:
    ///   - failed: how many have failed, from 1.
    ///   - chance: evenly from 0 to 1.
    /// - Returns: nil if the server wants to be left alone for longer than anybody waits.
    func wait(after failed: Int, server: Duration?, chance: Double) -> Duration? {
        let jitter = chance * min(longestDelay, baseDelay * Double(sign: .plus, exponent: min(failed, 60), significand: 1))
        guard let server = server?.seconds else { return .seconds(jitter) }
        guard server <= longestServerWait else { return nil }
        return .seconds(max(jitter, server * (1 + chance / 10)))
    }
}
