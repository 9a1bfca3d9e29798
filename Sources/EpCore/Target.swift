/// The name of a stage: `audio_synthesis`.
public struct StageName: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public init(_ text: String) { self.text = text }
    public var description: String { text }
}

/// What a person names on the command line: `stage` or `stage/item`. Never part of an address.
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
        let parts = text.split(separator: "/", maxSplits: 1)
        self.init(stage: StageName(String(parts.first ?? "")), item: parts.count > 1 ? String(parts[1]) : nil)
    }

    public var description: String { item.map { "\(stage)/\($0)" } ?? stage.text }
}
