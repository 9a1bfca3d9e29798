import EpCore

/// What is said in a recording, as a prompt has it: passages with their times, and perhaps with who speaks.
struct SpokenPassages {
    /// A sentence, or what was heard between two pauses. Never empty.
    struct Passage {
        let start: Double
        let end: Double
        /// "" if nobody has said who speaks.
        let speaker: String
        let sentence: Sentence

        var text: String { sentence.text }
        var isQuestion: Bool { sentence.isQuestion }
        var seconds: Double { end - start }
    }

    /// In the order of time; there is one at least.
    let passages: [Passage]
    /// How often the words stand that carry the meaning.
    private let weights: [String: Int]

    /// - Throws: `.badInput` if the prompt has no transcript, or nobody says anything in it; `.unavailable` for another language than
    ///   English.
    init(_ prompt: Prompt) throws(Diagnostic) {
        let value = try prompt.yaml("Transcript")
        if let language = value["language"].text?.lowercased(), language != "en", !language.hasPrefix("en-"), !language.hasPrefix("en_") {
            throw Diagnostic(
                .unavailable, "the offline writer writes English only, and the language of the recording is \"\(language)\"",
                remedy: "use another provider for the tool llm")
        }
        passages = (value["segments"]?.list ?? []).compactMap(Self.passage).sorted { $0.start < $1.start }
        guard !passages.isEmpty else {
            throw Prompt.problem(
                "nobody says anything in the transcript", line: 0,
                remedy: "check that the recording has speech in it, and that the prompt prints its `segments`")
        }
        weights = passages.reduce(into: [:]) { weights, passage in
            for word in passage.sentence.contentWords { weights[Self.stem(word), default: 0] += 1 }
        }
    }

    private static func passage(_ value: Value) -> Passage? {
        guard let text = value["text"].text, let start = value["start"]?.number, let sentence = Sentence(words: Words.split(text)) else {
            return nil
        }
        return Passage(
            start: start, end: max(start, value["end"]?.number ?? start), speaker: value["speaker"].text ?? "", sentence: sentence)
    }

    /// Those who speak, in the order in which they are first heard.
    var speakers: [String] {
        passages.reduce(into: []) { names, passage in
            if !passage.speaker.isEmpty, !names.contains(passage.speaker) { names.append(passage.speaker) }
        }
    }

    /// Who asks most of the questions; nil if one speaks alone, or nobody knows.
    var host: String? {
        guard speakers.count > 1 else { return nil }
        func questions(_ name: String) -> Int { passages.count { $0.speaker == name && $0.isQuestion } }
        return speakers.max { questions($0) < questions($1) }
    }

    var guests: [String] { speakers.filter { $0 != host } }

    /// The passages of the host after which somebody answers; where nobody asks, whatever stands for itself.
    var openings: [Int] {
        guard let host else { return passages.indices.filter { !passages[$0].sentence.isDependent } }
        return passages.indices.dropLast().filter { index in
            let passage = passages[index]
            return passage.speaker == host && passages[index + 1].speaker != host && passage.sentence.words.count >= 4 && !isPolite(passage)
        }
    }

    private func isPolite(_ passage: Passage) -> Bool {
        let polite: Set = ["thank", "thanks", "welcome", "goodbye", "evening", "morning"]
        return !polite.isDisjoint(with: passage.sentence.bare)
    }

    /// With the second name, if somebody says it: `Anna` and `I am Anna Reed`.
    func fullName(_ name: String) -> String {
        guard !name.contains(" ") else { return name }
        for passage in passages {
            for (word, next) in zip(passage.sentence.words, passage.sentence.words.dropFirst()) where Sentence.trimmingEnd(word) == name {
                let second = Sentence.trimmingEnd(next)
                if word == name, second.first?.isUppercase == true, second != "I", !second.contains("'") { return "\(name) \(second)" }
            }
        }
        return name
    }

    /// What is spoken of: the things that are named most often, but nobody's name.
    func topics(atMost count: Int) -> [String] {
        let names = Set(speakers.flatMap { Words.split(fullName($0)) }.map(Words.bare))
        var first: [String: (place: Int, word: String)] = [:]
        for (place, passage) in passages.enumerated() {
            for (before, word) in zip(passage.sentence.bare, passage.sentence.bare.dropFirst()) where Self.leaders.contains(before) {
                if first[Self.stem(word)] == nil { first[Self.stem(word)] = (place, word) }
            }
        }
        let ranked = weights.filter { stem, weight in
            weight > 1 && !names.contains(stem) && !Self.plain.contains(stem) && first[stem] != nil
        }
        .sorted { ($1.value, first[$0.key]?.place ?? 0, $0.key) < ($0.value, first[$1.key]?.place ?? 0, $1.key) }
        return ranked.prefix(count).compactMap { first[$0.key]?.word }
    }

    /// How well a passage stands for itself: it says what is spoken of, is neither short nor long, and does not lean on what was said
    /// before.
    func worth(_ passage: Passage) -> Double {
        let sentence = passage.sentence
        if sentence.isQuestion { return -10 }
        var worth =
            sentence.contentWords.reduce(0.0) { $0 + Double(min(4, weights[Self.stem($1)] ?? 0)) }
            / Double(sentence.words.count).squareRoot()
        if sentence.isDependent { worth -= 2 }
        if sentence.words.count < 6 { worth -= 3 }
        if sentence.words.count > 28 { worth -= 1.5 }
        let strong: Set = [
            "never", "nobody", "first", "because", "thousand", "hundred", "million", "found", "learned", "most", "whole", "idea", "afraid",
            "gone",
        ]
        if !strong.isDisjoint(with: sentence.bare) { worth += 1.2 }
        if isPolite(passage) { worth -= 3 }
        return worth
    }

    /// The plural and the singular of most words are one.
    private static func stem(_ word: String) -> String {
        word.utf8.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : word
    }

    /// Words behind which a thing is named.
    private static let leaders: Set<String> = [
        "the", "a", "an", "of", "in", "on", "with", "from", "and", "no", "that", "his", "her", "their", "our", "your", "my", "about", "for",
        "to", "many", "some", "keeps", "old",
    ]

    /// Words that are said often, whatever is spoken of.
    private static let plain: Set<String> = [
        "she", "him", "our", "who", "yes", "bring", "want", "say", "said", "get", "got", "come", "came", "time", "year", "day",
        "week", "people", "thing", "something", "nothing", "anything", "know", "now", "here", "back", "like", "make", "made",
        "take", "took", "put", "went", "gone", "see", "seen", "look", "every", "two", "three", "first", "other", "thank", "good",
        "still", "never", "evening", "morning", "really", "thought", "think", "want", "way", "off", "out", "down", "over",
        "under", "after", "before", "again", "night", "old", "new", "long", "little", "small", "great", "been", "being", "going",
        "should", "each", "half", "hundred", "thousand", "without", "left", "keep", "kept", "ask", "asked", "tell", "told",
    ]
}
