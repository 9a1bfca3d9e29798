/// The parts of a character cue: `OLIVER (V.O.) ^`.
enum CharacterName {
    /// Reads a cue, whose text is the name with its extensions; nil if there is no name.
    static func read(_ words: ArraySlice<UInt8>) -> Grammar.Reading? {
        let text = words.last == caret ? words.dropLast().trimmedBack : words
        return name(of: text).isEmpty ? nil : Grammar.Reading(.character(isDual: isDual(words)), text)
    }

    /// Whether `^` stands at the end, or before the extensions.
    static func isDual(_ cue: ArraySlice<UInt8>) -> Bool { cue.last == caret || withoutExtensions(cue).last == caret }

    /// The cue without its extensions, without `^`, and without a colon, which many write behind a name.
    static func name(of cue: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        withoutEnd(withoutExtensions(withoutEnd(cue)))
    }

    /// The name in the text of a character element, without emphasis marks.
    static func speaker(of text: String) -> String {
        let plain = Emphasis.plain(text)
        let name = name(of: Array(plain.utf8)[...])
        return Emphasis.spoken(WideBlank.folded(name.isEmpty ? plain : name.text))
    }

    /// What stands in parentheses behind the name: `V.O.`
    static func `extension`(of cue: ArraySlice<UInt8>) -> String {
        let words = withoutEnd(cue)
        let behind = words[withoutExtensions(words).endIndex...].text
        return String(behind.drop { " \t(（".contains($0) }.prefix { !")）".contains($0) })
    }

    /// What stands before the first parenthesis, if it ends with one.
    private static func withoutExtensions(_ words: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if words.last == UInt8(ascii: ")") { return words.prefix { $0 != UInt8(ascii: "(") }.trimmedBack }
        guard words.ends(with: "）"), let open = words.firstRange(of: Array("（".utf8)) else { return words }
        return words[..<open.lowerBound].trimmedBack
    }

    private static func withoutEnd(_ words: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var words = words
        while true {
            if words.last == caret || words.last == UInt8(ascii: ":") {
                words = words.dropLast().trimmedBack
            } else if words.ends(with: "：") {
                words = words.dropLast(3).trimmedBack
            } else {
                return words
            }
        }
    }

    private static let caret = UInt8(ascii: "^")
}
