/// A stretch of the source that is not part of what the script says.
struct Mark {
    enum Kind {
        /// `[[ … ]]`
        case note
        /// `/* … */`
        case boneyard

        var element: Element.Kind { self == .note ? .note : .boneyard }
    }

    let kind: Kind
    /// With its brackets.
    let bytes: Range<Int>
    /// Without its brackets.
    var inside: Range<Int> { bytes.lowerBound + 2..<bytes.upperBound - 2 }
}

/// A line as the standard means it: a line end inside a mark does not end it.
struct SourceLine {
    /// Without the line end.
    let bytes: Range<Int>
    /// Indices of the marks in it.
    let marks: Range<Int>
}

/// Where the lines and the marks of a source are. Knows nothing of what the lines mean.
///
/// Whichever mark opens first wins, and its inside is opaque. A boneyard ends at `*/` only; a note ends at `]]`, but
/// not beyond an empty line (one with two spaces is not empty). What is never closed is text.
struct Layout {
    private(set) var lines: [SourceLine] = []
    private(set) var marks: [Mark] = []
    private(set) var unclosed: [(kind: Mark.Kind, offset: Int)] = []

    /// No `]]` ends a note that opens before this offset; keeps failing searches linear.
    private var noNoteEndBefore = 0
    private var noBoneyardEnd = false

    init(_ source: [UInt8], from start: Int = 0) {
        var lineStart = start
        var firstMark = 0
        var offset = start
        while offset < source.count {
            switch source[offset] {
            case .lineFeed, .carriageReturn:
                lines.append(SourceLine(bytes: lineStart..<offset, marks: firstMark..<marks.count))
                offset = Self.afterLineEnd(offset, in: source)
                lineStart = offset
                firstMark = marks.count
            case UInt8(ascii: "[") where source.has(UInt8(ascii: "["), at: offset + 1):
                offset = mark(.note, at: offset, until: noteEnd(after: offset + 2, in: source))
            case UInt8(ascii: "/") where source.has(UInt8(ascii: "*"), at: offset + 1):
                offset = mark(.boneyard, at: offset, until: boneyardEnd(after: offset + 2, in: source))
            default:
                guard let run = SoftLineEnd.run(at: offset, in: source) else {
                    offset += 1
                    continue
                }
                for end in run.ends {
                    lines.append(SourceLine(bytes: lineStart..<end.lowerBound, marks: firstMark..<marks.count))
                    lineStart = end.upperBound
                    firstMark = marks.count
                }
                offset = run.upperBound
            }
        }
        lines.append(SourceLine(bytes: lineStart..<source.count, marks: firstMark..<marks.count))
    }

    /// - Returns: where to read on.
    private mutating func mark(_ kind: Mark.Kind, at offset: Int, until end: Int?) -> Int {
        guard let end else {
            unclosed.append((kind, offset))
            return offset + 2
        }
        marks.append(Mark(kind: kind, bytes: offset..<end))
        return end
    }

    private mutating func boneyardEnd(after start: Int, in source: [UInt8]) -> Int? {
        if noBoneyardEnd { return nil }
        var offset = start
        while offset + 1 < source.count {
            if source[offset] == UInt8(ascii: "*"), source[offset + 1] == UInt8(ascii: "/") { return offset + 2 }
            offset += 1
        }
        noBoneyardEnd = true
        return nil
    }

    private mutating func noteEnd(after start: Int, in source: [UInt8]) -> Int? {
        if start <= noNoteEndBefore { return nil }
        var offset = start
        while offset + 1 < source.count {
            if source[offset].isLineEnd {
                offset = Self.afterLineEnd(offset, in: source)
                if Self.isEmptyLine(offset, in: source) { break }
            } else if source[offset] == UInt8(ascii: "]"), source[offset + 1] == UInt8(ascii: "]") {
                return offset + 2
            } else {
                offset += 1
            }
        }
        noNoteEndBefore = offset
        return nil
    }

    private static func afterLineEnd(_ offset: Int, in source: [UInt8]) -> Int {
        source[offset] == .carriageReturn && source.has(.lineFeed, at: offset + 1) ? offset + 2 : offset + 1
    }

    /// Whether the line at the offset has nothing on it but at most one space, or white space that is none of ASCII.
    private static func isEmptyLine(_ offset: Int, in source: [UInt8]) -> Bool {
        let line = source[offset...].prefix { !$0.isLineEnd }
        return line.trimmedFront.isEmpty && !line.keepsSpeech
    }
}

extension ArraySlice<UInt8> {
    /// Whether a line without words is two spaces or more, by which a person says that it is not empty.
    var keepsSpeech: Bool { count >= 2 && allSatisfy(\.isBlank) }
}
