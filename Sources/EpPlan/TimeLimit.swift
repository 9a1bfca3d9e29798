/// How long an action may run. Never in an address.
public struct TimeLimit: Sendable, Equatable {
    /// Nil: as long as it takes.
    public let seconds: Double?
    /// True if what like actions took decides, as soon as enough of them are recorded.
    public let isAdaptive: Bool

    public init(seconds: Double?, isAdaptive: Bool = false) { (self.seconds, self.isAdaptive) = (seconds, isAdaptive) }

    /// So many times the 95th percentile of like actions.
    private static let factor = 5.0
    /// What takes an instant may take longer on a machine that is busy.
    private static let shortest = 10.0

    /// - Parameter typical: the 95th percentile of what like actions took, in seconds; nil if too few are recorded.
    public func seconds(typical: Double?) -> Double? {
        guard isAdaptive, let typical else { return seconds }
        return max(Self.shortest, Self.factor * typical)
    }
}
