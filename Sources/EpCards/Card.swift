public import EpCore

/// What a card shows, and how: all that a picture of it is made from.
public struct Card: Hashable, Sendable {
    /// What is set in which way.
    public enum Kind: String, Sendable, CaseIterable {
        case title, text, list, quote, code, image, end
    }

    /// In pixels.
    public struct Size: Hashable, Sendable {
        public let width: Int
        public let height: Int

        /// Reads `1280x720`; nil for anything else, or for what is no size of a picture.
        public init?(_ text: String) {
            let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let width = parts[0], let height = parts[1], Self.range.contains(width), Self.range.contains(height)
            else { return nil }
            (self.width, self.height) = (width, height)
        }

        public static let usual = Size(width: 1280, height: 720)

        private init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

        /// How long a side may be.
        public static let range = 64...4096
    }

    public var kind: Kind
    public var size: Size
    public var look: CardLook
    public var title: String
    /// A sentence below the title, what is quoted, or code.
    public var text: String
    public var points: [String]
    /// Who is quoted.
    public var by: String
    /// In small letters at the bottom.
    public var footer: String
    /// True if `picture.png` stands beside it.
    public var hasImage: Bool
    /// Tells forms of letters apart that languages share: `ja`, `zh-cn`.
    public var language: String
    /// A font of the person's, by the name of its family; "" for none.
    public var family: String

    public init(
        _ kind: Kind, size: Size, look: CardLook, title: String = "", text: String = "", points: [String] = [], by: String = "",
        footer: String = "",
        hasImage: Bool = false, language: String = "en", family: String = ""
    ) {
        (self.kind, self.size, self.look, self.title, self.text, self.points) = (kind, size, look, title, text, points)
        (self.by, self.footer, self.hasImage, self.language, self.family) = (by, footer, hasImage, language, family)
    }

    /// All letters that are drawn.
    public var letters: String { ([title, text, by, footer] + points).joined(separator: "\n") }

    public var isEmpty: Bool { !hasImage && ([title, text] + points).allSatisfy { $0.allSatisfy(\.isWhitespace) } }
}

extension Card {
    /// What the drawing program reads, as JSON. What is not shown is not in it.
    public var value: Value {
        let texts = [
            ("title", title), ("text", text), ("by", by), ("footer", footer), ("family", family),
        ].filter { !$0.1.isEmpty }.map { Value.Member($0.0, .string($0.1)) }
        let members: [Value.Member] = [
            .init("type", .string(kind.rawValue)), .init("width", .int(Int64(size.width))), .init("height", .int(Int64(size.height))),
            .init("background", .string(look.background.hex)), .init("ink", .string(look.ink.hex)),
            .init("accent", .string(look.accent.hex)),
            .init("language", .string(language)),
        ]
        let more =
            (points.isEmpty ? [] : [Value.Member("points", .list(points.map(Value.string)))])
            + (hasImage ? [.init("image", .bool(true))] : [])
        return .object(members + texts + more)
    }

    /// - Returns: nil if it is no card.
    public init?(_ value: Value) {
        guard let kind = value["type"]?.string.flatMap(Kind.init), let width = value["width"]?.number,
            let height = value["height"]?.number, let size = Size("\(Int(width))x\(Int(height))")
        else { return nil }
        let colours = ["background", "ink", "accent"].compactMap { value[$0]?.string.flatMap(CardColour.init(hex:)) }
        guard colours.count == 3 else { return nil }
        func text(_ key: String) -> String { value[key]?.string ?? "" }
        self.init(
            kind, size: size, look: CardLook(background: colours[0], ink: colours[1], accent: colours[2]), title: text("title"),
            text: text("text"),
            points: value["points"]?.list?.compactMap(\.string) ?? [], by: text("by"), footer: text("footer"),
            hasImage: value["image"]?.bool ?? false,
            language: text("language"), family: text("family"))
    }
}
