import EpCore

/// How many columns of a terminal a text takes, at most: terminals differ about some emoji, and no line may wrap.
extension Character {
    var columns: Int {
        var columns = 0
        for scalar in unicodeScalars {
            // Asks for the picture of what stands before it: a wide one, for most terminals.
            if scalar == "\u{FE0F}" { columns = max(columns, 2) } else { columns += scalar.columns }
        }
        return columns
    }

    fileprivate var isControl: Bool { unicodeScalars.contains(where: \.commandsTerminal) }
}

extension Unicode.Scalar {
    fileprivate var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return value >= 0x1100 && (properties.isEmojiPresentation || Self.isWide(value)) ? 2 : 1
        }
    }

    /// East Asian Width W and F (Unicode Standard Annex 11), in blocks.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
            0x1F200...0x1F2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

extension String {
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// As it can stand in a line: without control characters, and in ASCII if the terminal shows nothing else.
    func printable(isUnicode: Bool) -> String {
        String(map { $0.isControl || (!isUnicode && !$0.isASCII) ? "?" : $0 })
    }

    /// The beginning of it, if it does not fit, and a sign that it goes on. Never a part of a character.
    func fitted(to width: Int, isUnicode: Bool = true) -> String {
        guard columns > width else { return self }
        let sign = String((isUnicode ? "…" : "...").prefix(max(0, width)))
        var (text, used) = ("", sign.columns)
        for character in self {
            guard used + character.columns <= width else { break }
            text.append(character)
            used += character.columns
        }
        return text + sign
    }

    /// The end of it, if it does not fit: of a path, the more telling part.
    func fittedFromEnd(to width: Int, isUnicode: Bool = true) -> String {
        guard columns > width else { return self }
        let sign = String((isUnicode ? "…" : "...").prefix(max(0, width)))
        var (kept, used) = ([Character](), sign.columns)
        for character in reversed() {
            guard used + character.columns <= width else { break }
            kept.append(character)
            used += character.columns
        }
        return sign + String(kept.reversed())
    }

    /// Filled up with spaces to a number of columns.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - columns)) }
}
