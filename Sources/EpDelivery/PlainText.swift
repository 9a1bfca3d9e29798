extension StringProtocol {
    /// The text on one line: every run of white space is one space, and nothing is left that cannot be shown.
    /// Spaces that hold a word together (U+00A0, U+202F) stay.
    var singleLine: String { words.joined(separator: " ") }

    /// The text as the standards for XML and subtitles allow it: without control characters, line ends as `\n`.
    var multiLine: String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in unicodeScalars {
            if scalar == "\r" || (scalar == "\n" && previous != "\r") { result.append("\n") }
            if scalar == "\t" || scalar.isShown { result.append(scalar) }
            previous = scalar
        }
        return String(result)
    }

    /// The words of the text: what white space separates, without control characters.
    var words: [String] {
        unicodeScalars.split { $0.isSeparator }.compactMap { word in
            let shown = word.filter(\.isShown).drop(while: \.isSpace)
            guard let last = shown.lastIndex(where: { !$0.isSpace }) else { return nil }
            return String(String.UnicodeScalarView(shown[...last]))
        }
    }

    /// At most `limit` characters, with an ellipsis where something was cut off.
    func shortened(to limit: Int) -> String {
        count <= limit ? String(self) : prefix(limit - 1) + "…"
    }
}

extension Unicode.Scalar {
    fileprivate var isSeparator: Bool { isSpace && self != "\u{A0}" && self != "\u{202F}" && self != "\u{2007}" }

    /// White space; for ASCII without a look into Unicode's tables.
    fileprivate var isSpace: Bool {
        value < 0x80 ? value == 0x20 || (9...13).contains(value) : properties.isWhitespace
    }

    /// Not a control character (C0, C1, DEL), a byte-order mark or a code point that XML 1.0 forbids.
    fileprivate var isShown: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}
