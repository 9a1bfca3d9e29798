public import EpFiles

/// What builds take from outside besides files: the time of day, time that passes, and chance.
public struct Surroundings: Sendable {
    public var clock: WallClock
    public var random: @Sendable () -> UInt64
    /// Waits.
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        clock: WallClock, random: @escaping @Sendable () -> UInt64,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0, clock: .suspending) }
    ) {
        (self.clock, self.random, self.sleep) = (clock, random, sleep)
    }

    /// This machine's.
    public static let system = Surroundings(clock: .system, random: { UInt64.random(in: 0 ... .max) })
}
