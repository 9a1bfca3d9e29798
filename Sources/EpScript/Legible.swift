/// Words of a script as a warning may show them: the escape sequences of a script must not reach a terminal.
enum Legible {
    /// Longer words are cut.
    private static let mostCharacters = 60

    static func text(_ words: String, atMost count: Int = mostCharacters) -> String {
        let start = String(words.prefix(count))
        let isClean = start.unicodeScalars.allSatisfy { !isHidden($0) }
        let shown = isClean ? start : String(String.UnicodeScalarView(start.unicodeScalars.map { isHidden($0) ? "\u{FFFD}" : $0 }))
        return start.utf8.count == words.utf8.count ? shown : shown + "…"
    }

    /// Controls, and the marks that turn the direction of a text around.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
