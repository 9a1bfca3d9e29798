public import EpCore

/// How much may be spent: `budget:` of `epbuild.yaml`. Nil: as much as it takes.
public struct Budget: Sendable, Hashable {
    /// By one episode, in all its builds.
    public var episode: Cost?
    /// By the workspace in a month of UTC.
    public var month: Cost?

    public init() {}

    /// More than anybody spends, in US dollars.
    private static let most = 1_000_000.0

    init(_ node: Node) throws {
        var fields = try Fields(node, subject: "`budget`")
        episode = fields.number("episode_usd", in: 0...Self.most, unit: "US dollars").map(Cost.init(usd:))
        month = fields.number("month_usd", in: 0...Self.most, unit: "US dollars").map(Cost.init(usd:))
        try fields.finish()
    }
}
