/// Characters beyond U+FFFF as JSON escapes them: `\ud83d\ude00`, which YAML does not know.
///
/// While libyaml reads, their escapes have an `e` for the `d`: two characters for private use, as long as the pair, so that all
/// places stay what they are. Such characters side by side are nobody's text.
struct SurrogatePairs {
    private let areHidden: Bool

    /// - Parameter bytes: UTF-8 text, in which the pairs are hidden.
    init(hidingIn bytes: inout [UInt8]) {
        var areHidden = false
        var index = bytes.firstIndex(of: UInt8(ascii: "\\")) ?? bytes.count
        while index + 12 <= bytes.count {
            if Self.isUnit(bytes[index..<index + 6], in: 0xD800..<0xDC00), Self.isUnit(bytes[index + 6..<index + 12], in: 0xDC00..<0xE000) {
                // A letter's successor, capital or not.
                bytes[index + 2] += 1
                bytes[index + 8] += 1
                areHidden = true
                index += 12
            } else {
                // What follows a backslash does not begin an escape itself.
                index += 2
            }
            index = bytes[min(index, bytes.count)...].firstIndex(of: UInt8(ascii: "\\")) ?? bytes.count
        }
        self.areHidden = areHidden
    }

    private static func isUnit(_ bytes: ArraySlice<UInt8>, in range: Range<UInt16>) -> Bool {
        guard bytes.starts(with: "\\u".utf8), let unit = UInt16(String(decoding: bytes.dropFirst(2), as: UTF8.self), radix: 16) else {
            return false
        }
        return range.contains(unit)
    }

    /// A scalar as it was meant.
    /// - Parameter isQuoted: true if escapes in it have been read.
    func shown(in text: String, isQuoted: Bool) -> String {
        guard areHidden else { return text }
        guard isQuoted else { return text.replacing(/\\u([eE])([89abAB][0-9A-Fa-f]{2}\\u)([eE])([c-fC-F][0-9A-Fa-f]{2})/) { match in
            "\\u\(match.1 == "e" ? "d" : "D")\(match.2)\(match.3 == "e" ? "d" : "D")\(match.4)"
        } }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let last = shown.last?.value, (0xE800..<0xEC00).contains(last), (0xEC00..<0xF000).contains(scalar.value),
                let joined = Unicode.Scalar(0x1_0000 + (last - 0xE800) << 10 + scalar.value - 0xEC00) {
                shown.removeLast()
                shown.append(joined)
            } else {
                shown.append(scalar)
            }
        }
        return String(shown)
    }
}
