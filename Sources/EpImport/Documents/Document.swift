/// A document of whatever form, as a row of what stands in it.
struct Document {
    struct Block {
        enum Kind: Hashable {
            /// 1 is the highest.
            case heading(level: Int)
            case paragraph
            case list([String])
            case quote(by: String)
            case code
            /// The text says what is to be seen; the path is as it is written.
            case image(path: String)
            /// The first row is its heading.
            case table([[String]])
        }

        let kind: Kind
        var text: String
        /// Who says it; "" where nobody is named.
        var speaker = ""

        init(_ kind: Kind, _ text: String = "", speaker: String = "") { (self.kind, self.text, self.speaker) = (kind, text, speaker) }
    }

    var title = ""
    var language = ""
    private(set) var blocks: [Block] = []
    private(set) var dropped: [String] = []

    mutating func add(_ kind: Block.Kind, _ text: String = "", speaker: String = "") { blocks.append(Block(kind, text, speaker: speaker)) }

    /// Notes what is left out, once each.
    mutating func drop(_ what: String) {
        if dropped.count < Self.mostDropped, !dropped.contains(what) { dropped.append(what) }
    }

    private static let mostDropped = 200

    /// A title that stands in the text goes before one that only programs see, if it is the only one of its level.
    mutating func preferHeading() {
        let titles = blocks.filter { $0.kind == .heading(level: 1) }
        if let title = titles.first, titles.count == 1 { self.title = title.text }
    }

    mutating func add(_ other: Document) {
        blocks += other.blocks
        other.dropped.forEach { drop($0) }
    }
}
