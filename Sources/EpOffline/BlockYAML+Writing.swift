import EpCore

extension BlockYAML {
    /// The value in the same style as it is read; ends with a line feed. The same value gives the same text.
    static func text(of value: Value) -> String {
        var text = ""
        write(value, indent: 0, to: &text)
        return text
    }

    private static func write(_ value: Value, indent: Int, to text: inout String) {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .list(let values) where !values.isEmpty:
            for value in values {
                if case .object(let members) = value, !members.isEmpty {
                    var item = ""
                    write(value, indent: indent + 2, to: &item)
                    text += "\(margin)- \(item.dropFirst(indent + 2))"
                } else {
                    text += "\(margin)-"
                    writeAfterMark(value, indent: indent, to: &text)
                }
            }
        case .object(let members) where !members.isEmpty:
            for member in members {
                text += "\(margin)\(member.key):"
                writeAfterMark(member.value, indent: indent, to: &text)
            }
        default: text += "\(margin)\(scalar(value))\n"
        }
    }

    /// What follows a `key:` or a dash.
    private static func writeAfterMark(_ value: Value, indent: Int, to text: inout String) {
        switch value {
        case .list(let values) where !values.isEmpty:
            text += "\n"
            write(value, indent: indent + 2, to: &text)
        case .object(let members) where !members.isEmpty:
            text += "\n"
            write(value, indent: indent + 2, to: &text)
        case .string(let string) where isBlock(string):
            text += string.hasSuffix("\n") ? " |\n" : " |-\n"
            let margin = String(repeating: " ", count: indent + 2)
            for line in Lines.split(string.hasSuffix("\n") ? String(string.dropLast()) : string) {
                text += line.isEmpty ? "\n" : "\(margin)\(line)\n"
            }
        default: text += " \(scalar(value))\n"
        }
    }

    private static func scalar(_ value: Value) -> String {
        switch value {
        case .string(let string) where isPlain(string): string
        case .written(let letters, _): letters
        case .list: "[]"
        case .object: "{}"
        default: value.json()
        }
    }

    /// Several lines that keep their form in a `|` block: no blank at the start, one line feed at the end or none.
    private static func isBlock(_ string: String) -> Bool {
        let bytes = string.utf8
        guard let first = bytes.first, !Lines.isBlank(first), bytes.contains(10) else { return false }
        return !string.hasSuffix("\n\n") && bytes.allSatisfy { $0 >= 32 || $0 == 10 }
    }

    /// Letters, digits and harmless signs, which no reader of YAML takes for anything but text.
    private static func isPlain(_ string: String) -> Bool {
        guard let first = string.unicodeScalars.first, first.properties.isAlphabetic, string.utf8.last != 32 else { return false }
        let isHarmless = string.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || " ,.;!?'()-–’".unicodeScalars.contains(scalar)
        }
        let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return isHarmless && !words.contains(string.lowercased())
    }
}
