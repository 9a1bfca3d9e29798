/// The clock on the wall, as a value: whoever is to know what time it is can be given another.
public struct WallClock: Sendable {
    public let now: @Sendable () -> Moment

    public init(now: @escaping @Sendable () -> Moment) { self.now = now }

    /// This machine's.
    public static let system = WallClock { Moment(nanoseconds: FileClock.now) }
}
