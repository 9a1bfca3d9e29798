/// The little HTML that people write into text and captions.
enum HTMLText {
    private static let tags: Set<String> = ["b", "i", "u", "s", "em", "strong", "p", "br", "span", "div", "font", "small", "big", "sub", "sup", "c", "ruby", "rt", "lang", "center", "v", "a"]
    private static let entities = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "lrm": "", "rlm": "", "mdash": "—", "ndash": "–", "hellip": "…", "lsquo": "‘", "rsquo": "’",
        "ldquo": "“", "rdquo": "”",
    ]

    /// Without known tags; a line break is a space.
    static func withoutTags(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            kept += rest[..<open]
            guard let close = rest[open...].prefix(200).firstIndex(of: ">"), isTag(rest[rest.index(after: open)..<close]) else {
                kept.append("<")
                rest = rest[rest.index(after: open)...]
                continue
            }
            if rest[open...close].lowercased().hasPrefix("<br") { kept += " " }
            rest = rest[rest.index(after: close)...]
        }
        return kept + rest
    }

    /// A known name, or a time as captions have it.
    private static func isTag(_ inside: Substring) -> Bool {
        let name = inside.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
        return tags.contains(name.lowercased()) || LineMarks.afterTime(inside, inBrackets: false)?.isEmpty == true
    }

    static func withoutEntities(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            kept += rest[..<start]
            rest = rest[rest.index(after: start)...]
            guard let end = rest.prefix(10).firstIndex(of: ";"), let text = character(rest[..<end]) else {
                kept.append("&")
                continue
            }
            kept += text
            rest = rest[rest.index(after: end)...]
        }
        return kept + rest
    }

    private static func character(_ entity: Substring) -> String? {
        guard entity.first == "#" else { return entities[String(entity)] }
        let digits = entity.dropFirst()
        let number = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let scalar = number.flatMap(Unicode.Scalar.init), scalar.value >= 32 else { return nil }
        return String(Character(scalar))
    }
}
