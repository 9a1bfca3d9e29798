/// Where something stands in the source, from 1.
struct Place: Hashable {
    /// The line of the file, or the paragraph of a document.
    let line: Int
    /// As people count it: the line, the paragraph, the caption.
    let number: Int

    init(_ number: Int, line: Int? = nil) {
        self.line = line ?? number
        self.number = number
    }
}

/// A stretch of the source as its reader found it, before anybody asked who speaks.
struct Block {
    enum Kind: Hashable {
        case text
        case blank
        /// 1 is the highest.
        case heading(level: Int)
        /// A line across the page.
        case rule
        /// The source itself says who speaks: a row of a table, a voice tag.
        case speech(by: String)
    }

    let kind: Kind
    var text: String
    let place: Place
    /// Begins a paragraph of its own, though no empty line stands above.
    var isParagraph = false
    /// Characters at its front that are bold.
    var boldLength = 0

    init(_ kind: Kind, _ text: String = "", at place: Place, isParagraph: Bool = false) {
        self.kind = kind
        self.text = text
        self.place = place
        self.isParagraph = isParagraph
    }
}

/// What the source says beside its blocks.
struct Source {
    var blocks: [Block] = []
    var titlePage: [(key: String, value: String)] = []
}
