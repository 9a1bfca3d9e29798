import EpCore
public import EpFiles

/// Time that passes, and chance, so that tests give their own.
public struct PassingTime: Sendable {
    /// Seconds since some moment; they do not go on while the machine sleeps.
    public let now: @Sendable () -> Double
    public let date: @Sendable () -> Moment
    /// Evenly from 0 to 1.
    public let chance: @Sendable () -> Double

    public init(now: @escaping @Sendable () -> Double, date: @escaping @Sendable () -> Moment, chance: @escaping @Sendable () -> Double) {
        (self.now, self.date, self.chance) = (now, date, chance)
    }

    /// Today in UTC: `2026-12-01`.
    var day: String { String(date().iso8601.prefix(10)) }

    /// This machine's.
    public static let system: PassingTime = {
        let start = SuspendingClock.now
        return PassingTime(
            now: { (SuspendingClock.now - start).seconds }, date: { Moment.now }, chance: { Double.random(in: 0...1) })
    }()
}
