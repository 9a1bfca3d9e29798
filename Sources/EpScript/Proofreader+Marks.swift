import EpCore

/// Notes, boneyards and emphasis that do not do what they seem to.
extension Proofreader {
    mutating func findMarks() {
        findUnclosedMarks()
        findBoneyardsInWords()
        for line in lines where line.kind == .dialogue {
            findSpokenEnd(line)
            findSpokenStar(line)
        }
    }

    private mutating func findUnclosedMarks() {
        for mark in script.unclosed {
            switch mark.kind {
            case .note:
                warn(
                    "this note is never closed, so it counts as text", at: mark.location,
                    remedy: "end it with ]]; inside a note, keep an empty line with two spaces")
            case .boneyard:
                warn("this boneyard is never closed, so it counts as text", at: mark.location, remedy: "end it with */")
            }
        }
    }

    /// `his/*her*`: what was meant for a slash and a star hides everything up to the next star and slash.
    private mutating func findBoneyardsInWords() {
        for element in script.elements where element.kind == .boneyard {
            let bytes = element.span.bytes
            let isInWord = bytes.lowerBound > 0 && script.source[bytes.lowerBound - 1].isAlphanumeric
            let endsInWord = bytes.upperBound < script.source.count && script.source[bytes.upperBound].isAlphanumeric
            guard isInWord || endsInWord, script.source[bytes].contains(where: \.isLineEnd) else { continue }
            let count = script.source[bytes].withoutCarriageReturns.count { $0 == .lineFeed } + 1
            warn(
                "a boneyard begins inside the words here, and hides \(count) lines", at: element.span.location(in: script.file),
                remedy: "write \\* for a star that is one; put a space before /* if you mean it")
        }
    }

    /// The end of a note or a boneyard that begins nowhere: notes do not stand inside each other.
    private mutating func findSpokenEnd(_ line: WrittenLine) {
        guard line.text.contains("]]") || line.text.contains("*/") else { return }
        let plain = Emphasis.plain(line.text)
        // Who has written the beginning as words has meant the end so, too.
        func isStray(_ begin: String, _ end: String) -> Bool {
            guard let found = plain.firstRange(of: end) else { return false }
            return !plain[..<found.lowerBound].contains(begin)
        }
        guard let mark = [("[[", "]]"), ("/*", "*/")].first(where: isStray)?.1 else { return }
        warn(
            "\(mark) is spoken here, as it closes nothing", at: line.location,
            remedy: "take it out; a note or a boneyard ends at the first \(mark) behind its beginning")
    }

    /// A star or an underscore that opens or closes nothing is spoken, as emphasis ends with its line.
    private mutating func findSpokenStar(_ line: WrittenLine) {
        guard line.text.utf8.contains(where: Self.isEmphasis) else { return }
        let plain = Array(Emphasis.plain(line.text.replacing("\\*", with: "").replacing("\\_", with: "")).utf8)
        for (index, byte) in plain.enumerated() where Self.isEmphasis(byte) {
            let before = index > 0 ? plain[index - 1] : .space
            let after = index + 1 < plain.count ? plain[index + 1] : .space
            func isLetter(_ byte: UInt8) -> Bool { byte.isAlphanumeric && !byte.isDigit }
            // Not `f**k`, `2 * 3` or `*69`.
            guard isLetter(before) != isLetter(after), !before.isDigit, !after.isDigit, before != byte, after != byte else { continue }
            let (name, sign) = byte == UInt8(ascii: "*") ? ("a star", "*") : ("an underscore", "_")
            return warn(
                "\(name) is spoken here, as it begins no emphasis that ends on this line", at: line.location,
                remedy: "close the emphasis on the line, and open it again on the next; write \\\(sign) for the sign itself")
        }
    }

    private static func isEmphasis(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") }
}
