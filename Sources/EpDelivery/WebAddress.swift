/// A link that is safe to put into a page: of the web, or to a file beside the page.
public struct WebAddress: Hashable, Sendable {
    public let text: String

    /// Nil unless it begins with `http://` or `https://`; a `javascript:` link never gets into a page.
    public init?(_ address: String) {
        let line = address.singleLine
        guard ["http://", "https://"].contains(where: { line.lowercased().hasPrefix($0) }) else { return nil }
        text = Self.encoded(line, keeping: "-._~:/?#@!$&'*+,;=%")
    }

    /// A file beside the page.
    public init(file path: String) { text = Self.encoded(path, keeping: "-._~/") }

    private static func encoded(_ text: String, keeping marks: String) -> String {
        let marks = Set(marks.utf8)
        return text.utf8.reduce(into: "") { result, byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            if isPlain || marks.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
    }
}
