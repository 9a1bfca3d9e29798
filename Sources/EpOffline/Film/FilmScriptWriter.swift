import EpCore

/// Writes what is said in a documentary, scene by scene, from what the research has found: its question, the facts of each part, and an end
/// that
/// comes back to the question.
struct FilmScriptWriter {
    /// Words in one scene: what is said while one picture stands, about fifteen seconds.
    private static let sceneWords = 40
    private static let partWords = 150
    /// Fewer are no scene of their own.
    private static let fewestWords = 12

    private let show: Value?
    private let outline: Value
    private let research: Value

    init(_ prompt: Prompt) throws(Diagnostic) {
        show = try prompt.optionalYAML("Show")
        outline = try prompt.yaml("Outline")
        research = try prompt.yaml("Research")
    }

    func document() throws(Diagnostic) -> Value {
        let findings = research["findings"]?.list ?? []
        let parts = findings.filter { !Self.sentences($0).isEmpty }
        guard !parts.isEmpty else { throw Prompt.problem("the research has found nothing to tell", line: 0) }
        let told = parts.enumerated().flatMap { part($1, index: $0) }
        let heads = [("title", title), ("language", show?["language"].text ?? "")].filter { !$0.1.isEmpty }.map {
            Value.Member($0.0, .string($0.1))
        }
        return .object(
            heads + [.init("scenes", .list(opening + told + [closing(parts)])), .init("made_by", .string(OfflineWriter.madeBy))])
    }

    private var title: String { outline["title"].text ?? research["title"].text ?? show?["title"].text ?? "" }
    private var question: String { outline["question"].text ?? research["question"].text ?? "" }

    private static func sentences(_ finding: Value) -> [Sentence] { texts(finding["facts"]) }
    private static func texts(_ facts: Value?) -> [Sentence] { (facts?.list ?? []).compactMap { $0["text"].text }.flatMap(Sentence.split) }

    private var opening: [Value] {
        let introduction = Self.scenes(of: Self.texts(research["introduction"]), words: Self.partWords / 2)
        let said = [show?["opening"].text, introduction.isEmpty ? question : nil].compactMap(\.self)
        let first = said.filter { !$0.isEmpty }.joined(separator: " ")
        let head = scene("opening", "title", title, first.isEmpty ? title + "." : first, 4)
        let rest = introduction.enumerated().map { index, text in
            // The question is what the introduction leads to.
            scene(
                "opening-\(index + 2)", "text", title, index == introduction.count - 1 && !question.isEmpty ? "\(text) \(question)" : text,
                nil)
        }
        return [head] + rest
    }

    private func part(_ finding: Value, index: Int) -> [Value] {
        let name = finding["part"].text ?? "Part \(index + 1)"
        return Self.scenes(of: Self.sentences(finding), words: Self.partWords).enumerated().map { number, text in
            let asked = number == 0 && name.hasSuffix("?") ? "\(name) \(text)" : text
            return scene("part-\(index + 1)-\(number + 1)", "text", name, asked, nil)
        }
    }

    /// The question once more, and what answers it best.
    private func closing(_ parts: [Value]) -> Value {
        let again = question.hasSuffix("?") ? ["So, once more: \(Words.lowered(Self.untied(question), unless: []))"] : []
        let end = show?["closing"].text.map { [$0] } ?? []
        return scene("closing", "end", title, (again + Self.answer(parts.flatMap(Self.sentences)) + end).joined(separator: " "), 4)
    }

    /// Without the word that ties it to what was said before it.
    private static func untied(_ question: String) -> String {
        let words = Words.split(question)
        guard words.count > 3, ["so", "but", "and", "then"].contains(Words.bare(words[0])) else { return question }
        return Sentence(words: Array(words.dropFirst()))?.text ?? question
    }

    /// Two sentences, in their order, that are made of the words that all the others are made of, too.
    private static func answer(_ sentences: [Sentence]) -> [String] {
        let counts = sentences.flatMap(\.contentWords).reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        func score(_ sentence: Sentence) -> Double {
            let words = sentence.contentWords
            return words.count < 4 ? 0 : Double(words.reduce(0) { $0 + (counts[$1] ?? 0) }) / Double(words.count)
        }
        let fit = sentences.enumerated().filter { !$1.isDependent && !$1.isQuestion && (7...20).contains($1.words.count) }
        // The first of equals: a sort alone would keep no order among them.
        let best = fit.sorted { (score($0.element), -$0.offset) > (score($1.element), -$1.offset) }.prefix(2)
        return best.sorted { $0.offset < $1.offset }.map(\.element.text)
    }

    private func scene(_ id: String, _ type: String, _ title: String, _ narration: String, _ seconds: Int64?) -> Value {
        .object([
            .init("id", .string(id)), .init("type", .string(type)), .init("title", .string(title)), .init("narration", .string(narration)),
        ] + (seconds.map { [.init("minimum_seconds", .int($0))] } ?? []))
    }

    /// Sentences in groups that can be said while one picture stands. A sentence that leans on the one before it stays with it.
    private static func scenes(of sentences: [Sentence], words limit: Int) -> [String] {
        var (groups, total) = ([[Sentence]](), 0)
        for sentence in sentences {
            total += sentence.words.count
            if total > limit, !groups.isEmpty, !sentence.isDependent { break }
            let words = (groups.last ?? []).reduce(0) { $0 + $1.words.count }
            if groups.isEmpty || (words + sentence.words.count > sceneWords && (!sentence.isDependent || words > sceneWords)) {
                groups.append([sentence])
            } else {
                groups[groups.count - 1].append(sentence)
            }
        }
        if let last = groups.last, groups.count > 1, last.reduce(0, { $0 + $1.words.count }) < fewestWords {
            groups.removeLast()
            groups[groups.count - 1] += last
        }
        return groups.map { $0.map(\.text).joined(separator: " ") }
    }
}
