/// A source line without its marks, and without white space at its end; it knows where each of its bytes came from.
///
/// White space that a mark leaves doubled goes with the mark: `Hello [[why?]] there` is `Hello there`.
struct BareLine {
    /// Has the indices of the source if the line has no marks.
    let bytes: ArraySlice<UInt8>
    private let raw: Range<Int>
    /// Where each of the bytes stands in the source; nil if the line has no marks.
    private let origins: [Int]?
    private let firstMark: Int
    /// Whether white space stands at its end, behind the last word.
    let endsInBlank: Bool

    init(_ source: [UInt8], _ line: Range<Int>, marks: ArraySlice<Mark>) {
        let whole = source[line].trimmedBack
        raw = whole.startIndex..<whole.endIndex
        endsInBlank = raw.upperBound < line.upperBound
        guard let first = marks.first else {
            (bytes, origins, firstMark) = (whole, nil, raw.upperBound)
            return
        }
        var bare: [UInt8] = []
        var origins: [Int] = []
        func copy(_ range: Range<Int>) {
            bare += source[range]
            origins += range
        }
        var offset = line.lowerBound
        for mark in marks {
            copy(offset..<mark.bytes.lowerBound)
            offset = mark.bytes.upperBound
            guard bare.last?.isBlank ?? true else { continue }
            while offset < raw.upperBound, source[offset].isBlank { offset += 1 }
        }
        copy(offset..<max(offset, raw.upperBound))
        bare.removeLast(bare.count - bare[...].trimmedBack.count)
        (bytes, self.origins, firstMark) = (bare[...], origins, first.bytes.lowerBound)
    }

    /// What a reading of the line says, and how that was written if there are marks in it.
    func content(of reading: Grammar.Reading, in source: [UInt8]) -> (text: String, markup: String?) {
        let isAction = reading.kind == .action
        var text = bytes[reading.text]
        guard let origins else { return (isAction ? Self.expandingTabs(text) : text.text, nil) }
        var markup = markup(keeping: reading.text, origins, source).trimmedBack
        let firstWord = text.trimmedFront.startIndex
        if !isAction || firstWord == text.endIndex || firstMark < origins[firstWord] {
            text = text.trimmedFront
            markup = markup.trimmedFront
        }
        return isAction ? (Self.expandingTabs(text), Self.expandingTabs(markup)) : (text.text, markup.text)
    }

    /// The source of the text and of all marks, without the marks that tell the kind; line ends are `\n`.
    private func markup(keeping text: Range<Int>, _ origins: [Int], _ source: [UInt8]) -> ArraySlice<UInt8> {
        var kept: [UInt8] = []
        var next = bytes.startIndex
        for offset in raw {
            let byte = source[offset]
            if next < bytes.endIndex, origins[next] == offset {
                if text.contains(next) || byte.isBlank {
                    kept.append(byte)
                } else if next < text.lowerBound, kept.allSatisfy(\.isBlank) {
                    kept.removeAll()  // what stands before the mark of a kind is not the text's indentation
                }
                next += 1
            } else {
                kept.append(byte)
            }
        }
        return kept[...].withoutCarriageReturns
    }

    /// The standard's rule for action: indentation stays, and a tab is four spaces. Other white space than spaces is a space.
    private static func expandingTabs(_ line: ArraySlice<UInt8>) -> String {
        let words = line.trimmedFront
        let indentation = line[..<words.startIndex]
        guard indentation.contains(where: { $0 != .space }) else { return line.text }
        return WideBlank.folded(indentation.text).replacing("\t", with: "    ") + words.text
    }
}
