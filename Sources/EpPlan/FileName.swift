@_spi(_Unicode) import Swift
import EpCore

/// Names of files made of what people call things.
public enum FileName {
    /// Bytes that a name made of a text has at most: a number before it and an ending behind it fit into the 255 of a file's name.
    public static let mostBytes = 200

    /// The words of a text in lower case, with hyphens between them: `how-rockets-work`, `die-flüsse-von-köln`, `東京の川`.
    ///
    /// Letters and digits of every script stay, with their accents, as Unicode composes them (NFC). What does not fit is left
    /// out: words first, and of a first word that is too long, its last characters.
    /// - Parameter length: how many characters at most; never more than `mostBytes` bytes.
    /// - Returns: nil if nothing is left.
    public static func slug(_ text: String, atMost length: Int) -> String? {
        let words = words(of: text.lowercased())
        guard var slug = words.first.map({ beginning(of: $0, atMost: length) }) else { return nil }
        for word in words.dropFirst() {
            guard slug.count + 1 + word.count <= length, slug.utf8.count + 1 + word.utf8.count <= mostBytes else { break }
            slug += "-\(word)"
        }
        return slug
    }

    /// A name that no other text has and that is not too long: a long one is cut, and ends with its digest.
    public static func bounded(_ name: String) -> String {
        guard name.utf8.count > mostBytes else { return name }
        return "\(beginning(of: name, atMost: 100))%%\(Digest(of: Array(name.utf8)).hex.prefix(32))"
    }

    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in text._nfc where !isInvisible(scalar) {
            if isLetter(scalar) || (isAccent(scalar) && !word.isEmpty) {
                word.unicodeScalars.append(scalar)
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func beginning(of text: String, atMost length: Int) -> String {
        var beginning = text.prefix(length)
        while beginning.utf8.count > mostBytes { beginning.removeLast() }
        return String(beginning)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber:
            true
        default: false
        }
    }

    /// True for what belongs to the letter before it: accents, and vowels of Indian scripts.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark].contains(scalar.properties.generalCategory)
    }

    /// True for what only changes how its neighbours are drawn: joiners, soft hyphens, the marks that make emoji.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isDefaultIgnorableCodePoint }
}
