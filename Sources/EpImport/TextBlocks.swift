/// The blocks of a text file: plain text, or Markdown, which is plain text too.
struct TextBlocks {
    private(set) var source = Source()
    private var doubts: Doubts
    private let lines: [Substring]
    /// Rows of the table that is being read.
    private var rows: [TableRows.Row] = []
    private var isInComment = false
    private var isInFence = false
    /// What links of Markdown's go by, whose addresses stand elsewhere.
    private var references: Set<Substring> = []
    private var footnotes: Set<Substring> = []

    static func read(_ text: TextFile, doubts: inout Doubts) -> Source {
        var reader = TextBlocks(text.lines, doubts)
        reader.read()
        doubts = reader.doubts
        return reader.source
    }

    private init(_ lines: [Substring], _ doubts: Doubts) {
        self.lines = lines
        self.doubts = doubts
        for line in lines where line.contains("]:") {
            guard let group = definition(line.trimmed) else { continue }
            let name = line.trimmed.dropFirst().prefix { $0 != "]" }
            if group == .address { references.insert(name) } else { footnotes.insert(name.dropFirst()) }
        }
    }

    /// What stands behind the marks of a fence, and is no word of the text.
    private static let languages: Set<String> = [
        "text", "txt", "plain", "plaintext", "fountain", "screenplay", "script", "markdown", "md", "yaml", "yml", "json", "html", "xml",
        "csv", "none",
        "sh", "bash", "shell", "console", "python", "py", "javascript", "js", "typescript", "ts", "swift", "c", "cpp", "java", "go", "rust",
        "ruby", "sql", "css", "toml", "ini", "diff", "mermaid", "latex",
    ]

    private mutating func read() {
        for index in frontMatterEnd..<lines.count {
            let line = withoutComments(String(lines[index]), at: Place(index + 1))
            read(line, at: Place(index + 1))
        }
        endTable()
    }

    private mutating func read(_ line: String, at place: Place) {
        let words = line.trimmed
        if let cells = TableRows.cells(of: words) {
            if !TableRows.isRuler(cells) { rows.append(TableRows.Row(cells: cells, place: place)) }
            return
        }
        endTable()
        if LineMarks.withoutQuote(words).isEmpty { return add(.blank, "", place) }
        if words.hasPrefix("```") || words.hasPrefix("~~~") {
            isInFence.toggle()
            let behind = words.drop { "`~".contains($0) }.trimmed
            if !behind.isEmpty, !Self.languages.contains(behind.lowercased()) {
                doubts.note(
                    "\(String(behind).excerpt) behind \(words.prefix(3)) is left out", at: place, remedy: "write it on the next line")
            }
            return add(.blank, "", place)
        }
        if isInFence { return add(.text, String(words), place) }
        if isUnderline(words), let last = source.blocks.last, last.kind == .text,
            source.blocks.dropLast().last.map({ $0.kind == .blank }) ?? true, last.place.line == place.line - 1,
            SpeakerTag.read(last.text[...]) == nil || words.first == "="
        {
            source.blocks[source.blocks.count - 1] = Block(.heading(level: words.first == "=" ? 1 : 2), last.text, at: last.place)
            return
        }
        if isRule(words) { return add(.rule, "", place) }
        if let group = definition(words) { return doubts.note(group, at: place) }
        if let (level, title) = heading(words) { return add(.heading(level: level), markdown(title, at: place), place) }
        add(.text, markdown(String(words), at: place), place)
    }

    private mutating func add(_ kind: Block.Kind, _ text: String, _ place: Place) { source.blocks.append(Block(kind, text, at: place)) }

    private mutating func endTable() {
        if rows.isEmpty { return }
        source.blocks += TableRows(rows).blocks(&doubts)
        rows = []
    }

    // MARK: kinds of lines

    /// `---`, `* * *`, `===`
    private func isRule(_ words: Substring) -> Bool {
        guard let mark = words.first, "-*_=~—–#".contains(mark) else { return false }
        let marks = words.filter { !$0.isWhitespace }
        return marks.count >= 3 && marks.allSatisfy { $0 == mark }
    }

    /// What makes a heading of the line above.
    private func isUnderline(_ words: Substring) -> Bool {
        guard let mark = words.first, mark == "=" || mark == "-" else { return false }
        return words.count >= 3 && words.allSatisfy { $0 == mark }
    }

    private func heading(_ words: Substring) -> (Int, String)? {
        let marks = words.prefix { $0 == "#" }
        guard (1...6).contains(marks.count), words.dropFirst(marks.count).first?.isWhitespace == true else { return nil }
        var title = words.dropFirst(marks.count)
        while title.last == "#" { title.removeLast() }
        return title.trimmed.isEmpty ? nil : (marks.count, String(title.trimmed))
    }

    /// The first line behind `---`, keys and `---` at the top.
    private var frontMatterEnd: Int {
        mutating get {
            guard lines.first.map({ $0.trimmed == "---" }) == true,
                let end = lines.dropFirst().prefix(60).firstIndex(where: { ["---", "..."].contains($0.trimmed) }),
                lines[1..<end].contains(where: { $0.contains(":") })
            else { return 0 }
            for index in 1..<end where !lines[index].trimmed.isEmpty {
                let line = lines[index]
                if let colon = line.firstIndex(of: ":"), line.first?.isWhitespace != true, line.first != "-" {
                    let value = line[line.index(after: colon)...].trimmed.trimmingQuotes
                    source.titlePage.append((String(line[..<colon].trimmed), value))
                } else if let last = source.titlePage.indices.last {
                    source.titlePage[last].value = (source.titlePage[last].value + " " + line.trimmed).trimmed.description
                }
            }
            return end + 1
        }
    }

