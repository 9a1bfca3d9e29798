/// A link that is safe to put into a page: of the web, or to a file beside the page.
public struct WebAddress: Hashable, Sendable {
    public let text: String

    /// Nil unless it begins with `http://` or `https://`; a `javascript:` link never gets into a page.
    public init?(_ address: String) {
        let line = address.singleLine
        guard ["http://", "https://"].contains(where: { line.lowercased().hasPrefix($0) }) else { return nil }
        text = Self.encoded(line, keeping: "-._~:/?#@!$&'*+,;=%")
    }

    /// True if nobody but this machine, or its own network, can reach it.
    public var isLocal: Bool {
        let rest = text.drop { $0 != "/" }.drop { $0 == "/" }
        var host = rest.prefix { !"/?#".contains($0) }.split(separator: "@").last.map { $0.lowercased() } ?? ""
        if host.hasPrefix("%5b") {
            host = String(host.dropFirst(3).prefix { $0 != "%" })
            return host == "::1" || host == "::" || ["fe80:", "fc", "fd"].contains { host.hasPrefix($0) }
        }
        host = String(host.prefix { $0 != ":" })
        while host.hasSuffix(".") { host.removeLast() }
        if let numbers = Self.fourNumbers(host) {
            return [0, 10, 127].contains(numbers[0]) || numbers.starts(with: [192, 168]) || numbers.starts(with: [169, 254])
                || (numbers[0] == 172 && (16...31).contains(numbers[1]))
        }
        return !host.contains(".")
            || ["localhost", "local", "internal", "lan", "home.arpa"].contains { host == $0 || host.hasSuffix(".\($0)") }
    }

    private static func fourNumbers(_ host: String) -> [Int]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = parts.compactMap(\.self)
        return numbers.count == 4 && parts.count == 4 ? numbers : nil
    }

    /// An address as it stands in a feed: its letters outside ASCII escaped. What is no address of the web stays as it is written.
    static func encoded(_ address: String) -> String { WebAddress(address)?.text ?? address }

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
