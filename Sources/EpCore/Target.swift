/// The name of a stage: `audio_synthesis`.
public struct StageName: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public init(_ text: String) { self.text = text }
    public var description: String { text }
}

/// What a person names on the command line: `stage` or `stage/item`. Never part of an address.
///
/// Items are often named by files, so their names are equal only if their bytes are.
public struct Target: Hashable, Sendable, CustomStringConvertible {
    public let stage: StageName
    /// The item's name within a fan-out stage: its number from 1, or its file's name.
    public let item: String?

    public init(stage: StageName, item: String? = nil) {
        self.stage = stage
        self.item = item
    }

    /// Reads `stage` or `stage/item`.
    public init(parsing text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1).map { String(Substring($0)) }
        self.init(stage: StageName(parts.first ?? ""), item: parts.count > 1 ? parts[1] : nil)
    }

    public var description: String { item.map { "\(stage)/\($0)" } ?? stage.text }

    public static func == (left: Target, right: Target) -> Bool {
        left.stage == right.stage && left.item.map { Path($0) } == right.item.map { Path($0) }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(stage)
        hasher.combine(item.map { Path($0) })
    }
}
