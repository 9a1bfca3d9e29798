public import EpFiles

/// What builds take from outside besides files: the time of day, and chance.
public struct Surroundings: Sendable {
    public var clock: WallClock
    public var random: @Sendable () -> UInt64

    public init(clock: WallClock, random: @escaping @Sendable () -> UInt64) {
        self.clock = clock
        self.random = random
    }

    /// This machine's.
    public static let system = Surroundings(clock: .system, random: { UInt64.random(in: 0 ... .max) })
}
