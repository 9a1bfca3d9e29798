/// What people and programs put before the words of a line: marks of lists, and times.
enum LineMarks {
    /// Without a list mark: `- `, `• `, `3. `, `- [x] `.
    static func withoutList(_ line: Substring) -> Substring {
        let line = line.drop(while: \.isWhitespace)
        guard let first = line.first else { return line }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        let rest: Substring
        if "-*+•·–—‣◦▪●○■".contains(first) {
            rest = line.dropFirst()
        } else if (1...3).contains(digits.count), let end = line.dropFirst(digits.count).first, end == "." || end == ")" {
            rest = line.dropFirst(digits.count + 1)
        } else {
            return line
        }
        guard let space = rest.first, space.isWhitespace else { return line }
        let words = rest.drop(while: \.isWhitespace)
        for box in ["[ ] ", "[x] ", "[X] "] where words.hasPrefix(box) { return words.dropFirst(4) }
        return words
    }

    /// Without the marks of a quotation: `> `.
    static func withoutQuote(_ line: Substring) -> Substring {
        var line = line.drop(while: \.isWhitespace)
        while line.first == ">", line.dropFirst().first.map({ $0.isWhitespace || $0 == ">" }) ?? true {
            line = line.dropFirst().drop(while: \.isWhitespace)
        }
        return line
    }

    /// What follows a time at the front: `[00:07]`, `(1:02:03.5)`, `00:07 - 00:12`; nil if there is none.
    /// - Parameter inBrackets: only one that stands in brackets.
    static func afterTime(_ line: Substring, inBrackets: Bool) -> Substring? {
        let line = line.drop(while: \.isWhitespace)
        let closers: [Character: Character] = ["[": "]", "(": ")", "<": ">", "{": "}"]
        let closer = line.first.flatMap { closers[$0] }
        if inBrackets, closer == nil { return nil }
        guard var rest = afterClock(closer == nil ? line : line.dropFirst()) else { return nil }
        let range = rest.drop(while: \.isWhitespace)
        for arrow in ["-->", "-", "–", "—", "to "] where range.hasPrefix(arrow) {
            if let end = afterClock(range.dropFirst(arrow.count).drop(while: \.isWhitespace)) { rest = end }
        }
        guard let closer else { return rest.drop(while: \.isWhitespace) }
        rest = rest.drop(while: \.isWhitespace)
        return rest.first == closer ? rest.dropFirst().drop(while: \.isWhitespace) : nil
    }

    /// What precedes a time at the end: `Sam [00:07]`, `Sam 0:07`.
    static func beforeTime(_ text: Substring) -> Substring {
        let text = text.trimmed
        guard let last = text.last, last.isNumber || "])}>".contains(last) else { return text }
        var starts = text.indices.filter { $0 == text.startIndex || !isOfTime(text[text.index(before: $0)]) || "[({<".contains(text[$0]) }
        starts.removeAll { !isOfTime(text[$0]) && !"[({<".contains(text[$0]) }
        for start in starts where afterTime(text[start...], inBrackets: false)?.isEmpty == true { return text[..<start].trimmed }
        return text
    }

    private static func isOfTime(_ character: Character) -> Bool { character.isNumber || ":.,".contains(character) }

    /// `0:07`, `00:00:07.120`, `00:07,5`
    private static func afterClock(_ text: Substring) -> Substring? {
        func digits(_ text: Substring) -> Int { text.prefix { $0.isASCII && $0.isNumber }.count }
        guard (1...3).contains(digits(text)) else { return nil }
        var rest = text.dropFirst(digits(text))
        var parts = 0
        while parts < 2, rest.first == ":", digits(rest.dropFirst()) == 2 {
            rest = rest.dropFirst(3)
            parts += 1
        }
        guard parts > 0 else { return nil }
        if let point = rest.first, point == "." || point == ",", (1...3).contains(digits(rest.dropFirst())) {
            rest = rest.dropFirst(1 + digits(rest.dropFirst()))
        }
        return rest.first.map { $0.isNumber || $0 == ":" } == true ? nil : rest
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: Substring {
        let front = Substring(self).drop(while: \.isWhitespace)
        guard let last = front.lastIndex(where: { !$0.isWhitespace }) else { return front[front.startIndex..<front.startIndex] }
        return front[...last]
    }

    /// With single spaces.
    var folded: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
