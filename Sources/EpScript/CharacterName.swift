/// The parts of a character cue: `OLIVER (V.O.) ^`.
enum CharacterName {
    /// Reads a cue, whose text is the name with its extensions; nil if there is no name.
    static func read(_ words: ArraySlice<UInt8>) -> Grammar.Reading? {
        let isDual = words.last == UInt8(ascii: "^")
        let text = isDual ? words.dropLast().trimmedBack : words
        return name(of: text).isEmpty ? nil : Grammar.Reading(.character(isDual: isDual), text)
    }

    /// The cue without its extensions: what stands before the first parenthesis, if the cue ends with one.
    static func name(of cue: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var words = cue
        if words.last == UInt8(ascii: "^") { words = words.dropLast().trimmedBack }
        guard words.last == UInt8(ascii: ")") else { return words }
        return words.prefix { $0 != UInt8(ascii: "(") }.trimmedBack
    }

    /// The name in the text of a character element, without emphasis marks.
    static func speaker(of text: String) -> String {
        guard text.utf8.last == UInt8(ascii: ")") else { return Emphasis.spoken(text) }
        return Emphasis.spoken(name(of: Array(text.utf8)[...]).text)
    }
}
