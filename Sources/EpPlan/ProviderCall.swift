public import EpCore

/// What a step asks of a service beyond this machine.
public struct ProviderCall: Sendable, Hashable {
    /// The most that it can cost; nil: nobody knows its price.
    public let atMost: Cost?

    public init(atMost: Cost?) { self.atMost = atMost }

    /// True unless it is known to cost nothing.
    public var isPaid: Bool { atMost != .zero }
}
