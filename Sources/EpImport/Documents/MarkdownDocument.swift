import CCmark

/// A text in Markdown (CommonMark) as a document. Front matter is cut off first: to CommonMark it is a rule and a heading.
struct MarkdownDocument {
    private var document = Document()
    /// Words of the block that is open.
    private var text = ""
    private var images: [(path: String, words: String)] = []
    private var imageDepth = 0
    /// Of each list that is open, its items so far.
    private var lists: [[String]] = []
    private var quoteDepth = 0
    private var quoted: [String] = []

    static func read(_ text: String) -> Document {
        let (front, body) = FrontMatter.cut(from: text)
        var reader = MarkdownDocument()
        reader.document.title = front.title
        reader.document.language = front.language
        reader.read(body)
        return reader.document
    }

    private mutating func read(_ source: String) {
        var source = source
        let root = source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT) }
        }
        guard let root else { return }
        defer { cmark_node_free(root) }
        guard let iterator = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE else { return }
            guard let node = cmark_iter_get_node(iterator) else { continue }
            visit(node, isEnd: event == CMARK_EVENT_EXIT)
        }
    }

    private mutating func visit(_ node: OpaquePointer, isEnd: Bool) {
        switch (cmark_node_get_type(node), isEnd) {
        case (CMARK_NODE_TEXT, _), (CMARK_NODE_CODE, _): text += literal(node)
        case (CMARK_NODE_SOFTBREAK, _), (CMARK_NODE_LINEBREAK, _): text += "\n"
        case (CMARK_NODE_IMAGE, false):
            images.append((cmark_node_get_url(node).map { String(cString: $0) } ?? "", text))
            imageDepth += 1
            text = ""
        case (CMARK_NODE_IMAGE, true): endImage()
        case (CMARK_NODE_HEADING, true): endBlock(.heading(level: Int(cmark_node_get_heading_level(node))))
        case (CMARK_NODE_PARAGRAPH, true): endBlock(.paragraph)
        case (CMARK_NODE_CODE_BLOCK, _): code(node)
        case (CMARK_NODE_HTML_BLOCK, _): html(literal(node))
        case (CMARK_NODE_LIST, false): lists.append([])
        case (CMARK_NODE_LIST, true): endList()
        case (CMARK_NODE_ITEM, false): if !lists.isEmpty { lists[lists.count - 1].append("") }
        case (CMARK_NODE_BLOCK_QUOTE, false): quoteDepth += 1
        case (CMARK_NODE_BLOCK_QUOTE, true): endQuote()
        default: break
        }
    }

    private func literal(_ node: OpaquePointer) -> String { cmark_node_get_literal(node).map { String(cString: $0) } ?? "" }

    /// A picture stands behind the paragraph that it is in.
    private mutating func endImage() {
        imageDepth -= 1
        guard images.indices.contains(images.count - 1) else { return }
        let (path, before) = images[images.count - 1]
        images[images.count - 1] = (path, text.folded)
        text = before
    }

    private mutating func endBlock(_ kind: Document.Block.Kind) {
        let lines = text.split(separator: "\n").map(String.init)
        let words = FrontMatter.withoutNotes(text.folded)
        text = ""
        if !words.isEmpty { add(kind, words, lines) }
        for image in images { document.add(.image(path: image.path), image.words) }
        images = []
    }

    private mutating func add(_ kind: Document.Block.Kind, _ words: String, _ lines: [String]) {
        if quoteDepth > 0 { return quoted.append(words) }
        if !lists.isEmpty, let last = lists[lists.count - 1].indices.last {
            let item = lists[lists.count - 1][last]
            lists[lists.count - 1][last] = item.isEmpty ? words : "\(item) \(words)"
            return
        }
        if kind == .paragraph, let rows = PipeTable.rows(of: lines) { return document.add(.table(rows)) }
        document.add(kind, words)
    }

    /// What stands in a list within an item belongs to the item.
    private mutating func endList() {
        guard let items = lists.popLast()?.filter({ !$0.isEmpty }), !items.isEmpty else { return }
        if quoteDepth > 0 { return quoted += items }
        guard let outer = lists.indices.last, let item = lists[outer].indices.last else { return document.add(.list(items)) }
        let words = items.joined(separator: "; ")
        lists[outer][item] += lists[outer][item].isEmpty ? words : " \(words)"
    }

    /// The last line of a quotation says who said it, if it begins with a dash.
    private mutating func endQuote() {
        quoteDepth -= 1
        guard quoteDepth == 0 else { return }
        var parts = quoted
        quoted = []
        let (text, by) = Quotation.divided(&parts)
        if !text.isEmpty { document.add(.quote(by: by), text) }
    }

    private mutating func code(_ node: OpaquePointer) {
        let words = literal(node)
        if words.contains(where: { !$0.isWhitespace }) { document.add(.code, words) }
    }

    /// HTML within Markdown is read as HTML, as far as that is safe to read.
    private mutating func html(_ text: String) {
        guard !text.trimmed.hasPrefix("<!--") else { return }
        guard let inner = try? HTMLDocument.read(Array(text.utf8)) else {
            return document.drop("HTML that cannot be read: \(text.folded.excerpt)")
        }
        document.add(inner)
    }
}

