import EpCore

/// The block style of YAML that prompts are filled in with, and no more of YAML than that: mappings and lists indented by
/// two spaces, plain and double-quoted scalars, `|` and `|-` blocks, and empty `[]` and `{}`.
/// A plain scalar after a key goes to the end of its line, whatever signs are in it, because templates print
/// a person's titles unquoted.
struct BlockYAML {
    private var lines: [String]
    /// The prompt's line number of the first line.
    private let firstLine: Int
    private var next = 0
    /// Spaces before a line that is read: stops a text from using up the stack.
    private static let deepest = 400

    /// - Parameter firstLine: the line of the prompt on which the text begins, for messages.
    static func value(of text: String, firstLine: Int = 1) throws(Diagnostic) -> Value {
        var reader = BlockYAML(lines: Lines.split(text), firstLine: firstLine)
        guard let line = reader.peek() else { return .null }
        if line == "[]" || line == "{}" { reader.next += 1 }
        let value: Value = line == "[]" ? .list([]) : line == "{}" ? .object([]) : try reader.node(indent: 0)
        if let rest = reader.peek() { throw reader.problem("\"\(rest)\" does not belong here: check its indentation") }
        return value
    }

    /// The next line with something on it; passes over empty lines.
    private mutating func peek() -> String? {
        while next < lines.count, Lines.trim(lines[next]).isEmpty { next += 1 }
        return next < lines.count ? lines[next] : nil
    }

    /// A mapping or a list whose lines are indented by exactly this much.
    private mutating func node(indent: Int) throws(Diagnostic) -> Value {
        guard let line = peek() else { return .null }
        guard indent <= Self.deepest else { throw problem("values are nested more than \(Self.deepest / 2) deep") }
        guard Lines.indent(line) == indent else { throw problem("expected an indentation of \(indent) spaces") }
        return Self.isItem(line.utf8.dropFirst(indent)) ? try list(indent) : try mapping(indent)
    }

    private mutating func list(_ indent: Int) throws(Diagnostic) -> Value {
        var values: [Value] = []
        while let line = peek(), Lines.indent(line) == indent, Self.isItem(line.utf8.dropFirst(indent)) {
            let rest = Lines.trim(line.utf8.dropFirst(indent + 1))
            if rest.isEmpty {
                next += 1
                values.append(try nested(indent))
            } else if Self.key(in: rest) != nil {
                lines[next] = String(repeating: " ", count: indent + 2) + rest
                values.append(try mapping(indent + 2))
            } else {
                values.append(try scalar(rest, indent: indent))
            }
        }
        return .list(values)
    }

    private mutating func mapping(_ indent: Int) throws(Diagnostic) -> Value {
        var members: [Value.Member] = []
        while let line = peek(), Lines.indent(line) == indent, !Self.isItem(line.utf8.dropFirst(indent)) {
            let text = Lines.trim(line)
            guard let (key, rest) = Self.key(in: text) else { throw problem("expected \"key: value\", found \"\(text)\"") }
            if members.contains(where: { $0.key == key }) { throw problem("the key \"\(key)\" is there twice") }
            if rest.isEmpty {
                next += 1
                members.append(.init(key, try nested(indent)))
            } else {
                members.append(.init(key, try scalar(rest, indent: indent)))
            }
        }
        return .object(members)
    }

    /// What stands under a key or a dash: nothing, or a node that is indented deeper.
    private mutating func nested(_ indent: Int) throws(Diagnostic) -> Value {
        guard let line = peek(), Lines.indent(line) > indent else { return .null }
        return try node(indent: indent + 2)
    }

