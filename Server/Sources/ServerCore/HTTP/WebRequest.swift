/// One request as it came, with nothing believed of it yet. Knows no sockets.
public struct WebRequest: Sendable {
    /// In upper case, as HTTP has it.
    public let method: String
    /// Path and query as they were sent.
    public let target: String
    /// Names in lower case.
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]

    public init(method: String, target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        (self.method, self.target, self.body) = (method, target, body)
        self.headers = headers.map { ($0.name.lowercased(), $0.value) }
    }

    /// Nil if it is not there, or is there more than once.
    public func header(_ name: String) -> String? {
        let found = headers.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }

    public var isRead: Bool { method == "GET" || method == "HEAD" }

    /// The parts of the path, decoded one by one; nil if it is none, or its encoding is broken.
    public var path: [String]? {
        guard target.utf8.first == UInt8(ascii: "/") else { return nil }
        let raw = target.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let parts = Substring(raw).dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1, parts[0].isEmpty { return [] }
        var decoded: [String] = []
        for part in parts {
            guard let text = PercentText.decoded(part), !text.utf8.contains(0) else { return nil }
            decoded.append(text)
        }
        return decoded
    }

    /// What stands behind `?`; of a name that is there twice, the first. A value whose encoding is broken stands for nothing that there is.
    public var query: [String: String] {
        guard let start = target.firstIndex(of: "?") else { return [:] }
        return PercentText.fields(target[target.index(after: start)...], broken: "\u{FFFD}")
    }

    /// What a form without files has sent.
    public var form: [String: String] { PercentText.fields(String(decoding: body, as: UTF8.self)[...]) }

    /// The media type of the body, without its parameters.
    public var contentType: String? {
        header("content-type").map { $0.prefix { $0 != ";" }.lowercased().filter { $0 != " " } }
    }

    /// The value of a cookie.
    public func cookie(_ name: String) -> String? {
        for (header, line) in headers where header == "cookie" {
            for pair in line.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2, parts[0].drop(while: { $0 == " " }) == name { return String(parts[1]) }
            }
        }
        return nil
    }
}

/// Text with `%41` for bytes (RFC 3986).
public enum PercentText {
    /// Nil if it is broken, or what it stands for is no UTF-8.
    public static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var (bytes, rest) = ([UInt8](), text.utf8[...])
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Every byte but letters, digits and `-._~` as `%41`.
    public static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
    }

    /// - Parameter broken: what is taken for a value that cannot be decoded; nil: it is left out.
    static func fields(_ text: Substring, broken: String? = nil) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0], plusIsSpace: true), fields[name] == nil else { continue }
            fields[name] = parts.count == 2 ? decoded(parts[1], plusIsSpace: true) ?? broken : ""
        }
        return fields
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
