/// Reads the elements of a script, line by line. Never fails.
struct Parser {
    private let source: [UInt8]
    private let layout: Layout
    private var cursor: Cursor
    private var place = Grammar.Place.gap
    /// The element that the next line may continue.
    private var open: OpenElement?
    /// The last line of the delivery that is open.
    private var deliveryEnd: Int?

    private(set) var titlePage: [TitlePageEntry] = []
    private(set) var elements: [Element] = []

    /// - Parameter source: valid UTF-8.
    init(_ source: [UInt8]) {
        self.source = source
        cursor = Cursor(source)
        layout = Layout(source, from: source.textStart)
    }

    /// Where notes and boneyards were opened that are never closed.
    var unclosed: [(kind: Mark.Kind, span: SourceSpan)] {
        var cursor = Cursor(source)
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
            readBlank(keepsSpeech: source[line.bytes].keepsSpeech)
        } else {
            close()
            line.marks.forEach { append(mark: $0, isInline: false) }
            // What is ignored leaves an empty line; a note leaves none.
            if hasBoneyard(line) { place = .gap }
        }
    }

    private func hasBoneyard(_ line: SourceLine) -> Bool { layout.marks[line.marks].contains { $0.kind == .boneyard } }

    /// An empty line ends everything; in a speech, one with two spaces does not.
    private mutating func readBlank(keepsSpeech: Bool) {
        if place == .speech, keepsSpeech {
            if open?.kind.keepsEmptyLines == true { open?.addBlank() } else { close() }
        } else {
            close()
            place = .gap
        }
    }

    private mutating func readContent(_ index: Int, _ bare: BareLine) {
        let line = layout.lines[index]
        if let end = deliveryEnd {
            let words = bare.bytes.trimmedFront
            let reading = Grammar.Reading(.parenthetical, index == end ? words.dropLast().trimmedBack : words)
            let lineEnd = self.end(of: line)
            open?.append(bare.content(of: reading, in: source), until: lineEnd, marks: line.marks.upperBound)
            if index == end { deliveryEnd = nil }
            return
        }
        // What follows decides only what stands after an empty line.
        let following = place == .gap ? following(index) : .gap
        let reading = Grammar.read(bare.bytes, in: place, followedBy: following, endsInBlank: bare.endsInBlank)
        if reading.kind == .dialogue, let end = delivery(from: index, reading, bare) {
            deliveryEnd = end
            close()
            begin(line, bare) { Grammar.Reading(.parenthetical, $0.trimmedFront.dropFirst().trimmedFront) }
            return
        }
        if let kind = open?.kind, kind == reading.kind, kind.hasManyLines {
            let end = end(of: line)
            open?.append(bare.content(of: reading, in: source), until: end, marks: line.marks.upperBound)
            return
        }
        close()
        let (place, endsInBlank) = (place, bare.endsInBlank)
        begin(line, bare) { Grammar.read($0, in: place, followedBy: following, endsInBlank: endsInBlank) }
    }

    /// Deliveries of more lines than this are dialogue that begins with a parenthesis.
    private static let mostDeliveryLines = 12

    /// Where a delivery ends that begins in a line and is closed at the end of a later one; nil if the line begins none.
    private func delivery(from index: Int, _ reading: Grammar.Reading, _ bare: BareLine) -> Int? {
        var depth = 0
        guard bare.bytes[reading.text].first == UInt8(ascii: "("), Parentheses.stayOpen(bare.bytes[reading.text], &depth) else {
            return nil
        }
        for next in (index + 1)..<min(index + Self.mostDeliveryLines, layout.lines.count) {
            let line = layout.lines[next]
            let bare = BareLine(source, line.bytes, marks: layout.marks[line.marks])
            guard !bare.bytes.isEmpty, Grammar.read(bare.bytes, in: .speech, followedBy: .gap).kind == .dialogue else { return nil }
            if Parentheses.stayOpen(bare.bytes.dropLast(), &depth) {
                let last = bare.bytes[(bare.bytes.endIndex - 1)...]
                if !Parentheses.stayOpen(last, &depth) { return next }
            } else {
                return nil
            }
        }
        return nil
    }

    /// Opens a new element. Marks at its front become elements of their own.
    private mutating func begin(_ line: SourceLine, _ bare: BareLine, _ read: (ArraySlice<UInt8>) -> Grammar.Reading) {
        var bare = bare
        let (start, firstMark) = splitLeadingMarks(of: line)
        let marks = firstMark..<line.marks.upperBound
        if firstMark > line.marks.lowerBound {
            bare = BareLine(source, start..<line.bytes.upperBound, marks: layout.marks[marks])
        }
        let reading = read(bare.bytes)
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
            start = source[start..<line.bytes.upperBound].trimmedFront.startIndex
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

    /// What comes after a line, apart from lines that are all note.
    private func following(_ index: Int) -> Grammar.Following {
        var isSpaced = false
        for line in layout.lines[(index + 1)...] {
            let bare = BareLine(source, line.bytes, marks: layout.marks[line.marks])
            if !bare.bytes.isEmpty {
                if Grammar.endsSpeech(bare.bytes.trimmedFront) { return .gap }
                return isSpaced ? .spacedText : .text
            }
            if line.marks.isEmpty {
                guard source[line.bytes].keepsSpeech else { return .gap }
                isSpaced = true
            } else if hasBoneyard(line) {
                return .gap
            }
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
