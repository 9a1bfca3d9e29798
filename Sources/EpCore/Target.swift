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
    /// The item's name within a fan-out stage: its number from 1, its file's name, or one of these for each dimension, joined by `/`.
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

    /// True for the same target, and for one that lies in this: any item of a stage, and `scenes/2/1` for `scenes/2`.
    public func covers(_ other: Target) -> Bool {
        guard stage == other.stage, let item else { return stage == other.stage }
        return other.item.map { Self.homes(of: $0).contains(Path(item)) } ?? false
    }

    /// An item's name, and those of the coordinates in which it lies: `de/3/dark`, `de/3`, `de`.
    public static func homes(of item: String) -> [Path] {
        let slashes = item.utf8.indices.filter { item.utf8[$0] == UInt8(ascii: "/") }
        return [Path(item)] + slashes.reversed().map { Path(String(item[..<$0])) }
    }

    /// By the names of items, numbers by their value.
    public static func areInOrder(_ left: Target, _ right: Target) -> Bool {
        let (own, other) = (Path(left.item ?? "").parts, Path(right.item ?? "").parts)
        for (mine, its) in zip(own, other) where !mine.isByteForByte(its) {
            if let number = Int(mine), let second = Int(its), number != second { return number < second }
            // Numbers come before names.
            if (Int(mine) == nil) != (Int(its) == nil) { return Int(mine) != nil }
            return Path(mine) < Path(its)
        }
        return own.count == other.count ? left.stage.text < right.stage.text : own.count < other.count
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
