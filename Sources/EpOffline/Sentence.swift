/// A sentence of a source, as words with the signs that stand at them. Never empty.
struct Sentence: Hashable {
    let words: [String]
    /// The words alone, for comparing.
    let bare: [String]

    /// Adds the full stop and the capital that a sentence needs.
    init?(words: [String]) {
        guard let last = words.last, words.contains(where: { !Words.bare($0).isEmpty }) else { return nil }
        var words = words
        if !Self.isEnd(last) {
            words[words.count - 1] = Sentence.trimmingEnd(last) + "."
        }
        words[0] = Words.capitalized(words[0])
        self.words = words
        bare = words.map(Words.bare)
    }

    var text: String { words.joined(separator: " ") }
    var isQuestion: Bool { words[words.count - 1].utf8.contains(UInt8(ascii: "?")) }

    /// Without the sign at its end, to go on or to end otherwise.
    var open: String { Sentence.trimmingEnd(text) }

    /// It leans on what was said before it ("It …", "This …", "So …").
    var isDependent: Bool {
        let openers: Set = [
            "it", "they", "this", "that", "these", "those", "so", "but", "then", "and", "because", "its", "their", "he", "she",
            "there", "here", "now", "or", "both", "such", "instead", "others", "another",
        ]
        return openers.contains(bare[0]) || bare.prefix(4).contains { ["this", "these", "those"].contains($0) }
    }

    /// The words that carry its meaning.
    var contentWords: Set<String> { Set(bare.filter { $0.utf8.count > 2 && !Self.functionWords.contains($0) }) }

    /// As if written with other words at its start and end.
    static func with(_ words: some Sequence<String>, end: String = ".") -> Sentence? {
        var list = Array(words)
        guard let last = list.popLast() else { return nil }
        return Sentence(words: list + [trimmingEnd(last) + end])
    }

    static func trimmingEnd(_ text: String) -> String {
        String(decoding: text.utf8.reversed().drop { ".!?,;:- ".utf8.contains($0) }.reversed(), as: UTF8.self)
    }

    /// A word that ends a sentence: a full stop, perhaps behind a closing quote or bracket.
    private static func isEnd(_ word: String) -> Bool {
        let closing: Set<Unicode.Scalar> = ["\"", "'", ")", "]", "”", "’"]
        guard let sign = word.unicodeScalars.last(where: { !closing.contains($0) }) else { return false }
        return ".!?…".unicodeScalars.contains(sign)
    }

    static let functionWords: Set<String> = [
        "the", "and", "but", "for", "with", "that", "this", "these", "those", "there", "then", "than", "from", "into", "its",
        "are", "was", "were", "has", "have", "had", "can", "could", "will", "would", "does", "did", "not", "you", "your", "his",
        "her", "their", "they", "them", "which", "what", "when", "where", "why", "how", "who", "because", "very", "much",
        "many", "more", "most", "only", "also", "just", "even", "all", "any", "some", "one", "two", "may", "must", "about",
    ]
}

extension Sentence {
    /// The sentences of running text. Remarks in round brackets are left out, a semicolon divides, and what is too long to say
    /// in one breath is divided before an "and", "but" or "so".
    static func split(_ text: String) -> [Sentence] {
        var sentences: [Sentence] = []
        var words: [String] = []
        let all = withoutBrackets(Words.split(text))
        for (index, word) in all.enumerated() {
            words.append(word)
            let following = index + 1 < all.count ? all[index + 1] : nil
            guard endsSentence(word, before: following) else { continue }
            sentences += breaths(words)
            words = []
        }
        return sentences + breaths(words)
    }

    private static func endsSentence(_ word: String, before following: String?) -> Bool {
        if word.hasSuffix(";") { return true }
        guard isEnd(word), let following else { return isEnd(word) }
        if !word.hasSuffix(".") { return startsSentence(following) }
        let abbreviations: Set = ["mr", "mrs", "ms", "dr", "st", "prof", "e.g", "i.e", "etc", "vs", "no", "approx", "ca", "fig"]
        let name = Words.bare(word)
        let isInitial = name.utf8.count == 1 && word.utf8.count == 2 && word.utf8.first != UInt8(ascii: "I")
            && name.unicodeScalars.allSatisfy(\.properties.isAlphabetic)
        // "J. Verne" goes on after the letter, "Saturn V. It flew" does not.
        let goesOn = isInitial && !functionWords.contains(Words.bare(following)) && Words.bare(following).utf8.count > 2
        return !goesOn && !abbreviations.contains(name) && startsSentence(following)
    }

    private static func startsSentence(_ word: String) -> Bool {
        guard let first = word.unicodeScalars.first(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil })
        else { return true }
        return !first.properties.isLowercase
    }

    private static func withoutBrackets(_ words: [String]) -> [String] {
        var depth = 0
        var kept: [String] = []
        for word in words {
            let opens = word.utf8.contains(UInt8(ascii: "("))
            let closes = word.utf8.contains(UInt8(ascii: ")"))
            if depth == 0 && !opens { kept.append(word) }
            if opens && !closes { depth = 1 }
            guard closes else { continue }
            depth = 0
            // What stood behind the bracket belongs to the word before it.
            if let end = word.utf8.last, ".!?,;:".utf8.contains(end), let last = kept.popLast() {
                kept.append(trimmingEnd(last) + String(UnicodeScalar(end)))
            }
        }
        // A bracket that is never closed is a slip, not a remark.
        return depth == 0 ? kept : words.map { $0.utf8.contains(UInt8(ascii: "(")) ? String($0.filter { $0 != "(" }) : $0 }
    }

    /// At most 24 words in one sentence, where there is a place to breathe.
    private static func breaths(_ words: [String]) -> [Sentence] {
        let middle = words.count / 2
        let places = words.indices.dropFirst(4).dropLast(3).filter { index in
            words[index - 1].hasSuffix(",") && ["and", "but", "so"].contains(words[index])
                && !(words[index] == "so" && words[index + 1] == "that")
        }
        guard words.count > 24, let place = places.min(by: { abs($0 - middle) < abs($1 - middle) }) else {
            return Sentence(words: words).map { [$0] } ?? []
        }
        return breaths(Array(words[..<place])) + breaths(Array(words[place...]))
    }
}
