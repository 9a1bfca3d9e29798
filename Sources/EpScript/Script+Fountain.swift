extension Script {
    /// The script written out anew in Fountain: read again, it is the same script. Notes and boneyards are kept.
    public var fountain: String {
        let elements = elements.filter { !$0.isInline }
        // Notes and boneyards may stand before the title page.
        let head = elements.prefix { $0.span.bytes.lowerBound < titlePage.first?.span.bytes.lowerBound ?? 0 }.count
        return Self.fountain(titlePage: titlePage, elements: elements, elementsAboveTitlePage: head)
    }

    static func fountain(titlePage: [TitlePageEntry], elements: [Element], elementsAboveTitlePage head: Int) -> String {
        var writer = Writer()
        // Whether what comes next, apart from notes and boneyards, goes on with a speech.
        var goesOn = Array(repeating: false, count: elements.count + 1)
        for index in elements.indices.reversed() {
            let kind = elements[index].kind
            goesOn[index] = kind.isMark ? goesOn[index + 1] : kind.isSpeech
        }
        for index in elements.indices {
            if index == head { writer.write(titlePage) }
            writer.write(elements[index], goesOn: goesOn[index], speechFollows: goesOn[index + 1])
        }
        if head == elements.count { writer.write(titlePage) }
        return writer.text.isEmpty ? "" : writer.text + "\n"
    }
}

/// Writes elements as Fountain, forcing a kind only where the text alone would be read as another.
private struct Writer {
    private(set) var text = ""
    private var previous: Element?
    /// Whether a line with a colon could be taken for the title page.
    private var isAtTop = true
    /// Whether the line must go on: a boneyard that had a line of its own would end the speech.
    private var isInLine = false

    mutating func write(_ titlePage: [TitlePageEntry]) {
        if titlePage.isEmpty { return }
        isAtTop = false
        let entries = titlePage.map { entry in
            let isInline = entry.values.count == 1
            return entry.key + ":" + entry.values.map { (isInline ? " " : "\n    ") + $0 }.joined()
        }
        text += (text.isEmpty ? "" : "\n\n") + entries.joined(separator: "\n")
    }

    /// - Parameters:
    ///   - goesOn: the element is part of a speech, or stands inside one.
    ///   - speechFollows: what follows is part of a speech.
    mutating func write(_ element: Element, goesOn: Bool, speechFollows: Bool) {
        if !text.isEmpty { text += isInLine ? " " : goesOn || isUnderSection(element.kind) ? "\n" : "\n\n" }
        isInLine = goesOn && element.kind.isMark && (isInLine || element.kind == .boneyard)
        text += source(of: element, followedBy: speechFollows ? .text : .gap)
        previous = element
        if !element.kind.isMark { isAtTop = false }
    }

    /// A synopsis stands right under its section, unless a note that the section opens would then find an end.
    private func isUnderSection(_ kind: Element.Kind) -> Bool {
        guard kind == .synopsis, let previous, case .section = previous.kind else { return false }
        return Layout(Array(previous.markup.utf8)).unclosed.isEmpty
    }

    private func source(of element: Element, followedBy following: Grammar.Following) -> String {
        let markup = element.markup
        switch element.kind {
        case .sceneHeading(let number):
            let line = number.map { "\(markup) #\($0)#" } ?? markup
            return isRead(line, as: element, followedBy: .gap) ? line : "." + line
        case .character(let isDual):
            // It may stand before the extensions already.
            let isMarked = element.text.utf8.last != UInt8(ascii: "^") && CharacterName.isDual(Array(element.text.utf8)[...])
            let line = isDual && !isMarked ? markup + " ^" : markup
            return isRead(line, as: element, followedBy: following) ? line : "@" + line
        case .transition: return isRead(markup, as: element, followedBy: .gap) ? markup : "> " + markup
        case .action: return action(element)
        case .dialogue: return lines(of: markup).map { $0.isEmpty ? "  " : $0 }.joined(separator: "\n")
        case .lyrics: return lines(of: markup).map { $0.isEmpty ? "  " : "~" + $0 }.joined(separator: "\n")
        case .centered: return lines(of: markup).map { "> \($0) <" }.joined(separator: "\n")
        case .parenthetical: return "(\(markup))"
        case .section(let level): return String(repeating: "#", count: level) + " " + markup
        case .synopsis: return "= " + markup
        case .pageBreak: return markup.isEmpty ? "===" : "=== " + markup
        case .effect: return "SFX: " + markup
        case .music: return "MUSIC: " + markup
        case .note, .boneyard: return markup
        }
    }

    private func action(_ element: Element) -> String {
        let lines = lines(of: element.markup)
        let others = lines.dropFirst().map { isAction($0, isFirst: false, followedBy: .gap) ? $0 : "!" + $0 }
        // A line that had to be forced is no words to what stands above it.
        let isFollowed = others.first.flatMap(bare).map { !Grammar.endsSpeech($0.trimmedFront) } ?? false
        let first = isAction(lines[0], isFirst: true, followedBy: isFollowed ? .text : .gap) ? lines[0] : "!" + lines[0]
        return ([first] + others).joined(separator: "\n")
    }

    private func isAction(_ line: String, isFirst: Bool, followedBy following: Grammar.Following) -> Bool {
        guard !isFirst || canStartPlainly(line), let bare = bare(line) else { return false }
        return Grammar.read(bare, in: isFirst ? .gap : .action, followedBy: following) == Grammar.Reading(.action, bare)
    }

    /// Whether a line after an empty line is read as the element without being forced.
    private func isRead(_ line: String, as element: Element, followedBy following: Grammar.Following) -> Bool {
        guard canStartPlainly(line), let bare = bare(line) else { return false }
        let reading = Grammar.read(bare, in: .gap, followedBy: following)
        return reading.kind == element.kind && bare[reading.text].text == element.text
    }

    /// A mark at the front would become an element of its own; a key at the top a title page.
    private func canStartPlainly(_ line: String) -> Bool {
        let bytes = Array(line.utf8)
        if isAtTop, bytes.contains(UInt8(ascii: ":")) { return false }
        let start = bytes.firstIndex { !$0.isBlank }
        return !Layout(bytes).marks.contains { $0.bytes.lowerBound == start }
    }

    /// The line without its marks, or nil if it is not one line with words.
    private func bare(_ line: String) -> ArraySlice<UInt8>? {
        let bytes = Array(line.utf8)
        let layout = Layout(bytes)
        guard layout.lines.count == 1 else { return nil }
        let bare = BareLine(bytes, layout.lines[0].bytes, marks: layout.marks[...]).bytes
        return bare.isEmpty ? nil : bare
    }

    /// The lines of an element; a line end inside a note is none.
    private func lines(of markup: String) -> [String] {
        let bytes = Array(markup.utf8)
        return Layout(bytes).lines.map { bytes[$0.bytes].text }
    }
}
