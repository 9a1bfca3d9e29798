import EpCore

/// `# Edit`: a text as the house prints it: its quotation marks and dashes, its spellings, and no word twice by a slip of the pen.
struct EditWriter {
    static let revision = "1"

    private let prose: String
    private let marks: (open: String, close: String, innerOpen: String, innerClose: String)
    private let dash: String
    private let spellings: [(for: String, write: String)]

    init(_ prompt: Prompt) throws(Diagnostic) {
        let rules = try prompt.yaml("House rules")
        prose = try prompt.markdown("Prose").joined(separator: "\n\n")
        marks = rules["quotes"].text == "single" ? ("‘", "’", "“", "”") : ("“", "”", "‘", "’")
        dash = rules["dashes"].text == "closed" ? "—" : " – "
        spellings = (rules["say"]?.list ?? []).compactMap { rule in
            rule["for"].text.flatMap { from in rule["write"].text.map { (from, $0) } }
        }
    }

    func text() -> String {
        prose.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            quoted(dashed(Self.withoutSlips(spelled(String(line)))))
        }.joined(separator: "\n") + "\n"
    }

    // MARK: words

    /// Goes through the words of a line, each with the signs around it.
    private func spelled(_ line: String) -> String {
        spellings.reduce(line) { text, rule in Self.replacing(rule.for, by: rule.write, in: text) }
    }

    private static func replacing(_ word: String, by other: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = first(word, in: rest) {
            let isWhole = !(result + rest[..<range.lowerBound]).last.isLetter && !rest[range.upperBound...].first.isLetter
            let found = rest[range]
            result += rest[..<range.lowerBound]
            result += isWhole ? (found.first?.isUppercase == true ? Words.capitalized(other) : other) : String(found)
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    private static func first(_ word: String, in text: Substring) -> Range<Substring.Index>? {
        [text.firstRange(of: word), text.firstRange(of: Words.capitalized(word))].compactMap(\.self).min { $0.lowerBound < $1.lowerBound }
    }

    /// Words that nobody means twice.
    private static let small: Set<String> = ["the", "a", "an", "and", "of", "to", "in", "was", "with", "for", "at", "on"]

    private static func withoutSlips(_ line: String) -> String {
        var kept: [Substring] = []
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            if let last = kept.last, small.contains(word.lowercased()), last.lowercased() == word.lowercased() { continue }
            if word.isEmpty, let last = kept.last, !last.isEmpty { continue }
            kept.append(word)
        }
        return kept.joined(separator: " ")
    }

    // MARK: signs

    private func dashed(_ line: String) -> String {
        line.replacing("...", with: "…").replacing(" --- ", with: dash).replacing(" -- ", with: dash).replacing("--", with: dash)
    }

    /// True if a mark behind a word ends what begins here.
    private static func closes(_ characters: ArraySlice<Character>) -> Bool {
        characters.indices.dropFirst().contains { index in
            characters[index] == "'" && !characters[index - 1].isWhitespace
                && (index + 1 == characters.endIndex || !characters[index + 1].isLetter)
        }
    }

    /// Straight marks become printed ones: one that a word follows opens, any other closes.
    private func quoted(_ line: String) -> String {
        var result = ""
        var before: Character?
        var characters = Array(line)[...]
        while let character = characters.popFirst() {
            let opens = before.map { $0.isWhitespace || "([—–“‘*_".contains($0) } ?? true
            switch character {
            case "\"": result += opens ? marks.open : marks.close
            // An apostrophe stands in a word, or where letters were left out.
            case "'": result += opens && Self.closes(characters) ? marks.innerOpen : "’"
            default: result.append(character)
            }
            before = result.last
        }
        return result
    }
}

extension Character? {
    fileprivate var isLetter: Bool { self?.isLetter == true }
}
