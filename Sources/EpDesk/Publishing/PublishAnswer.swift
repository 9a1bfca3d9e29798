public import EpCore

/// What became of a show at a place that the public reads from.
public struct PublishAnswer: Sendable {
    public let place: String
    /// What was put there, or would be, in this order.
    public let put: [(path: String, bytes: Int64)]
    /// Files that were there as they are here.
    public let unchanged: Int
    /// Episodes that the feed does not name.
    public let leftOut: [String]
    /// What was published before and is no longer of the show. It is still there, unless it was to be removed.
    public let stale: [String]
    public let removed: Int
    public let isDryRun: Bool

    /// As `publish --json` gives it.
    public var value: Value {
        .object([
            .init("place", .string(place)), .init("dryRun", .bool(isDryRun)),
            .init("put", .list(put.map { .object([.init("path", .string($0.path)), .init("bytes", .int($0.bytes))]) })),
            .init("unchanged", .int(Int64(unchanged))), .init("leftOut", .list(leftOut.map { .string($0) })),
            .init("stale", .list(stale.map { .string($0) })), .init("removed", .int(Int64(removed))),
        ])
    }
}

/// What a person wants of publishing.
public struct PublishOptions: Sendable {
    /// Tells what would be done.
    public var isDryRun = false
    /// Takes away what is no longer of the show.
    public var prunes = false

    public init() {}
}

/// A file that has just been published.
public struct PublishProgress: Sendable {
    public let path: String
    public let bytes: Int64
    /// Its number among those that are looked at, from 1.
    public let number: Int
    public let of: Int
    /// False if it was there as it is.
    public let isPut: Bool
}
