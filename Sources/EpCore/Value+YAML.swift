extension Value {
    /// The value as YAML in block style, without a line end at its end. The same value gives the same text.
    /// - Parameter indent: spaces before every line but the first.
    public func yaml(indent: Int = 0) -> String {
        switch self {
        case .list(let values) where !values.isEmpty:
            values.map { "- " + $0.yaml(indent: indent + 2) }.joined(separator: Self.newLine(indent))
        case .object(let members) where !members.isEmpty:
            members.map { $0.yaml(indent: indent) }.joined(separator: Self.newLine(indent))
        case .string(let text): Self.scalar(text, indent: indent)
        case .written(let letters, _): letters
        default: json()
        }
    }

    /// The value inside a text: a scalar as it is written, a list or an object as YAML.
    public func rendered(indent: Int) -> String {
        switch self {
        case .string(let text): text
        case .null: ""
        default: yaml(indent: indent)
        }
    }

    fileprivate var isBlock: Bool {
        switch self {
        case .list(let values): !values.isEmpty
        case .object(let members): !members.isEmpty
        default: false
        }
    }

    fileprivate static func newLine(_ indent: Int) -> String { "\n" + String(repeating: " ", count: indent) }

    /// Plain where nothing can be misread, `|` for several lines, else as a JSON string, which YAML reads.
    private static func scalar(_ text: String, indent: Int) -> String {
        if text.utf8.contains(10), isBlockSafe(text) {
            let keep = text.hasSuffix("\n\n") ? "|+" : text.hasSuffix("\n") ? "|" : "|-"
            let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
            let body = (text.hasSuffix("\n") ? lines.dropLast() : lines[...])
            return keep + body.map { $0.isEmpty ? "\n" : newLine(indent) + $0 }.joined()
        }
        return isPlainSafe(text) ? text : Value.string(text).json()
    }

    /// On one line, whatever the text.
    fileprivate static func key(_ text: String) -> String { isPlainSafe(text) ? text : Value.string(text).json() }

    private static func isBlockSafe(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != 32, first != 10 else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
    }

    private static func isPlainSafe(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, text.utf8.last != 32 else { return false }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return !words.contains(text.lowercased()) && !text.unicodeScalars.contains(":", " ") && !text.unicodeScalars.contains(" ", "#")
            && text.utf8.last != UInt8(ascii: ":") && text.unicodeScalars.allSatisfy(isPrintable)
    }

    /// Neither a control character nor one that YAML takes for a line end or refuses.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 32 && !mustBeEscaped(scalar) }
}

extension String.UnicodeScalarView {
    /// Whether one scalar stands right before another. Characters would not do: a mark may combine with a space.
    fileprivate func contains(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        zip(self, dropFirst()).contains { $0 == first && $1 == second }
    }
}

extension Value.Member {
    fileprivate func yaml(indent: Int) -> String {
        let name = Value.key(key)
        if value.isBlock { return "\(name):" + Value.newLine(indent + 2) + value.yaml(indent: indent + 2) }
        return "\(name): " + value.yaml(indent: indent + 2)
    }
}
