/// How often listeners are told that a log has grown. Each is written to alone: the more there are, the longer an event waits for those
/// that follow it. What comes after a while without any does not wait.
struct TellingPace {
    private var last: ContinuousClock.Instant?
    private static let writesPerSecond = 400

    func allows(_ listeners: Int, at now: ContinuousClock.Instant) -> Bool {
        guard let last else { return true }
        return now - last >= .seconds(1) * listeners / Self.writesPerSecond
    }

    /// They have been told.
    mutating func note(_ now: ContinuousClock.Instant) { last = now }
}
