/// The text of a file, in whatever encoding people save it, with `\n` for every kind of line end.
struct TextFile {
    let text: String
    /// What was taken for granted about the encoding; nil if it is certain.
    private(set) var doubt: String?
    /// Null characters that were left out.
    private(set) var nulls = 0

    init(_ bytes: [UInt8]) {
        let (decoded, doubt) = Self.decode(bytes)
        var scalars = String.UnicodeScalarView()
        var last: Unicode.Scalar = " "
        for scalar in decoded.unicodeScalars {
            defer { last = scalar }
            switch scalar {
            case "\r", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}", "\u{85}": scalars.append("\n")
            case "\n": if last != "\r" { scalars.append("\n") }
            case "\0": nulls += 1
            default: if let visible = scalar.visible { scalars.append(visible) }
            }
        }
        text = String(scalars)
        self.doubt = doubt
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    private static func decode(_ bytes: [UInt8]) -> (String, String?) {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return (utf32(bytes.dropFirst(4), isBig: false), nil) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return (utf32(bytes.dropFirst(4), isBig: true), nil) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (utf16(bytes.dropFirst(2), isBig: false), nil) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (utf16(bytes.dropFirst(2), isBig: true), nil) }
        if let isBig = looksLikeUTF16(bytes) {
            return (utf16(bytes[...], isBig: isBig), "it has no mark that tells its encoding, and was read as UTF-16")
        }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
        return (Windows1252.text(bytes), "it is not UTF-8, and was read as Windows-1252")
    }

    /// Latin text has a zero in every other byte.
    private static func looksLikeUTF16(_ bytes: [UInt8]) -> Bool? {
        let sample = bytes.prefix(512)
        guard bytes.count.isMultiple(of: 2), sample.count >= 4 else { return nil }
        let zeros = [0, 1].map { parity in stride(from: parity, to: sample.count, by: 2).count { sample[$0] == 0 } }
        if zeros[0] == 0, zeros[1] * 10 > sample.count * 4 { return false }
        if zeros[1] == 0, zeros[0] * 10 > sample.count * 4 { return true }
        return nil
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isBig: Bool) -> String {
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { place -> UInt16 in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isBig ? first << 8 | second : second << 8 | first
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func utf32(_ bytes: ArraySlice<UInt8>, isBig: Bool) -> String {
        let shifts: [UInt32] = isBig ? [24, 16, 8, 0] : [0, 8, 16, 24]
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 3, by: 4).map { place -> UInt32 in
            var unit: UInt32 = 0
            for (index, shift) in shifts.enumerated() { unit |= UInt32(bytes[place + index]) << shift }
            return unit
        }
        return String(decoding: units, as: UTF32.self)
    }
}

extension Unicode.Scalar {
    /// Nil for what nobody sees: byte-order marks, wherever files were joined, and what only steers how a line is drawn or broken. A space
    /// for what controls a device.
    fileprivate var visible: Unicode.Scalar? {
        switch self {
        case "\u{FEFF}", "\u{200B}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2060}", "\u{2066}"..."\u{2069}", "\u{AD}": nil
        case "\t", "\n", "\r": self
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": " "
        default: self
        }
    }
}

extension String {
    /// Without what nobody sees.
    var visible: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return self }
        return String(UnicodeScalarView(unicodeScalars.compactMap(\.visible)))
    }
}
