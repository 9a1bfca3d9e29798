public import EpCore

/// What a step asks of a service beyond this program.
public struct ProviderCall: Sendable, Hashable {
    /// The most that it can cost; nil: nobody knows its price.
    public let atMost: Cost?
    /// True if the service is on this machine.
    public let isLocal: Bool

    public init(atMost: Cost?, isLocal: Bool = false) { (self.atMost, self.isLocal) = (atMost, isLocal) }

    /// What two calls for one step are together.
    public static func + (one: ProviderCall, other: ProviderCall) -> ProviderCall {
        let most = one.atMost.flatMap { first in other.atMost.map { first + $0 } }
        return ProviderCall(atMost: most, isLocal: one.isLocal && other.isLocal)
    }

    /// True unless it is known to cost nothing.
    public var isPaid: Bool { atMost != .zero }
}
