/// A person's Markdown text: headings, paragraphs and lists, as sentences that can be said aloud.
/// Code, tables, images, addresses and comments are left out, as nobody can hear them.
struct Source {
    enum Block {
        case paragraph([Sentence])
        /// A numbered list: things to do, in order.
        case steps([[Sentence]])

        var sentences: [Sentence] {
            switch self {
            case .paragraph(let sentences): sentences
            case .steps(let steps): steps.flatMap { $0 }
            }
        }
    }

    struct Section {
        /// Nil for text before the first heading.
        var heading: String?
        var blocks: [Block] = []

        var sentences: [Sentence] { blocks.flatMap(\.sentences) }
        var wordCount: Int { sentences.reduce(0) { $0 + $1.words.count } }
        var hasSteps: Bool { blocks.contains { if case .steps = $0 { true } else { false } } }
    }

    /// The first level-1 heading of the first text.
    private(set) var title: String?
    /// In the order of the texts; each has a sentence at least.
    private(set) var sections: [Section] = []

    private var current = Section()
    private var paragraph: [String] = []
    private var list: (isNumbered: Bool, items: [String])?

    init(_ texts: [String]) {
        for text in texts {
            read(Lines.split(text))
            finishSection(next: nil)
        }
    }

    private mutating func read(_ lines: [String]) {
        var fence: Fence?
        var lines = lines[...]
        if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") { lines = lines[(end + 1)...] }
        for raw in lines {
            if let open = fence {
                if open.isClosed(by: Lines.trim(raw)) { fence = nil }
            } else if let mark = Fence(Lines.trim(raw)) {
                finishBlock()
                fence = mark
            } else {
                read(line: raw)
            }
        }
    }

    private mutating func read(line raw: String) {
        var line = Lines.trim(raw)
        while line.hasPrefix(">") { line = Lines.trim(line.dropFirst()) }
        if let (level, text) = Self.heading(line) {
            if level > 2 { return finishBlock() }
            if level == 1, title == nil { title = text }
            return finishSection(next: level == 1 && text == title ? nil : text)
        }
        if let underline = line.utf8.first, line.utf8.allSatisfy({ $0 == underline }), "=-*_".utf8.contains(underline) {
            return readUnderline(isTitle: underline == UInt8(ascii: "="))
        }
        if line.isEmpty || line.hasPrefix("|") || line.hasPrefix("<") { return finishBlock(keepingList: line.isEmpty) }
        if let (isNumbered, text) = Self.item(line) {
            if list?.isNumbered != isNumbered { finishList(); finishParagraphUnlessItLeads() }
            list = (isNumbered, (list?.items ?? []) + [text])
        } else if let items = list?.items, Lines.indent(raw) > 0, !items.isEmpty {
            list?.items[items.count - 1] += " " + line
        } else {
            finishList()
            paragraph.append(line)
        }
    }

    /// A line of `===` or `---` makes the line above it a heading, or else is a rule across the page.
    private mutating func readUnderline(isTitle: Bool) {
        guard paragraph.count == 1, list == nil, let text = paragraph.popLast() else { return finishBlock() }
        let heading = PlainText.spoken(text)
        if isTitle, title == nil { title = heading }
        finishSection(next: isTitle && heading == title ? nil : heading)
    }

    private mutating func finishBlock(keepingList: Bool = false) {
        if keepingList, list != nil || paragraph.last?.hasSuffix(":") ?? false { return }
        finishList()
        finishParagraph()
    }

    private mutating func finishParagraph() {
        let sentences = Sentence.split(PlainText.spoken(paragraph.joined(separator: " ")))
        paragraph = []
        if !sentences.isEmpty { current.blocks.append(.paragraph(sentences)) }
    }

    /// "You need:" leads a list of things and becomes one sentence with them.
    private mutating func finishParagraphUnlessItLeads() {
        if !(paragraph.last?.hasSuffix(":") ?? false) { finishParagraph() }
    }

    private mutating func finishList() {
        guard let (isNumbered, items) = list else { return }
        list = nil
        let texts = items.map(PlainText.spoken)
        if isNumbered {
            finishParagraph()
            let steps = texts.map(Sentence.split).filter { !$0.isEmpty }
            if !steps.isEmpty { current.blocks.append(.steps(steps)) }
        } else if !paragraph.isEmpty, texts.allSatisfy({ Words.split($0).count <= 8 && !$0.hasSuffix(".") }) {
            paragraph[paragraph.count - 1] = Sentence.trimmingEnd(paragraph[paragraph.count - 1])
            paragraph.append(Self.enumeration(texts))
            finishParagraph()
        } else {
            finishParagraph()
            let sentences = texts.flatMap(Sentence.split)
            if !sentences.isEmpty { current.blocks.append(.paragraph(sentences)) }
        }
    }

    private mutating func finishSection(next heading: String?) {
        finishBlock()
        if !current.blocks.isEmpty { sections.append(current) }
        current = Section(heading: heading)
    }

    /// "a, b and c".
    private static func enumeration(_ items: [String]) -> String {
        let items = items.map(Sentence.trimmingEnd)
        return items.count < 2 ? items.joined() : items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
    }

    private static func heading(_ line: String) -> (level: Int, text: String)? {
        let level = line.utf8.prefix { $0 == UInt8(ascii: "#") }.count
        guard (1...6).contains(level), line.utf8.dropFirst(level).first == 32 else { return nil }
        let text = line.utf8.dropFirst(level).reversed().drop { $0 == UInt8(ascii: "#") || $0 == 32 }.reversed()
        return (level, PlainText.spoken(String(decoding: Array(text), as: UTF8.self)))
    }

    private static func item(_ line: String) -> (isNumbered: Bool, text: String)? {
        if let mark = line.utf8.first, "-*+".utf8.contains(mark), line.utf8.dropFirst().first == 32 {
            return (false, Lines.trim(line.utf8.dropFirst(2)))
        }
        let digits = line.utf8.prefix { (48...57).contains($0) }.count
        let rest = line.utf8.dropFirst(digits)
        guard (1...3).contains(digits), rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ")"),
            rest.dropFirst().first == 32
        else { return nil }
        return (true, Lines.trim(rest.dropFirst(2)))
    }
}
