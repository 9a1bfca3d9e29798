/// Parentheses that enclose a whole line.
enum Parentheses {
    /// Whether the first parenthesis is closed by the last one: `(a) and (b)` is not enclosed.
    static func enclose(_ words: ArraySlice<UInt8>) -> Bool {
        guard words.first == UInt8(ascii: "("), words.last == UInt8(ascii: ")") else { return false }
        var depth = 0
        return stayOpen(words.dropLast(), &depth) && depth == 1
    }

    /// Whether a parenthesis that was opened is not closed within some words.
    /// - Parameter depth: how many are open.
    static func stayOpen(_ words: ArraySlice<UInt8>, _ depth: inout Int) -> Bool {
        for byte in words {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return false }
        }
        return true
    }

    /// What stands in the parentheses of a delivery, which may be emphasized, or written full-width; nil if it is none.
    static func delivery(_ words: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let words = withoutEmphasis(words)
        if enclose(words) { return words.dropFirst().dropLast().trimmed }
        guard words.count >= 6, words.prefix(3).ends(with: "（"), words.ends(with: "）") else { return nil }
        let inside = words.dropFirst(3).dropLast(3).trimmed
        let others: Set<Character> = ["(", ")", "（", "）"]
        return inside.text.contains(where: others.contains) ? nil : inside
    }

    /// A line without the emphasis marks around the whole of it.
    static func withoutEmphasis(_ words: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var inner = words
        while inner.count >= 3, let mark = inner.first, mark == UInt8(ascii: "*") || mark == UInt8(ascii: "_"), inner.last == mark {
            inner = inner.dropFirst().dropLast()
        }
        return inner
    }
}
