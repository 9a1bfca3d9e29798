public import EpFiles

/// What builds take from outside besides files: the time of day, time that passes, chance, and the environment.
public struct Surroundings: Sendable {
    public var clock: WallClock
    public var random: @Sendable () -> UInt64
    /// Waits.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// A variable of the environment; nil if it is not set, which is not the same as empty. Stages name those that they want.
    public var variable: @Sendable (String) -> String?

    public init(
        clock: WallClock, random: @escaping @Sendable () -> UInt64,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0, clock: .suspending) },
        variable: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        (self.clock, self.random, self.sleep, self.variable) = (clock, random, sleep, variable)
    }

    /// This machine's.
    public static let system = Surroundings(clock: .system, random: { UInt64.random(in: 0 ... .max) })
}
