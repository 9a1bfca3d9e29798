public import EpCore

/// What stands under an action's address after publishing.
public struct Published: Sendable, Hashable {
    /// The result to go on with: the one published, or the one that was there before.
    public let result: ActionResult
    /// True if the published one stands; false if another came first and was adopted.
    public let isFirst: Bool
}
