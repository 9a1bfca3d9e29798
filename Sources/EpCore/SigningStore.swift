/// A store in which it can be seen who vouches for results, and in which somebody can vouch for one that stands.
public protocol SigningStore: Sendable {
    /// True if it has a key to sign with.
    var signs: Bool { get }
    /// True if it takes only what somebody has signed whom it knows.
    var isGuarded: Bool { get }
    /// What stands for an action, whoever has signed it; nil: nothing that can be used.
    func standing(for action: ActionDigest) async throws -> StandingResult?
    /// Adds the store's own signature to what stands. Other signatures stay.
    func sign(_ standing: StandingResult, for action: ActionDigest) async throws
}

/// A result as it stands in a shared cache, with those who vouch for it.
public struct StandingResult: Sendable {
    public let shared: SharedResult
    /// As they stand there.
    public let signatures: [String]
    public let voucher: Voucher
    /// True if the store's own key is among those who have signed it.
    public let isOwn: Bool

    /// Who vouches for a result, as far as that can be seen with the keys that are known.
    public enum Voucher: Sendable, Hashable {
        /// The names of known keys that have signed it.
        case known([String])
        /// The names of keys of which nobody here knows the public part.
        case unknown([String])
        /// A known name stands there, and its key has not signed this: it was moved here, changed, or forged.
        case forged([String])
        case nobody
    }

    public init(_ shared: SharedResult, signatures: [String], voucher: Voucher, isOwn: Bool) {
        (self.shared, self.signatures, self.voucher, self.isOwn) = (shared, signatures, voucher, isOwn)
    }

    public var result: ActionResult { shared.result }
}
