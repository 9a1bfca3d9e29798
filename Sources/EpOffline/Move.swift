/// What a conversation can make of a sentence of the source. Each form keeps the words of the sentence.
enum Move: Hashable {
    case question
    /// "Many people think that X": somebody has thought so too.
    case mistake(belief: String)
    /// "So X": the listener draws the conclusion.
    case conclusion(String)
    /// "X, so Y": one begins, the other completes it.
    case completed(first: String, rest: String)
    /// "X because Y": "Why?" comes between.
    case reason(fact: String, reason: String)
    /// "When X, Y": a question and its answer.
    case condition(question: String, answer: String)
    /// "This push is called thrust": somebody tries the new word.
    case name(word: String, noun: String?)
    /// It speaks to the listener.
    case toListener
    case statement

    init(_ sentence: Sentence) {
        let forms = [Self.mistake, Self.conclusion, Self.condition, Self.name, Self.completed, Self.reason]
        if sentence.isQuestion {
            self = .question
        } else if let move = forms.lazy.compactMap({ $0(sentence) }).first {
            self = move
        } else {
            self = sentence.bare.contains { ["you", "your", "imagine"].contains($0) } ? .toListener : .statement
        }
    }

    /// The name without its words: how often a scene has used a form is counted by it.
    var form: Int {
        switch self {
        case .question: 0
        case .mistake: 1
        case .conclusion: 2
        case .completed: 3
        case .reason: 4
        case .condition: 5
        case .name: 6
        case .toListener: 7
        case .statement: 8
        }
    }

    /// More of the same form in one scene would be noticed.
    var limit: Int {
        switch self {
        case .mistake, .reason, .condition, .name: 1
        case .conclusion, .completed: 2
        default: .max
        }
    }

    private static func mistake(_ sentence: Sentence) -> Move? {
        let bare = sentence.bare
        guard bare.count > 5, ["many", "some", "most"].contains(bare[0]), bare[1] == "people", ["think", "believe"].contains(bare[2])
        else { return nil }
        return .mistake(belief: sentence.words.dropFirst(bare[3] == "that" ? 4 : 3).joined(separator: " "))
    }

    private static func conclusion(_ sentence: Sentence) -> Move? {
        let bare = sentence.bare
        if bare.starts(with: ["that", "is", "why"]), bare.count > 4 { return .conclusion("So " + Words.lowered(sentence.open) + "!") }
        let others: Set = ["that", "far", "long", "many", "much", "what"]
        guard bare[0] == "so", bare.count > 3, !others.contains(bare[1]) else { return nil }
        return .conclusion(sentence.open + "!")
    }

    private static func completed(_ sentence: Sentence) -> Move? {
        let (words, bare) = (sentence.words, sentence.bare)
        let place = words.indices.dropFirst(3).dropLast(3).first { index in
            bare[index] == "so" && words[index - 1].hasSuffix(",") && bare[index + 1] != "that"
        }
        guard let place, let first = Sentence.with(words[..<place]), let rest = Sentence.with(words[place...], end: "!") else { return nil }
        return .completed(first: first.text, rest: rest.text)
    }

    private static func reason(_ sentence: Sentence) -> Move? {
        let (words, bare) = (sentence.words, sentence.bare)
        guard let place = bare.firstIndex(of: "because"), place > 2, place + 3 < words.count,
            !bare[..<place].contains(where: { ["not", "just", "only", "never", "partly", "and"].contains($0) }),
            let fact = Sentence.with(words[..<place]), let reason = Sentence(words: Array(words[place...]))
        else { return nil }
        return .reason(fact: fact.text, reason: reason.text)
    }

