public import EpCore

/// A YAML value with the place where a person wrote it.
public struct Node: Sendable {
    public enum Content: Sendable {
        /// A scalar that is not quoted may be a number, a boolean or null.
        case scalar(String, isPlain: Bool)
        case list([Node])
        case object([Member])
    }

    public struct Member: Sendable {
        public let key: String
        public let keyLocation: SourceLocation
        public let value: Node
    }

    public let location: SourceLocation
    public let content: Content

    public init(location: SourceLocation, content: Content) {
        self.location = location
        self.content = content
    }

    public subscript(key: String) -> Node? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    var isScalar: Bool { if case .scalar = content { true } else { false } }

    /// The value without its places, by the core schema of YAML 1.2; numbers and truth values keep their letters.
    public var value: Value {
        switch content {
        case .scalar(let text, isPlain: true): Self.plain(text)
        case .scalar(let text, isPlain: false): .string(text)
        case .list(let nodes): .list(nodes.map(\.value))
        case .object(let members): .object(members.map { Value.Member($0.key, $0.value.value) })
        }
    }

    /// The value of a mapping in which some members are texts: a number in them stands as it is written.
    func value(texts keys: [String]) -> Value {
        guard case .object(let members) = content else { return value }
        return .object(
            members.map { member in
                let value = member.value.value
                if keys.contains(member.key), value != .null, case .scalar(let text, _) = member.value.content {
                    return Value.Member(member.key, .string(text))
                }
                return Value.Member(member.key, value)
            })
    }

    /// What a person would call it: "a list", "the text \"x\"".
    public var kind: String {
        switch content {
        case .list: "a list"
        case .object: "a mapping"
        case .scalar(let text, _):
            switch value.meaning {
            case .null: "nothing"
            case .bool: "\(text) (true or false)"
            case .int, .double: "the number \(text)"
            default: "the text \"\(text.prefix(40))\""
            }
        }
    }

    /// What to do where a mapping was meant, and is none for want of a space: `title:Rockets`, or one of the white spaces of the web.
    var colonRemedy: String? {
        guard case .scalar(let text, isPlain: true) = content, text.contains(where: { ":=".contains($0) }) else { return nil }
        return "write `key: value`, with a plain space behind the colon"
    }

    /// What to write for what YAML 1.1 took for true or false.
    var truthRemedy: String? {
        let word = value.string?.lowercased() ?? ""
        return ["yes", "on", "y"].contains(word) ? "write `true`" : ["no", "off", "n"].contains(word) ? "write `false`" : nil
    }

    /// A number keeps the letters in which it is written, as they may mean something: `1.10` is a release, `0123` a telephone number.
    private static func plain(_ text: String) -> Value {
        let value = meaning(text)
        switch value {
        case .bool, .int, .double: return value.json() == text ? value : .written(text, value)
        default: return value
        }
    }

    private static func meaning(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, first < 0x3A else { return .string(text) }
        if let int = Int64(text) { return .int(int) }
        let isNumber = text.utf8.allSatisfy { (48...57).contains($0) || ".-+eE".utf8.contains($0) }
        if isNumber, let double = Double(text), double.isFinite { return .double(double) }
        return .string(text)
    }
}
