import EpScript

/// Stars and underscores that are words: `5*3*2`, `f**k`, `*note`, `_blank`.
enum StarText {
    /// The text with `\*` and `\_` for every star and underscore that is said and could be taken for emphasis.
    static func guarded(_ text: String) -> String {
        text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "_") } ? guardedAlone(guardedInWords(text)) : text
    }

    /// The text with every mark of emphasis as a character.
    static func literal(_ text: String) -> String { ["\\", "*", "_"].reduce(text) { $0.replacing($1, with: "\\\($1)") } }

    private static func guardedInWords(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "*") {
            let behind = rest[start...].drop { $0 == "*" }
            let stars = rest[start..<behind.startIndex]
            kept += rest[..<start]
            kept += isOfWord(kept.last) && isOfWord(behind.first) ? stars.replacing("*", with: "\\*") : stars
            rest = behind
        }
        return kept + rest
    }

    private static func isOfWord(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }

    private static func isMark(_ character: Character) -> Bool { character == "*" || character == "_" }

    /// Guards what emphasis leaves standing, except between blanks, and underscores in words.
    private static func guardedAlone(_ text: String) -> String {
        let plain = Emphasis.plain(text)
        guard plain.contains(where: isMark) else { return text }
        var guarded = ""
        var next = plain[...]
        var previous: Character = " "
        for index in text.indices {
            let character = text[index]
            let isChecked = character == next.first
            if isChecked { next.removeFirst() }
            let behind = text[text.index(after: index)...].first ?? " "
            let isAlone = previous == " " && behind == " "
            let isInWord = character == "_" && isOfWord(previous) && isOfWord(behind)
            if isChecked, isMark(character), previous != "\\", !isAlone, !isInWord { guarded.append("\\") }
            guarded.append(character)
            previous = character
        }
        return Emphasis.plain(guarded) == plain ? guarded : text
    }
}