    private static func condition(_ sentence: Sentence) -> Move? {
        let (words, bare) = (sentence.words, sentence.bare)
        guard ["when", "if"].contains(bare[0]), let comma = words.firstIndex(where: { $0.hasSuffix(",") }), comma > 1,
            comma + 3 < words.count, let condition = asked(words[...comma])
        else { return nil }
        let rest = words[(comma + 1)...]
        let answer = bare[comma + 1] == "then" ? rest.joined(separator: " ") : "Then " + rest.joined(separator: " ")
        return .condition(question: "What happens \(condition)?", answer: Words.capitalized(answer))
    }

    /// The condition as the one who asks puts it: "if you throw" becomes "if I throw". Nil where that is not safe.
    private static func asked(_ words: ArraySlice<String>) -> String? {
        var asked: [String] = []
        for (word, bare) in zip(words, words.map(Words.bare)) {
            switch bare {
            case "you" where asked.last.map({ ["if", "when", "and"].contains($0) }) ?? false: asked.append("I")
            case "you": return nil
            case "your": asked.append("my")
            case "are" where asked.last == "I": asked.append("am")
            default: asked.append(asked.isEmpty ? bare : word)
            }
        }
        return Sentence.trimmingEnd(asked.joined(separator: " "))
    }

    private static func name(_ sentence: Sentence) -> Move? {
        let bare = sentence.bare
        guard let called = bare.firstIndex(of: "called"), called > 1, ["is", "are"].contains(bare[called - 1]) else { return nil }
        let words = bare[(called + 1)...].drop { ["a", "an", "the"].contains($0) }
        // "is called thrust", not "is called by the wind".
        guard (1...2).contains(words.count), let last = words.last, !last.isEmpty else { return nil }
        let noun = bare[0] == "this" && called == 3 ? bare[1] : nil
        return .name(word: words.joined(separator: " "), noun: noun)
    }
}

extension Sentence {
    /// A number that astonishes, with its unit: "110 metres tall", "three thousand degrees".
    var bigNumber: String? {
        guard let start = words.indices.first(where: { isBig($0) || isFast($0) }) else { return nil }
        var first = start
        while first > 0, Self.smallNumbers.contains(bare[first - 1]) { first -= 1 }
        var last = start
        while last + 1 < words.count, Self.magnitudes.contains(bare[last + 1]) { last += 1 }
        guard last + 1 < words.count, Self.trimmingEnd(words[last]) == words[last] else { return nil }
        let unit = words[last + 1]
        guard !Self.functionWords.contains(bare[last + 1]), bare[last + 1].utf8.count > 2 else { return nil }
        var phrase = words[first...(last + 1)]
        if Self.trimmingEnd(unit) == unit, last + 2 < words.count {
            if ["tall", "long", "high", "wide", "deep", "ago", "old"].contains(bare[last + 2]) {
                phrase = words[first...(last + 2)]
            } else if last + 3 < words.count, ["a", "an", "every", "each", "per"].contains(bare[last + 2]) {
                phrase = words[first...(last + 3)]
            }
        }
        return Words.capitalized(Self.trimmingEnd(phrase.joined(separator: " ")))
    }

    /// A word for a hundred or more, or at least three digits that are not a year.
    private func isBig(_ index: Int) -> Bool {
        if Self.magnitudes.contains(bare[index]) { return true }
        let digits = bare[index].utf8.filter { (48...57).contains($0) }.count
        guard digits >= 3, bare[index].utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ",") }) else { return false }
        return !(digits == 4 && !bare[index].utf8.contains(UInt8(ascii: ",")) && index > 0 && bare[index - 1] == "in")
    }

    /// "eight kilometres every second".
    private func isFast(_ index: Int) -> Bool {
        Self.smallNumbers.contains(bare[index]) && bare[index] != "a" && index + 3 < bare.count && bare[index + 3] == "second"
            && ["every", "per", "a", "each"].contains(bare[index + 2])
    }

    private static let magnitudes: Set<String> = ["hundred", "thousand", "million", "billion"]
    private static let smallNumbers: Set<String> = [
        "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty", "thirty",
        "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand",
    ]
}
