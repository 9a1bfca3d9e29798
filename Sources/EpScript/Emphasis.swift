/// Emphasis: `*italic*`, `**bold**`, `***both***`, `_underlined_`, and `\*` for a star that is one.
///
/// Emphasis ends with its line. A mark that opens has no white space after it and a mark that closes none before it,
/// so `*69 and *23` has none; an underscore inside a word is part of the word.
public enum Emphasis {
    public struct Style: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let italic = Style(rawValue: 1)
        public static let bold = Style(rawValue: 2)
        public static let underlined = Style(rawValue: 4)
    }

    /// A stretch of text in one style.
    public struct Run: Hashable, Sendable {
        public let text: String
        public let style: Style
    }

    /// The text in runs of one style each, without emphasis marks.
    public static func runs(of text: String) -> [Run] {
        let bytes = Array(text.utf8)
        var runs: [Run] = []
        var style: Style = []
        var start = 0
        for cut in EmphasisScan(bytes).cuts + [EmphasisScan.Cut(bytes: bytes.count..<bytes.count, toggles: [])] {
            if cut.bytes.lowerBound > start {
                runs.append(Run(text: bytes[start..<cut.bytes.lowerBound].text, style: style))
            }
            style.formSymmetricDifference(cut.toggles)
            start = cut.bytes.upperBound
        }
        return runs
    }

    /// The text without emphasis marks.
    public static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: EmphasisScan.isMark) else { return text }
        let bytes = Array(text.utf8)
        var plain: [UInt8] = []
        var start = 0
        for cut in EmphasisScan(bytes).cuts {
            plain += bytes[start..<cut.bytes.lowerBound]
            start = cut.bytes.upperBound
        }
        return (plain + bytes[start...])[...].text
    }

    /// The text as it is said: without emphasis marks, white space (and control characters) folded to single spaces.
    static func spoken(_ text: String) -> String {
        if text.utf8.withContiguousStorageIfAvailable({ isFolded($0, mayHaveMarks: false) }) ?? false { return text }
        let plain = plain(text)
        return folded(plain)
    }

    private static func folded(_ plain: String) -> String {
        if plain.utf8.withContiguousStorageIfAvailable({ isFolded($0, mayHaveMarks: true) }) ?? false { return plain }
        return WideBlank.withoutByteOrderMarks(plain).utf8.split { $0 <= .space }.map { String(Substring($0)) }.joined(separator: " ")
    }

    /// Stands before what is emphasised of a word: a character of private use, of the last plane.
    static let stress: Unicode.Scalar = "\u{10FFFC}"

    /// The same with `stress` before what is emphasised of each word.
    /// - Parameter sign: stands for a note, and is nothing that can be emphasised.
    /// - Returns: nil if nothing is.
    static func stressed(_ text: String, around sign: Unicode.Scalar? = nil) -> String? {
        guard text.utf8.contains(where: EmphasisScan.isMark), !text.unicodeScalars.contains(stress) else { return nil }
        var marked = String.UnicodeScalarView()
        for run in runs(of: text) {
            var isWaiting = !run.style.isEmpty
            for scalar in run.text.unicodeScalars {
                let isBlank = scalar.value <= 32
                if isWaiting, !isBlank, scalar != sign { marked.append(stress) }
                if !run.style.isEmpty, scalar != sign { isWaiting = isBlank }
                marked.append(scalar)
            }
        }
        return folded(String(marked))
    }

    /// Whether a text has single spaces only, none at its ends, and no emphasis unless it may; nearly every one is so.
    private static func isFolded(_ text: UnsafeBufferPointer<UInt8>, mayHaveMarks: Bool) -> Bool {
        var previous = UInt8.space
        for byte in text {
            if byte < .space || (byte == .space && previous == .space) { return false }
            // What a byte-order mark begins with.
            if byte == 0xEF { return false }
            if !mayHaveMarks, EmphasisScan.isMark(byte) { return false }
            previous = byte
        }
        return previous != .space
    }
}

/// Finds the marks in a text that are emphasis, and the backslashes before those that are not.
private struct EmphasisScan {
    /// Bytes to leave out, and the style that begins or ends there.
    struct Cut {
        let bytes: Range<Int>
        let toggles: Emphasis.Style
    }

    private(set) var cuts: [Cut] = []
    /// Marks that may still open something: stars (1 to 3 of them) and underscores.
    private var stars: [Range<Int>] = []
    private var underscores: [Int] = []

    static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "\\")
    }

    init(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            switch bytes[offset] {
            case .lineFeed:
                stars.removeAll()
                underscores.removeAll()
                offset += 1
            case UInt8(ascii: "\\") where offset + 1 < bytes.count && Self.isMark(bytes[offset + 1]):
                cuts.append(Cut(bytes: offset..<offset + 1, toggles: []))
                offset += 2
            case UInt8(ascii: "*"): offset = readStars(bytes, offset)
            case UInt8(ascii: "_"): offset = readUnderscore(bytes, offset)
            default: offset += 1
            }
        }
        cuts.sort { $0.bytes.lowerBound < $1.bytes.lowerBound }
    }

    /// - Returns: where to read on.
    private mutating func readStars(_ bytes: [UInt8], _ start: Int) -> Int {
        let end = bytes[start...].firstIndex { $0 != UInt8(ascii: "*") } ?? bytes.count
        guard end - start <= 3 else { return end }
        var rest = start..<end
        if start > 0, bytes[start - 1] > .space {
            while !rest.isEmpty, let opener = stars.popLast() {
                let count = min(opener.count, rest.count)
                let style: Emphasis.Style = count == 1 ? .italic : count == 2 ? .bold : [.italic, .bold]
                cuts.append(Cut(bytes: opener.upperBound - count..<opener.upperBound, toggles: style))
                cuts.append(Cut(bytes: rest.lowerBound..<rest.lowerBound + count, toggles: style))
                rest = rest.lowerBound + count..<end
                if opener.count > count { stars.append(opener.lowerBound..<opener.upperBound - count) }
            }
        }
        if !rest.isEmpty, end < bytes.count, bytes[end] > .space { stars.append(rest) }
        return end
    }

    private mutating func readUnderscore(_ bytes: [UInt8], _ offset: Int) -> Int {
        let before = offset > 0 ? bytes[offset - 1] : .space
        let after = offset + 1 < bytes.count ? bytes[offset + 1] : .space
        if before > .space, !after.isAlphanumeric, let opener = underscores.popLast() {
            cuts.append(Cut(bytes: opener..<opener + 1, toggles: .underlined))
            cuts.append(Cut(bytes: offset..<offset + 1, toggles: .underlined))
        } else if after > .space, !before.isAlphanumeric {
            underscores.append(offset)
        }
        return offset + 1
    }
}