/// What stands between two lines of `---` before a text: its title and its language are read.
struct FrontMatter {
    var title = ""
    var language = ""

    static func cut(from text: String) -> (FrontMatter, body: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.trimmed == "---" || first.trimmed == "+++" else { return (FrontMatter(), text) }
        let fence = String(first.trimmed)
        guard let end = lines.dropFirst().prefix(200).firstIndex(where: { $0.trimmed == fence || (fence == "---" && $0.trimmed == "...") })
        else { return (FrontMatter(), text) }
        var front = FrontMatter()
        for line in lines[1..<end] {
            guard let mark = line.firstIndex(where: { $0 == ":" || $0 == "=" }), let letter = line.first, letter.isLetter else { continue }
            let value = line[line.index(after: mark)...].trimmed
            let bare =
                value.count > 1 && (value.first == "\"" || value.first == "'") && value.first == value.last
                ? String(value.dropFirst().dropLast()) : String(value)
            switch line[..<mark].trimmed.lowercased() {
            case "title": front.title = bare
            case "lang", "language": front.language = bare
            default: break
            }
        }
        return (front, lines[(end + 1)...].joined(separator: "\n"))
    }

    /// Without the marks of footnotes: `[^1]`.
    static func withoutNotes(_ text: String) -> String {
        guard text.contains("[^") else { return text }
        return text.replacing(/\[\^[^\]\s]{1,40}\]:?/, with: "").folded
    }
}

/// Words of others: what was said, and who said it.
enum Quotation {
    /// - Parameter parts: its paragraphs, in order.
    static func divided(_ parts: inout [String]) -> (text: String, by: String) {
        var by = ""
        if let last = parts.last {
            let words = last.drop { $0.isWhitespace }
            if let dash = words.first, "—–-―".contains(dash), parts.count > 1 {
                by = String(words.dropFirst().trimmed)
                parts.removeLast()
            } else if let range = last.ranges(of: " — ").last ?? last.ranges(of: " – ").last,
                Prose.wordCount(String(last[range.upperBound...])) <= 8,
                let before = last[..<range.lowerBound].last(where: { !$0.isWhitespace }), ".!?…”\"»".contains(before)
            {
                by = String(last[range.upperBound...].trimmed)
                parts[parts.count - 1] = String(last[..<range.lowerBound])
            }
        }
        var text = parts.joined(separator: " ").folded
        // Marks around all of it are drawn by whoever shows it.
        for (open, close) in [("“", "”"), ("\"", "\""), ("«", "»"), ("„", "“")]
        where text.count > 2 && text.hasPrefix(open) && text.hasSuffix(close) {
            text = String(text.dropFirst().dropLast())
        }
        return (text, by)
    }
}

/// A table as Markdown's dialects have it, which CommonMark takes for a paragraph.
enum PipeTable {
    static func rows(of lines: [String]) -> [[String]]? {
        guard lines.count >= 2, lines[0].contains("|") else { return nil }
        let rule = lines[1].filter { !$0.isWhitespace }
        guard rule.contains("-"), rule.contains("|") || lines[0].first == "|", rule.allSatisfy({ "|-:".contains($0) }) else { return nil }
        return ([lines[0]] + lines.dropFirst(2)).map(cells)
    }

    private static func cells(_ line: String) -> [String] {
        var parts = line.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false).map {
            $0.replacing("\u{1}", with: "|").folded
        }
        if parts.first == "" { parts.removeFirst() }
        if parts.last == "" { parts.removeLast() }
        return parts
    }
}