    /// `[^1]: A footnote.`, `[1]: https://example.com`
    private func definition(_ words: Substring) -> Doubts.Group? {
        guard words.first == "[", let close = words.prefix(80).firstRange(of: "]:") else { return nil }
        if words.hasPrefix("[^") { return .footnote }
        let address = words[close.upperBound...].trimmed
        return ["http://", "https://", "<http", "mailto:"].contains { address.hasPrefix($0) }
            && !address.prefix { $0 != "\"" }.trimmed.contains(" ") ? .address : nil
    }

    // MARK: what a line holds beside words

    private mutating func withoutComments(_ line: String, at place: Place) -> String {
        guard isInComment || line.contains("<!--") else { return line }
        var (kept, dropped) = ("", "")
        var rest = line[...]
        while !rest.isEmpty {
            let mark = isInComment ? "-->" : "<!--"
            let end = rest.firstRange(of: mark)
            let part = rest[..<(end?.lowerBound ?? rest.endIndex)]
            if isInComment { dropped += part } else { kept += part }
            rest = end.map { rest[$0.upperBound...] } ?? ""
            if end != nil { isInComment.toggle() }
        }
        if !dropped.trimmed.isEmpty {
            doubts.note("the comment \(dropped.folded.excerpt) is left out", at: place, remedy: "write it as a [[note]] if it is wanted")
        }
        return kept
    }

    /// Links without their addresses, without tags, entities as characters.
    private mutating func markdown(_ text: String, at place: Place) -> String {
        var text = text
        if text.contains("](") { text = withoutLinks(text, at: place) }
        if !references.isEmpty, text.contains("[") { text = withoutReferences(text, at: place) }
        if !footnotes.isEmpty, text.contains("[^") { text = withoutFootnotes(text) }
        if text.contains("<a ") { doubts.note(.address, at: place) }
        if text.contains("<") { text = HTMLText.withoutTags(text) }
        if text.contains("&") { text = HTMLText.withoutEntities(text) }
        if text.contains("`") { text = text.replacing("`", with: "") }
        while text.last == "\\" { text.removeLast() }
        return text.contains("\\") ? withoutEscapes(text) : text
    }

    /// `\#` is `#`. Of stars and underscores, Fountain has it the same.
    private func withoutEscapes(_ text: String) -> String {
        var kept = ""
        var isEscaped = false
        for character in text {
            if isEscaped, !"#.-+!()[]{}<>|~\"'&$%^@:;,?/=".contains(character) { kept.append("\\") }
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { kept.append(character) }
        }
        return isEscaped ? kept + "\\" : kept
    }

    /// `[the moon][1]` and `[the moon]` where such a reference stands somewhere.
    private mutating func withoutReferences(_ text: String, at place: Place) -> String {
        var kept = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
            let label = rest[rest.index(after: open)..<close]
            var behind = rest[rest.index(after: close)...]
            var name = label
            if behind.first == "[", let end = behind.firstIndex(of: "]") {
                name = behind[..<end].dropFirst()
                if references.contains(name.isEmpty ? label : name) { behind = behind[behind.index(after: end)...] }
            }
            let isLink = references.contains(name.isEmpty ? label : name)
            if isLink { doubts.note(.address, at: place) }
            kept += rest[..<open] + (isLink ? label : rest[open...close])
            rest = isLink ? behind : rest[rest.index(after: close)...]
        }
        return kept + rest
    }

    /// Without the marks that lead to footnotes: `[^1]`.
    private func withoutFootnotes(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "[^"), let end = rest[start.upperBound...].prefix(40).firstIndex(of: "]") {
            let isFootnote = footnotes.contains(rest[start.upperBound..<end])
            let next = rest.index(after: end)
            kept += rest[..<(isFootnote ? start.lowerBound : next)]
            rest = rest[next...]
        }
        return kept + rest
    }

    private mutating func withoutLinks(_ text: String, at place: Place) -> String {
        var kept = ""
        var rest = text[...]
        while let middle = rest.firstRange(of: "]("), let open = rest[..<middle.lowerBound].lastIndex(of: "["),
            let close = rest[middle.upperBound...].firstIndex(of: ")")
        {
            let isImage = open > rest.startIndex && rest[rest.index(before: open)] == "!"
            let label = rest[rest.index(after: open)..<middle.lowerBound]
            kept += isImage ? rest[..<rest.index(before: open)] : rest[..<open]
            if isImage {
                doubts.note("the picture \(String(label).excerpt) is left out", at: place, remedy: "put it into the show notes")
            } else {
                kept += label
                doubts.note(.address, at: place)
            }
            rest = rest[rest.index(after: close)...]
        }
        return kept + rest
    }
}

extension Substring {
    fileprivate var trimmingQuotes: String {
        guard count > 1, let first, first == last, first == "\"" || first == "'" else { return String(self) }
        return String(dropFirst().dropLast())
    }
}
