/// White space outside ASCII, and characters that nobody sees: what word processors and web pages leave in a text.
///
/// They look like spaces or like nothing, so they are no words: a line that holds nothing else is empty.
enum WideBlank {
    /// How many bytes the one at an offset has; 0 if there is none.
    static func width(in bytes: ArraySlice<UInt8>, at offset: Int) -> Int {
        switch bytes[offset] {
        case 0xC2: offset + 1 < bytes.endIndex && isNarrow(bytes[offset + 1]) ? 2 : 0
        case 0xE1, 0xE2, 0xE3, 0xEF: offset + 2 < bytes.endIndex && isWide(bytes[offset], bytes[offset + 1], bytes[offset + 2]) ? 3 : 0
        default: 0
        }
    }

    /// How many bytes the one that ends before an offset has; 0 if there is none.
    static func width(in bytes: ArraySlice<UInt8>, before end: Int) -> Int {
        if end - 2 >= bytes.startIndex, bytes[end - 2] == 0xC2, isNarrow(bytes[end - 1]) { return 2 }
        return end - 3 >= bytes.startIndex && isWide(bytes[end - 3], bytes[end - 2], bytes[end - 1]) ? 3 : 0
    }

    /// The no-break space, the next-line character, the soft hyphen.
    private static func isNarrow(_ second: UInt8) -> Bool { second == 0xA0 || second == 0x85 || second == 0xAD }

    private static func isWide(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xE1, 0x9A): third == 0x80  // ogham space
        // The spaces of type-setters, the zero-width space, the marks of direction, line and paragraph separators, the narrow space;
        // not the two joiners, which shape what stands beside them.
        case (0xE2, 0x80): third <= 0x8B || third == 0x8E || third == 0x8F || third == 0xA8 || third == 0xA9 || third == 0xAF
        case (0xE2, 0x81): third == 0x9F || third == 0xA0  // mathematical space, word joiner
        case (0xE3, 0x80): third == 0x80  // ideographic space
        case (0xEF, 0xBB): third == 0xBF  // byte-order mark
        default: false
        }
    }

    /// Whether it takes no room on the line.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        [0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF].contains(scalar.value)
    }

    /// A text with plain spaces in their place, and nothing for those that take no room.
    static func folded(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isInvisible(scalar) {
            let bytes = Array(String(scalar).utf8)
            folded.append(width(in: bytes[...], at: 0) > 0 ? " " : scalar)
        }
        return String(folded)
    }

    /// A text without byte-order marks: wherever they stand, they are none of its words.
    static func withoutByteOrderMarks(_ text: String) -> String {
        guard text.unicodeScalars.contains("\u{FEFF}") else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{FEFF}" }))
    }
}
