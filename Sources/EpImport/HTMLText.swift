/// The little HTML that people write into text and captions.
enum HTMLText {
    private static let tags: Set<String> = [
        "b", "i", "u", "s", "em", "strong", "p", "br", "span", "div", "font", "small", "big", "sub", "sup", "c", "ruby", "rt", "lang",
        "center", "v", "a",
    ]
    /// Tags of captions, in which a name or a language stands behind a blank.
    private static let annotated: Set<String> = ["v", "lang"]
    private static let entities = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "lrm": "", "rlm": "", "mdash": "—", "ndash": "–",
        "hellip": "…", "lsquo": "‘", "rsquo": "’",
        "ldquo": "“", "rdquo": "”",
    ]

    /// Without known tags; a line break is a space.
    ///
    /// Read by scalars: to a `Character`, a bracket with an accent behind it is no bracket.
    static func withoutTags(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let open = rest.firstIndex(of: "<") {
            kept += rest[..<open]
            let behind = rest.index(after: open)
            guard let close = rest[open...].prefix(200).firstIndex(of: ">"), let name = tag(Substring(rest[behind..<close])) else {
                kept.append("<")
                rest = rest[behind...]
                continue
            }
            if name == "br" { kept.append(" ") }
            rest = rest[rest.index(after: close)...]
        }
        return String(kept) + String(rest)
    }

    /// The name of a known tag, or "" for a time as captions have it; nil for anything else, such as `a <b and c> d`.
    private static func tag(_ inside: Substring) -> String? {
        if LineMarks.afterTime(inside, inBrackets: false)?.isEmpty == true { return "" }
        let body = inside.drop { $0 == "/" }
        let name = body.prefix { $0.isLetter || $0.isNumber }.lowercased()
        let rest = body.dropFirst(name.count)
        guard tags.contains(name), rest.first.map({ $0 == "." || $0 == "/" || $0.isWhitespace }) ?? true else { return nil }
        let isPlain = rest.allSatisfy { $0 == "/" || $0.isWhitespace }
        return isPlain || rest.contains("=") || rest.first == "." || annotated.contains(name) ? name : nil
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
