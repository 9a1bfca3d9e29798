import EpCore

/// A line as a kind of voice is given it: without what the program would take for a command, and spelled in letters that it knows.
public enum SpokenText {
    /// Why a line cannot be spoken.
    public enum Problem: Error, Hashable {
        /// Nothing in it is a word, a number, or a sign that has a name.
        case nothing
        /// The program would leave out these words.
        case words([String])
    }

    /// A line without what no voice is to be given.
    public static func plain(_ text: String) throws(Problem) -> String {
        guard text.unicodeScalars.contains(where: isSpoken) else { throw .nothing }
        return withoutControls(text)
    }

    private static let namedSigns: Set<Unicode.Scalar> = ["&", "%", "@", "+", "$"]

    private static func isSpoken(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII, namedSigns.contains(scalar) { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter: return true
        case .decimalNumber, .letterNumber, .otherNumber: return true
        case .currencySymbol: return true
        default: return false
        }
    }

    /// True for a sign between two numbers that neither espeak-ng nor flite says; an arrow or a quotation mark is none.
    static func isComparison(_ word: Substring) -> Bool { ["<", ">", "<=", ">="].contains(word) }

    /// espeak-ng takes what follows a U+0001 for a command; no other control character is a text's either.
    private static func withoutControls(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            (scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value) && !scalar.properties.isWhitespace
        }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
    }

    // MARK: for voices of programs

    /// No-break spaces and apostrophes, as books set them between the thousands of a number.
    private static let groupSigns: Set<Unicode.Scalar> = ["\u{A0}", "\u{202F}", "\u{2009}", "\u{2007}", "'", "\u{2019}"]

    /// A line whose numbers have nothing between their thousands: programs take `12 500` with a no-break space for two numbers.
    static func withoutGroupSigns(_ text: String) -> String {
        // Asked of every line: few have a number at all.
        guard text.utf8.contains(where: { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            text.unicodeScalars.contains(where: groupSigns.contains)
        else { return text }
        let scalars = Array(text.unicodeScalars)
        func digits(from start: Int) -> Int { scalars[start...].prefix { ("0"..."9").contains($0) }.count }
        var joined = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let count = digits(from: index)
            joined.append(contentsOf: scalars[index..<index + max(1, count)])
            index += max(1, count)
            guard (1...3).contains(count), scalars[index - count] != "0", index < scalars.count, groupSigns.contains(scalars[index])
            else { continue }
            let sign = scalars[index]
            while index + 1 < scalars.count, scalars[index] == sign, digits(from: index + 1) == 3 {
                joined.append(contentsOf: scalars[index + 1..<index + 4])
                index += 4
            }
        }
        return String(joined)
    }

    // MARK: for voices that know no letters outside ASCII

    /// The same in plain letters.
    /// - Throws: `.words` with those that cannot be spelled.
    public static func inPlainLetters(_ text: String) throws(Problem) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var spelled = ""
        var unknown: [String] = []
        for word in text.replacing(" – ", with: " -- ").split(separator: " ", omittingEmptySubsequences: false) {
            if let plain = plain(word) { spelled += (spelled.isEmpty ? "" : " ") + plain } else { unknown.append(bare(word)) }
        }
        if !unknown.isEmpty { throw .words(unknown) }
        guard spelled.unicodeScalars.contains(where: isSpoken) else { throw .nothing }
        return spelled
    }

    /// A word without the punctuation around it; the punctuation if there is nothing else.
    private static func bare(_ word: Substring) -> String {
        var bare = word.drop(while: \.isPunctuation)
        while let last = bare.last, last.isPunctuation { bare.removeLast() }
        return String(bare.isEmpty ? word : bare)
    }

    /// Nil if it cannot be spelled.
    private static func plain(_ word: Substring) -> String? {
        var plain = ""
        for character in word {
            guard let letters = PlainLetters.of(character) else { return nil }
            plain += letters
        }
        return plain
    }
}

/// Characters in letters and signs of ASCII, where everybody would read them alike.
enum PlainLetters {
    private static let known: [Character: String] = [
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D",
        "ı": "i", "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "‹": "'", "›": "'", "“": "\"", "”": "\"", "„": "\"", "‟": "\"",
        "″": "\"",
        "«": "\"", "»": "\"", "–": "-", "‐": "-", "‑": "-", "−": "-", "—": " -- ", "―": " -- ", "…": "...", "°": " degrees ",
        "×": " times ",
        "÷": " divided by ", "±": " plus or minus ", "©": "", "®": "", "™": "",
    ]
    /// Signs that are read as a word, each in its own way.
    private static let words: Set<Unicode.Scalar> = ["§", "¶", "‰", "‱"]

    /// Nil if there are none.
    static func of(_ character: Character) -> String? {
        if character.utf8.allSatisfy({ $0 < 0x80 }) { return String(character) }
        if let known = known[character] { return known }
        var plain = ""
        for scalar in character.unicodeScalars {
            guard let letters = of(scalar) else { return nil }
            plain += letters
        }
        return plain
    }

    private static func of(_ scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII { return String(scalar) }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return ""
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control: return " "
        case .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .dashPunctuation, .connectorPunctuation:
            return " "
        case .otherPunctuation: return words.contains(scalar) ? nil : " "
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter: return latin(scalar)
        default: return nil
        }
    }

    /// The letter of a Latin letter with marks, and the two of a ligature, as Unicode names them: `LATIN SMALL LETTER E WITH ACUTE`.
    private static func latin(_ scalar: Unicode.Scalar) -> String? {
        guard let name = scalar.properties.name?.split(separator: " ").drop(while: { $0 == "FULLWIDTH" }), name.count >= 4,
            name.first == "LATIN"
        else { return nil }
        let words = Array(name)
        guard ["LETTER", "LIGATURE"].contains(words[2]), words[3].count <= (words[2] == "LIGATURE" ? 3 : 2),
            words.count == 4 || words[4] == "WITH"
        else { return nil }
        return words[1] == "SMALL" ? words[3].lowercased() : String(words[3])
    }
}
