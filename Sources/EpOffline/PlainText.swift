/// Markdown's inline marks taken away, so that what is left can be said aloud.
enum PlainText {
    /// Links leave their text; images, addresses, code marks and emphasis leave nothing of themselves.
    static func spoken(_ text: String) -> String {
        Words.split(withoutMarks(text)).filter { !isAddress($0) }.joined(separator: " ")
    }

    private static func isAddress(_ word: String) -> Bool {
        word.hasPrefix("www.") || word.utf8.split(separator: UInt8(ascii: ":")).dropFirst().contains { $0.starts(with: "//".utf8) }
    }

    private static func withoutMarks(_ text: String) -> String {
        var result: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                if let next = rest.popFirst(), !isMark(next) { result.append(next) }
            case UInt8(ascii: "!") where rest.first == UInt8(ascii: "["):
                rest = afterLink(rest.dropFirst()).rest
            case UInt8(ascii: "["):
                let link = afterLink(rest)
                result += withoutMarks(link.text).utf8
                rest = link.rest
            case UInt8(ascii: "<"):
                if let end = rest.firstIndex(of: UInt8(ascii: ">")) { rest = rest[end...].dropFirst() }
            case _ where isMark(byte): break
            case UInt8(ascii: "_"):
                // Emphasis at a word's edge; a space inside a word.
                let isInside = result.last.map(isWordByte) ?? false && rest.first.map(isWordByte) ?? false
                if isInside { result.append(32) }
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text of a link whose opening bracket is behind us, and what follows its address. A bracket that nothing closes is text.
    private static func afterLink(_ text: Substring.UTF8View) -> (text: String, rest: Substring.UTF8View) {
        guard let close = text.firstIndex(of: UInt8(ascii: "]")) else { return ("", text) }
        let label = String(decoding: text[..<close], as: UTF8.self)
        let rest = text[close...].dropFirst()
        guard rest.first == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")) else { return (label, rest) }
        return (label, rest[end...].dropFirst())
    }

    /// Signs that are never said, whatever they stand for.
    private static func isMark(_ byte: UInt8) -> Bool { "*`~#[]{}|^".utf8.contains(byte) }
    private static func isWordByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte >= 128
    }
}
