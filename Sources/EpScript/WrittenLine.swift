import EpCore

/// A line of a script as it stands on the page, beside what it was read as: what a proofreader looks at.
struct WrittenLine {
    /// What stands between two lines.
    enum Gap {
        case none
        /// Lines of two spaces or more: no empty lines to a speech, and empty ones to the eye.
        case spaces
        case empty
    }

    /// Without notes, without marks that tell the kind, without white space at its ends.
    let text: String
    let kind: Element.Kind
    /// Index of the element that it is a line of.
    let element: Int
    let location: SourceLocation
    /// Whether a person has forced it to be action.
    let isForced: Bool
    let above: Gap
    var below = Gap.empty

    var isAction: Bool { kind == .action && !isForced }
}

/// Puts together the lines of a script: one walk over its source.
struct WrittenLines {
    private(set) var lines: [WrittenLine] = []

    private let script: Script
    private let source: [UInt8]
    private var cursor: Cursor
    /// Where the line before ends.
    private var end: Int
    /// Notes and boneyards since then.
    private var marks: [Element] = []

    init(of script: Script) {
        self.script = script
        source = script.source
        cursor = Cursor(script.source)
        end = script.titlePage.last?.span.bytes.upperBound ?? 0
        for (index, element) in script.elements.enumerated() {
            if !element.kind.isMark {
                add(element, index)
            } else if !element.isInline {
                marks.append(element)
            }
        }
    }

    private mutating func add(_ element: Element, _ index: Int) {
        let texts = element.text.utf8.split(separator: .lineFeed, omittingEmptySubsequences: false)
        let ranges = Layout(Array(source[element.span.bytes])).lines.map(\.bytes)
        for (text, range) in zip(texts, ranges) where !text.isEmpty || texts.count == 1 {
            let start = element.span.bytes.lowerBound + range.lowerBound
            let words = source[start..<element.span.bytes.lowerBound + range.upperBound].trimmed
            let gap = lines.isEmpty ? .empty : gap(until: words.startIndex)
            let place = words.startIndex..<words.startIndex
            if !lines.isEmpty { lines[lines.count - 1].below = gap }
            lines.append(
                WrittenLine(
                    text: Array(text)[...].trimmed.text, kind: element.kind, element: index,
                    location: cursor.span(place, in: source).location(in: script.file),
                    isForced: element.kind == .action && words.first == UInt8(ascii: "!"), above: gap))
            end = words.endIndex
            marks.removeAll()
        }
    }

    private func gap(until start: Int) -> WrittenLine.Gap {
        var (isEmpty, hasSpaces, line) = (false, false, LineContent.words)
        func endLine() {
            if case .blanks(let count) = line { if count >= 2 { hasSpaces = true } else { isEmpty = true } }
            if line == .boneyard { isEmpty = true }
        }
        var offset = end
        var next = marks[...]
        while offset < start {
            if let mark = next.first, mark.span.bytes.lowerBound <= offset {
                if line != .words { line = mark.kind == .boneyard && line != .note ? .boneyard : .note }
                offset = max(offset + 1, mark.span.bytes.upperBound)
                next = next.dropFirst()
            } else if source[offset].isLineEnd {
                endLine()
                offset += source[offset] == .carriageReturn && source.has(.lineFeed, at: offset + 1) ? 2 : 1
                line = .blanks(0)
            } else if let run = SoftLineEnd.run(at: offset, in: source) {
                for _ in run.ends {
                    endLine()
                    line = .blanks(0)
                }
                if run.ends.isEmpty, line != .words { line = .blanks(-1) }
                offset = run.upperBound
            } else {
                // White space that is none of ASCII does not keep a speech together.
                if case .blanks(let count) = line { line = source[offset].isBlank && count >= 0 ? .blanks(count + 1) : .blanks(-1) }
                offset += 1
            }
        }
        return isEmpty ? .empty : hasSpaces ? .spaces : .none
    }

    private enum LineContent: Equatable {
        case words, note, boneyard
        case blanks(Int)
    }
}
