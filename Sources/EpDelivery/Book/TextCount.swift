/// How long a text is, as people count it: its words, and in scripts that put no blanks between words its characters.
public struct TextCount: Hashable, Sendable {
    public let words: Int

    /// - Parameter text: plain, without marks of Markdown.
    public init(_ text: String) {
        var (words, isInWord) = (0, false)
        for scalar in text.unicodeScalars {
            if scalar.isUnspaced {
                words += 1
                isInWord = false
            } else if scalar.isWordLetter {
                if !isInWord { words += 1 }
                isInWord = true
            } else if !(isInWord && scalar.isWithinWords) {
                isInWord = false
            }
        }
        self.words = words
    }
}

extension Unicode.Scalar {
    /// True in scripts whose every character counts, as nothing stands between words: Chinese characters, kana, bopomofo.
    public var isUnspaced: Bool {
        switch value {
        case 0x3005...0x3007, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x3105...0x312F, 0x31A0...0x31BF,
            0x31F0...0x31FF,
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9D, 0x20000...0x323AF:
            true
        default: false
        }
    }

    /// A letter or a digit, or an accent on one.
    public var isWordLetter: Bool {
        if value < 0x80 { return (48...57).contains(value) || (65...90).contains(value) || (97...122).contains(value) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .nonspacingMark,
            .spacingMark, .enclosingMark:
            return true
        default: return false
        }
    }

    /// Does not end a word between two letters: an apostrophe, a hyphen, a soft hyphen, what joins letters.
    fileprivate var isWithinWords: Bool {
        switch value {
        case 0x27, 0x2D, 0xAD, 0xB7, 0x200C, 0x200D, 0x2010, 0x2011, 0x2019: true
        default: false
        }
    }
}
