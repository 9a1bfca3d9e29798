/// What a narrator says beside the facts, in one language, and how signs are said in it.
struct NarrationWords {
    /// Which small words lose their capital within a sentence: German nouns keep theirs.
    struct Language {
        let small: Set<String>

        func lowered(_ sentence: String) -> String {
            guard let first = sentence.split(separator: " ").first, small.contains(first.lowercased()) else { return sentence }
            return sentence.prefix(1).lowercased() + sentence.dropFirst()
        }
    }

    /// Nil for one that the writer does not know: then nothing is added.
    var language: Language?
    var beginnings: [String] = []
    /// With `{topic}`.
    var leads: [String] = []
    /// With `{count}`.
    var counted: [String] = []
    /// With `{list}`.
    var shortLists: [String] = []
    /// With `{by}`.
    var quoting: [String] = []
    var ordinals: [String] = []
    var lastly = ""
    var and = ","
    var numbers: [String] = []
    /// What a sentence begins with that leans on the one before.
    var leaning: Set<String> = []
    /// Signs and abbreviations, and what is said for them.
    var sayings: [(sign: String, said: String)] = []
    /// Of a number behind which the unit is said as one word: `12 km`.
    var units: [String: String] = [:]
    var to = ""

    static func of(_ language: String) -> NarrationWords {
        switch language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map({ $0.lowercased() }) ?? "" {
        case "en": english
        case "de": german
        case "es": spanish
        default: NarrationWords()
        }
    }

    func number(_ count: Int) -> String { numbers.indices.contains(count) ? numbers[count] : String(count) }

    /// "a, b and c".
    func series(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.joined() }
        return items.dropLast().joined(separator: ", ") + " \(and) " + last
    }

    /// A text as it is said: signs and abbreviations in words, remarks in brackets between commas, nothing that only eyes can use.
    func spoken(_ text: String) -> String {
        var text = withoutBrackets(text)
        for (sign, said) in sayings { text = text.replacing(sign, with: said) }
        return withUnits(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// "(see figure 3)" is left out, other remarks stand between commas.
    private func withoutBrackets(_ text: String) -> String {
        text.replacing(/\s*\(([^()]{1,200})\)(?<end>[.,;:!?]?)/) { match in
            let inside = match.1, end = match.end
            let isReference = inside.contains(where: \.isNumber) && inside.split(separator: " ").count < 4 || inside.contains("://")
            if isReference { return String(end) }
            return ", \(inside)\(end.isEmpty ? "," : String(end))"
        }
    }

    /// "3–5" is "3 to 5", and "12 km" is "12 kilometres".
    private func withUnits(_ text: String) -> String {
        guard !units.isEmpty else { return text }
        var said: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace).map(String.init) {
            let core = word.prefix { !",;:!?)".contains($0) }
            let (bare, dot) = core.hasSuffix(".") ? (core.dropLast(), ".") : (core, "")
            let rest = word.dropFirst(core.count)
            if let unit = units[String(bare)], said.last?.last?.isNumber == true {
                said.append(unit + dot + rest)
            } else {
                said.append(word.replacing(/(\d)[–-](\d)/) { "\($0.1) \(to) \($0.2)" })
            }
        }
        return said.joined(separator: " ")
    }
}
