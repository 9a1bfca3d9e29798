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
        default: json()
        }
    }

    /// The value inside a text: a scalar as it is, a list or an object as YAML.
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
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let body = (text.hasSuffix("\n") ? lines.dropLast() : lines[...])
            return keep + body.map { $0.isEmpty ? "\n" : newLine(indent) + $0 }.joined()
        }
        return isPlainSafe(text) ? text : Value.string(text).json()
    }

    private static func isBlockSafe(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != 32, first != 10 else { return false }
        return text.utf8.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 10 }
    }

    private static func isPlainSafe(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, text.utf8.last != 32 else { return false }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return !words.contains(text.lowercased()) && !text.contains(": ") && !text.contains(" #") && !text.hasSuffix(":")
            && text.unicodeScalars.allSatisfy { $0.value >= 32 && !(127...160).contains($0.value) && $0.value != 0xFEFF }
    }
}

extension Value.Member {
    fileprivate func yaml(indent: Int) -> String {
        let name = Value.string(key).yaml()
        if value.isBlock { return "\(name):" + Value.newLine(indent + 2) + value.yaml(indent: indent + 2) }
        return "\(name): " + value.yaml(indent: indent + 2)
    }
}
