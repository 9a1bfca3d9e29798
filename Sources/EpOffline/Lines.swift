/// Text as lines of UTF-8.
enum Lines {
    /// The lines, without their ends (`\n` or `\r\n`).
    static func split(_ text: String) -> [String] {
        text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }
    }

    /// Without blanks at either end.
    static func trim(_ text: String) -> String { trim(text.utf8) }
    static func trim(_ text: Substring) -> String { trim(text.utf8) }

    static func trim(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        var rest = bytes[...]
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    /// The number of spaces that a line begins with.
    static func indent(_ line: String) -> Int { line.utf8.prefix { $0 == 32 }.count }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}

/// Text as words, which are what stands between blanks.
enum Words {
    static func split(_ text: String) -> [String] {
        text.utf8.split(whereSeparator: Lines.isBlank).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The word alone: in lower case, without the signs around it (`"Thrust!"` is `thrust`).
    static func bare(_ word: String) -> String {
        var rest = word.lowercased().unicodeScalars[...]
        while let first = rest.first, !isLetterOrDigit(first) { rest.removeFirst() }
        while let last = rest.last, !isLetterOrDigit(last) { rest.removeLast() }
        return String(rest)
    }

    /// With a capital first letter.
    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// With a small first letter, unless the first word is a name or an abbreviation: it has other capitals,
    /// or it is "I", or the caller knows it.
    static func lowered(_ text: String, unless names: Set<String> = []) -> String {
        guard let word = split(text).first else { return text }
        let others = word.unicodeScalars.dropFirst().contains { $0.properties.isUppercase }
        if others || word == "I" || word.hasPrefix("I'") || names.contains(bare(word)) { return text }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
