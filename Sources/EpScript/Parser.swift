/// Reads the elements of a script, line by line. Never fails.
struct Parser {
    private let source: [UInt8]
    private let layout: Layout
    private var cursor = Cursor()
    private var place = Grammar.Place.gap
    /// The element that the next line may continue.
    private var open: OpenElement?

    private(set) var titlePage: [TitlePageEntry] = []
    private(set) var elements: [Element] = []

    /// - Parameter source: valid UTF-8.
    init(_ source: [UInt8]) {
        self.source = source
        layout = Layout(source, from: source.hasByteOrderMark ? 3 : 0)
    }

    /// Where notes and boneyards were opened that are never closed.
    var unclosed: [(kind: Mark.Kind, span: SourceSpan)] {
        var cursor = Cursor()
        return layout.unclosed.map { ($0.kind, cursor.span($0.offset..<$0.offset + 2, in: source)) }
    }

    mutating func parse() {
        let first = layout.lines.indices.first { !isEmpty($0) } ?? 0
        for index in 0..<first { read(index) }
        let titles = TitlePage(source, layout, from: first)
        for entry in titles.entries { titlePage.append(entry.located(by: &cursor, in: source)) }
        for index in titles.end..<layout.lines.count { read(index) }
        close()
    }

    private mutating func read(_ index: Int) {
        let line = layout.lines[index]
        let bare = BareLine(source, line.bytes, marks: layout.marks[line.marks])
        if !bare.bytes.isEmpty {
            readContent(index, bare)
        } else if line.marks.isEmpty {
            readBlank(line.bytes.count)
        } else {
            close()
            line.marks.forEach { append(mark: $0, isInline: false) }
        }
    }

    /// An empty line ends everything; in a speech, one with two spaces does not.
    private mutating func readBlank(_ width: Int) {
        if place == .speech, width >= 2 {
            if open?.kind.keepsEmptyLines == true { open?.addBlank() } else { close() }
        } else {
            close()
            place = .gap
        }
    }

    private mutating func readContent(_ index: Int, _ bare: BareLine) {
        let line = layout.lines[index]
        // What follows decides only what stands after an empty line.
        let following = place == .gap ? following(index) : .gap
        let reading = Grammar.read(bare.bytes, in: place, followedBy: following)
        if let kind = open?.kind, kind == reading.kind, kind.hasManyLines {
            let end = end(of: line)
            open?.append(bare.content(of: reading, in: source), until: end, marks: line.marks.upperBound)
            return
        }
        close()
        begin(line, bare, reading, followedBy: following)
    }

    /// Opens a new element. Marks at its front become elements of their own.
    private mutating func begin(
        _ line: SourceLine, _ bare: BareLine, _ reading: Grammar.Reading, followedBy following: Grammar.Following
    ) {
        var (bare, reading) = (bare, reading)
        let (start, firstMark) = splitLeadingMarks(of: line)
        let marks = firstMark..<line.marks.upperBound
        if firstMark > line.marks.lowerBound {
            bare = BareLine(source, start..<line.bytes.upperBound, marks: layout.marks[marks])
            reading = Grammar.read(bare.bytes, in: place, followedBy: following)
        }
        let keepsIndentation = reading.kind == .action && reading.text.lowerBound == bare.bytes.startIndex
        let lower = keepsIndentation && firstMark == line.marks.lowerBound ? line.bytes.lowerBound : start
        let span = cursor.span(lower..<end(of: line), in: source)
        open = OpenElement(reading.kind, bare.content(of: reading, in: source), span, marks: marks)
        place = Self.place(after: reading.kind)
    }

    /// - Returns: where the line's content begins, and its first mark that is not before that.
    private mutating func splitLeadingMarks(of line: SourceLine) -> (start: Int, firstMark: Int) {
        var start = line.bytes.lowerBound
        var next = line.marks.lowerBound
        while true {
            while start < line.bytes.upperBound, source[start].isBlank { start += 1 }
            guard next < line.marks.upperBound, layout.marks[next].bytes.lowerBound == start else { return (start, next) }
            append(mark: next, isInline: false)
            start = layout.marks[next].bytes.upperBound
            next += 1
        }
    }

    private static func place(after kind: Element.Kind) -> Grammar.Place {
        switch kind {
        case .action: .action
        case .character, .parenthetical, .dialogue, .lyrics(inSpeech: true): .speech
        default: .gap
        }
    }

    private mutating func close() {
        guard let open else { return }
        elements.append(open.element)
        open.marks.forEach { append(mark: $0, isInline: true) }
        self.open = nil
    }

    private mutating func append(mark index: Int, isInline: Bool) {
        let mark = layout.marks[index]
        let inside = source[mark.inside].trimmed.withoutCarriageReturns
        let whole = source[mark.bytes].withoutCarriageReturns
        let span = cursor.span(mark.bytes, in: source)
        elements.append(
            Element(mark.kind.element, text: inside.text, markup: whole.text, span: span, isInline: isInline))
    }

    /// What comes after a line, apart from lines that are all note or boneyard.
    private func following(_ index: Int) -> Grammar.Following {
        for line in layout.lines[(index + 1)...] {
            let bare = BareLine(source, line.bytes, marks: layout.marks[line.marks])
            if bare.bytes.isEmpty && !line.marks.isEmpty { continue }
            let words = bare.bytes.trimmedFront
            return words.isEmpty || Grammar.structure(words, inSpeech: true) != nil ? .gap : .text
        }
        return .gap
    }

    private func isEmpty(_ index: Int) -> Bool {
        let line = layout.lines[index]
        return BareLine(source, line.bytes, marks: layout.marks[line.marks]).bytes.isEmpty
    }

    private func end(of line: SourceLine) -> Int { source[line.bytes].trimmedBack.endIndex }
}

/// An element that may go on in the next line.
private struct OpenElement {
    let kind: Element.Kind
    private var text: String
    private var markup: String?
    private var span: SourceSpan
    /// Indices of the marks inside.
    private(set) var marks: Range<Int>
    /// Empty lines that belong to the element if more of it follows.
    private var pendingBlanks = 0

    init(_ kind: Element.Kind, _ content: (text: String, markup: String?), _ span: SourceSpan, marks: Range<Int>) {
        self.kind = kind
        (text, markup) = content
        self.span = span
        self.marks = marks
    }

    mutating func append(_ content: (text: String, markup: String?), until end: Int, marks lastMark: Int) {
        let lineEnds = String(repeating: "\n", count: 1 + pendingBlanks)
        if markup != nil || content.markup != nil {
            if markup == nil { markup = text }
            markup?.append(lineEnds + (content.markup ?? content.text))
        }
        text += lineEnds + content.text
        span = SourceSpan(bytes: span.bytes.lowerBound..<end, line: span.line, column: span.column)
        marks = marks.lowerBound..<lastMark
        pendingBlanks = 0
    }

    mutating func addBlank() { pendingBlanks += 1 }

    var element: Element { Element(kind, text: text, markup: markup, span: span) }
}
