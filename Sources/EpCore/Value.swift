/// A value as YAML and JSON know it. Objects keep the order in which they were written.
public enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    /// A number or a truth value in other letters than epbuild would write it in: `1.10`, `0123`, `True`. They are the person's.
    indirect case written(String, Value)
    case list([Value])
    case object([Member])

    public struct Member: Hashable, Sendable {
        public let key: String
        public let value: Value

        public init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// The member of an object, or nil.
    public subscript(key: String) -> Value? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// A text, or the letters of a number that are the person's.
    public var letters: String? { if case .written(let letters, _) = self { letters } else { string } }
    public var list: [Value]? { if case .list(let values) = self { values } else { nil } }
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// What it is, in whatever letters it is written.
    public var meaning: Value { if case .written(_, let value) = self { value } else { self } }

    public var bool: Bool? { if case .bool(let value) = meaning { value } else { nil } }

    public var number: Double? {
        switch meaning {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, Value)...) { self = .object(elements.map { Member($0, $1) }) }
}

extension Value {
    /// The value as JSON (RFC 8259). The same value gives the same text.
    /// - Parameter indented: two spaces a level and one member a line; else on one line.
    public func json(indented: Bool = false) -> String {
        var text = ""
        write(to: &text, indent: indented ? 0 : nil)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): text += Self.number(value)
        case .string(let value): Self.quote(value, to: &text)
        case .written(let letters, let value):
            // JSON has no such number as 0123: as a text it keeps its letters.
            if value.number == nil {
                value.write(to: &text, indent: indent)
            } else if Self.isNumber(letters) {
                text += letters
            } else {
                Self.quote(letters, to: &text)
            }
        case .list(let values):
            Self.enclose("[", "]", values, to: &text, indent: indent) { $0.write(to: &$1, indent: $2) }
        case .object(let members):
            Self.enclose("{", "}", members, to: &text, indent: indent) { member, text, indent in
                Self.quote(member.key, to: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func enclose<Element>(
        _ open: String, _ close: String, _ elements: [Element], to text: inout String, indent: Int?,
        _ write: (Element, inout String, Int?) -> Void
    ) {
        let inner = indent.map { $0 + 1 }
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            write(element, &text, inner)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    /// JSON has no infinities; whole numbers are written without a fraction.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    /// Whether JSON takes the letters for a number (RFC 8259, section 6).
    private static func isNumber(_ letters: String) -> Bool {
        letters.wholeMatch(of: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/) != nil
    }

    /// JSON may contain them as they are, but YAML refuses them or takes them for line ends.
    static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// False if a look at the bytes tells that nothing is escaped.
    private static func mayHaveEscapes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x7F, 0xC2, 0xEF: return true
            // U+2028 and U+2029.
            case 0xE2 where bytes[index + 1] == 0x80 && bytes[index + 2] & 0xFE == 0xA8: return true
            default: break
            }
        }
        return false
    }

    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        defer { text += "\"" }
        // Most texts stand as they are, and letter by letter takes ten times as long.
        var whole = string
        if !whole.withUTF8({ Self.mayHaveEscapes($0) }) {
            text += whole
            return
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || mustBeEscaped(scalar):
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
