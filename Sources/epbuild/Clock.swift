import EpCore

/// Time that only goes forward.
enum Clock {
    /// Seconds since some moment.
    static func now() -> Double { (SuspendingClock.now - start).seconds }

    private static let start = SuspendingClock.now
}