    /// A scalar on the current line, or the block that it announces.
    private mutating func scalar(_ text: String, indent: Int) throws(Diagnostic) -> Value {
        defer { next += 1 }
        switch text {
        case "[]": return .list([])
        case "{}": return .object([])
        case "|", "|-": return .string(try block(indent + 2, keepsEnd: text == "|"))
        default: break
        }
        guard let first = text.utf8.first else { return .null }
        // A template prints a title as it is, whatever it begins with.
        if first == UInt8(ascii: "\"") { return .string(try quoted(text) ?? text) }
        if Self.isOtherForm(text) { throw problem("this form of YAML is not read here: \(text)") }
        return Self.plain(text)
    }

    /// True for lists and mappings in one line, folded blocks, anchors and tags.
    private static func isOtherForm(_ text: String) -> Bool {
        switch text.first {
        case "[": text.last == "]"
        case "{": text.last == "}"
        case ">", "|": text.dropFirst().allSatisfy { "+-0123456789".contains($0) }
        case "&", "!": text.dropFirst().first != " "
        default: false
        }
    }

    /// The lines under `|`; leaves `next` on the last of them.
    private mutating func block(_ indent: Int, keepsEnd: Bool) throws(Diagnostic) -> String {
        var text: [String] = []
        while next + 1 < lines.count {
            let line = lines[next + 1]
            let isEmpty = Lines.trim(line).isEmpty
            guard isEmpty || Lines.indent(line) >= indent else { break }
            text.append(String(decoding: line.utf8.dropFirst(indent), as: UTF8.self))
            next += 1
        }
        while text.last.map({ Lines.trim($0).isEmpty }) ?? false { text.removeLast() }
        return text.joined(separator: "\n") + (keepsEnd && !text.isEmpty ? "\n" : "")
    }

    /// - Returns: nil if the text goes on after its closing quote.
    private func quoted(_ text: String) throws(Diagnostic) -> String? {
        var result = ""
        var rest = text.unicodeScalars.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return rest.isEmpty ? result : nil }
            result.unicodeScalars.append(scalar == "\\" ? try escaped(&rest) : scalar)
        }
        throw problem("the quote is not closed: \(text)")
    }

    private func escaped(_ rest: inout String.UnicodeScalarView.SubSequence) throws(Diagnostic) -> Unicode.Scalar {
        let simple: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r", "\"": "\"", "\\": "\\", "/": "/"]
        let sign = rest.popFirst() ?? "?"
        if let scalar = simple[sign] { return scalar }
        let lengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        let digits = String(rest.prefix(lengths[sign] ?? 0))
        guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
            throw problem("unknown escape \"\\\(sign)\(digits)\"")
        }
        rest = rest.dropFirst(digits.unicodeScalars.count)
        return scalar
    }

    /// A number keeps its letters: it may be spoken.
    private static func plain(_ text: String) -> Value {
        let value = meaning(text)
        switch value {
        case .int, .double: return value.json() == text ? value : .written(text, value)
        default: return value
        }
    }

    private static func meaning(_ text: String) -> Value {
        switch text {
        case "null", "~": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        if let number = Int64(text) { return .int(number) }
        // "nan" and "inf" are words here.
        if text.utf8.contains(where: { (48...57).contains($0) }), let number = Double(text) { return .double(number) }
        return .string(text)
    }

    private static func isItem(_ text: some Collection<UInt8>) -> Bool {
        text.first == UInt8(ascii: "-") && (text.count == 1 || text.dropFirst().first == 32)
    }

    /// `key: rest` or `key:`; nil for a scalar.
    private static func key(in text: String) -> (key: String, rest: String)? {
        guard text.utf8.first != UInt8(ascii: "\"") else { return nil }
        var bytes = text.utf8[...]
        while let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            let after = text.utf8[colon...].dropFirst()
            if after.isEmpty || after.first == 32 {
                let key = Lines.trim(text.utf8[..<colon])
                return key.isEmpty ? nil : (key, Lines.trim(after))
            }
            bytes = after
        }
        return nil
    }

    private func problem(_ message: String) -> Diagnostic {
        Prompt.problem(message, line: firstLine + min(next, max(lines.count - 1, 0)))
    }
}
