public import EpCore

/// What a step asks of a service beyond this program.
public struct ProviderCall: Sendable, Hashable {
    /// The most that it can cost; nil: nobody knows its price.
    public let atMost: Cost?
    /// True if the service is on this machine.
    public let isLocal: Bool
    /// What can be told before it is asked; nil: nothing, or nobody knows its price.
    public let expected: ExpectedCost?

    public init(atMost: Cost?, isLocal: Bool = false, expected: ExpectedCost? = nil) {
        (self.atMost, self.isLocal, self.expected) = (atMost, isLocal, expected)
    }

    /// What two calls for one step are together.
    public static func + (one: ProviderCall, other: ProviderCall) -> ProviderCall {
        let most = one.atMost.flatMap { first in other.atMost.map { first + $0 } }
        let expected = one.expected.flatMap { first in other.expected.map { first + $0 } }
        return ProviderCall(atMost: most, isLocal: one.isLocal && other.isLocal, expected: expected)
    }

    /// True unless it is known to cost nothing.
    public var isPaid: Bool { atMost != .zero }
}
