import EpCore

/// Whether a service is worth asking, as all that ask it have found. A value without a clock: times are seconds since any moment.
///
/// It opens after failures in a row, all by themselves; then one may try, and the others wait for what comes of it.
struct Breaker: Sendable {
    enum Answer: Equatable {
        case go
        /// One tries at this very moment, or the service wants to be left alone for a while.
        case wait(seconds: Double)
        /// Nobody is to wait for it: seconds until one may try; nil: until the configuration changes.
        case open(seconds: Double?)
    }

    static let threshold = 5
    static let firstPause = 60.0
    static let longestPause = 600.0
    /// How often those who wait for a trial look for its end, in seconds.
    private static let glance = 0.25

    private var failuresInARow = 0
    private var pause = Self.firstPause
    private var openUntil: Double?
    private var isTrying = false
    /// A server has asked to be left alone.
    private var quietUntil = 0.0
    /// Why it is open until the configuration changes.
    private(set) var lasting: ProviderFailure?

    /// - Parameter isPatient: false if another may serve: then nobody waits for a trial.
    mutating func ask(now: Double, longestWait: Double, isPatient: Bool) -> Answer {
        if lasting != nil { return .open(seconds: nil) }
        if let until = openUntil {
            let rest = until - now
            if rest > 0 { return isPatient && rest <= longestWait ? .wait(seconds: rest) : .open(seconds: rest) }
            if isTrying { return isPatient ? .wait(seconds: Self.glance) : .open(seconds: 0) }
            isTrying = true
            return .go
        }
        let rest = quietUntil - now
        if rest > 0 { return rest <= longestWait ? .wait(seconds: rest) : .open(seconds: rest) }
        return .go
    }

    /// Seconds until one may try; nil if it is not open.
    func rest(now: Double) -> Double? {
        if lasting != nil { return .infinity }
        return openUntil.map { $0 - now }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// - Returns: true if it was open.
    @discardableResult
    mutating func succeed() -> Bool {
        defer { (failuresInARow, pause, openUntil, isTrying) = (0, Self.firstPause, nil, false) }
        return openUntil != nil
    }

    /// Whoever was let in has not come to anything that tells of the service.
    mutating func giveUp() { isTrying = false }

    /// - Returns: true if it has opened with this failure.
    mutating func note(_ failure: ProviderFailure, now: Double) -> Bool {
        switch failure.kind {
        case .money, .key:
            defer { (lasting, isTrying) = (failure, false) }
            return lasting == nil
        case .tooOften:
            isTrying = false
            if let wait = failure.wait { quietUntil = max(quietUntil, now + wait.seconds) }
            return false
        case .transient: return fail(now: now)
        case .badAnswer, .cutOff, .refused, .tooLong, .wrongQuestion:
            // It answers.
            succeed()
            return false
        }
    }

    private mutating func fail(now: Double) -> Bool {
        if openUntil != nil {
            // Those that were under way when it opened tell nothing new; a trial that fails does.
            guard isTrying else { return false }
            pause = min(Self.longestPause, pause * 2)
            (openUntil, isTrying) = (now + pause, false)
            return false
        }
        failuresInARow += 1
        guard failuresInARow >= Self.threshold else { return false }
        openUntil = now + pause
        return true
    }
}
