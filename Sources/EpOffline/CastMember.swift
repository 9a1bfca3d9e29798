import EpCore

/// Somebody who speaks.
struct CastMember {
    enum Role: String, CaseIterable { case narrator, explains, asks }

    let name: String
    let role: Role?
    let catchphrases: [String]
    /// At most so many sentences in one turn, from a constraint such as "at most two sentences at a time".
    let sentenceLimit: Int
    /// Deliveries that a constraint forbids: "never whispers" forbids (whispering).
    let forbiddenDeliveries: Set<String>
    private let manner: Value?

    init(_ value: Value) throws(Diagnostic) {
        guard let name = value["name"]?.string, !Words.bare(name).isEmpty else {
            throw Prompt.problem("a character in \"## Characters\" has no name", line: 0)
        }
        self.name = name
        if let text = value["role"]?.string {
            guard let role = Role(rawValue: text) else {
                throw Prompt.problem(
                    "the role of \(name) is \"\(text)\"", line: 0,
                    remedy: Suggestion.remedy(for: text, in: Role.allCases.map(\.rawValue)))
            }
            self.role = role
        } else {
            role = Words.bare(name) == "narrator" ? .narrator : nil
        }
        catchphrases = value["catchphrases"].strings
        let constraints = value["constraints"].strings.map { Words.split($0).map(Words.bare) }
        sentenceLimit = constraints.compactMap(Self.limit).min() ?? 3
        forbiddenDeliveries = Set(constraints.flatMap(Self.forbidden))
        manner = value["manner"]
    }

    /// How this character puts it; the show's words, or else those that anybody may use.
    func phrases(_ talk: Talk) -> [String] {
        let own = manner?[talk.rawValue].strings ?? []
        return own.isEmpty ? talk.usual : own
    }

    /// "… at most two sentences …" gives 2.
    private static func limit(_ words: [String]) -> Int? {
        guard let most = words.firstIndex(of: "most"), most + 2 < words.count, words[most + 2].hasPrefix("sentence") else { return nil }
        let numbers = ["one": 1, "two": 2, "three": 3, "four": 4, "five": 5]
        return (numbers[words[most + 1]] ?? Int(words[most + 1])).map { max(1, $0) }
    }

    /// "never shouts" gives "shouting".
    private static func forbidden(_ words: [String]) -> [String] {
        guard words.first == "never", words.count > 1 else { return [] }
        let stem = words[1].hasSuffix("s") ? String(words[1].dropLast()) : words[1]
        return [stem + "ing", words[1]]
    }
}
