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

    init() {}

    init(_ settings: RetrySettings) {
        attempts = settings.attempts ?? attempts
        baseDelay = settings.baseDelay ?? baseDelay
        longestDelay = settings.longestDelay ?? longestDelay
        longestServerWait = settings.longestWait ?? longestServerWait
        timeout = settings.timeout ?? timeout
        deadline = settings.deadline ?? deadline
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
