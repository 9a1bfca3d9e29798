import EpScript

/// Stars that are words: `5*3*2`, `f**k`, `*note`.
enum StarText {
    /// The text with `\*` for every star that is said and could be taken for emphasis.
    static func guarded(_ text: String) -> String { text.contains("*") ? guardedAlone(guardedInWords(text)) : text }

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

    /// Guards what emphasis leaves standing, except between blanks.
    private static func guardedAlone(_ text: String) -> String {
        let plain = Emphasis.plain(text)
        guard plain.contains("*") else { return text }
        var guarded = ""
        var next = plain[...]
        var previous: Character = " "
        for index in text.indices {
            let character = text[index]
            let isChecked = character == next.first
            if isChecked { next.removeFirst() }
            let behind = text[text.index(after: index)...].first ?? " "
            if isChecked, character == "*", previous != "\\", previous != " " || behind != " " { guarded.append("\\") }
            guarded.append(character)
            previous = character
        }
        return Emphasis.plain(guarded) == plain ? guarded : text
    }
}
