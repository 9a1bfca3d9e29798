import EpCore

/// What builds take from outside besides files: the time of day, and chance.
public struct Surroundings: Sendable {
    /// Seconds since 1970.
    public var now: @Sendable () -> Double
    public var random: @Sendable () -> UInt64

    public init(now: @escaping @Sendable () -> Double, random: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.random = random
    }

    /// This machine's.
    public static let system = Surroundings(now: { CalendarTime.now() }, random: { UInt64.random(in: 0 ... .max) })
}
