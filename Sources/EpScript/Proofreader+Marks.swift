import EpCore

/// Notes, boneyards and emphasis that do not do what they seem to.
extension Proofreader {
    mutating func findMarks() {
        findUnclosedMarks()
        findBoneyardsInWords()
        for line in lines where line.kind == .dialogue {
            findSpokenEnd(line)
            findSpokenStar(line)
            findHTML(line)
        }
    }

    /// Tags and character references of a web page, which are read out as they stand.
    private mutating func findHTML(_ line: WrittenLine) {
        if let comment = ["<!--", "-->"].first(where: line.text.contains) ?? (line.text.hasPrefix("// ") ? "//" : nil) {
            return warn(
                "\(quoted(comment)) is spoken here: a script has no such comments", at: line.location,
                remedy: "write [[ … ]] for a note, /* … */ for what is cut")
        }
        guard line.text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return }
        let tag = /<\/?(b|i|u|s|p|a|br|em|strong|span|div|font|sup|small|code|h[1-6]|li|ul|ol|hr|img)(\s[^<>]*)?\/?>/.ignoresCase()
        let reference = /&(amp|lt|gt|quot|apos|nbsp|hellip|mdash|ndash|[lr][sd]quo|#[0-9]{1,6}|#x[0-9a-f]{1,5});/.ignoresCase()
        guard let found = line.text.firstMatch(of: tag)?.output.0 ?? line.text.firstMatch(of: reference)?.output.0 else { return }
        warn(
            "\(quoted(String(found))) is spoken here: a script has no HTML", at: line.location,
            remedy: "write the character itself, and *words* that are emphasized between stars")
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
        var next = 0
        while let start = plain[next...].firstIndex(where: Self.isEmphasis) {
            next = plain[start...].firstIndex { $0 != plain[start] } ?? plain.count
            guard isUnpaired(plain, start..<next) else { continue }
            let isStar = plain[start] == UInt8(ascii: "*")
            let sign = plain[start..<next].text
            let name = isStar ? next - start == 1 ? "a star" : "\(sign)" : "an underscore"
            return warn(
                "\(name) is spoken here, as it begins no emphasis that ends on this line", at: line.location,
                remedy: "close the emphasis on the line, and open it again on the next; write \\\(isStar ? "*" : "_") for the sign itself")
        }
    }

    /// Whether marks that are no emphasis stand where a person would begin or end some. Not `f**k`, `s***`, `2 * 3` or `*69`.
    private func isUnpaired(_ text: [UInt8], _ run: Range<Int>) -> Bool {
        let before = run.lowerBound > 0 ? text[run.lowerBound - 1] : .space
        let after = run.upperBound < text.count ? text[run.upperBound] : .space
        func isLetter(_ byte: UInt8) -> Bool { byte.isAlphanumeric && !byte.isDigit }
        let mayOpen = before <= .space && (after == UInt8(ascii: "(") || after == UInt8(ascii: "\""))
        if before.isDigit || after.isDigit || isLetter(before) == (isLetter(after) || mayOpen) { return false }
        return run.count == 1 || (run.count <= 3 && !isLetter(before))
    }

    private static func isEmphasis(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") }
}
