import EpCore

/// Writes what an episode is about: its question, what is to be learned, and the new words, all from the sources.
struct ConceptWriter {
    private let topic: Topic
    private let source: Source
    /// The content words of what earlier episodes explained, a set for each of their points.
    private let covered: [Set<String>]

    init(_ prompt: Prompt) throws(Diagnostic) {
        topic = try Topic(prompt)
        source = Source(try prompt.markdown("Sources"))
        var points: [String] = []
        for earlier in try prompt.optionalYAML("Already covered")?.list ?? [] {
            points += earlier.string.map { [$0] } ?? earlier["key_points"].strings
        }
        covered = points.flatMap(Sentence.split).map(\.contentWords).filter { !$0.isEmpty }
    }

    func document() throws(Diagnostic) -> Value {
        let all = source.sections.flatMap(\.sentences)
        guard !all.isEmpty else { throw Prompt.problem("the sources have no sentence in them", line: 0) }
        let known = all.filter(isCovered)
        let knownTexts = Set(known.map(\.text))
        let sections = source.sections.map { $0.without(knownTexts) }.filter { !$0.blocks.isEmpty }
        let points = sections.compactMap { $0.shortened(to: OutlineWriter.explanationWords).keySentence }
        var members: [Value.Member] = [
            .init("topic", .string(topic.topic)), .init("hook_question", .string(hook)),
            .init("learning_objectives", .strings(objectives(sections, points))),
            .init("key_points", .strings(points.map(adapted))),
            .init("vocabulary", .list(vocabulary(sections))),
        ]
        if !known.isEmpty { members.append(.init("leave_out", .strings(known.map(\.text)))) }
        members.append(.init("made_by", .string(OfflineWriter.madeBy)))
        return .object(members)
    }

    /// The first question that the sources ask, be it a heading; else one about the topic.
    private var hook: String {
        if let question = source.introduction?.sentences.first(where: \.isQuestion) { return question.text }
        if let heading = source.body.compactMap(\.heading).first(where: { $0.hasSuffix("?") }) { return heading }
        if let question = source.sections.flatMap(\.sentences).first(where: \.isQuestion) { return question.text }
        let clause = Heading.question(topic.topic, names: source.names)
        return clause.hasSuffix("?") ? clause : "Do you know " + clause.dropFirst("I want to know ".count).dropLast() + "?"
    }

    /// Three, as far as the sources have headings or points for them.
    private func objectives(_ sections: [Source.Section], _ points: [Sentence]) -> [String] {
        let headings = sections.filter { !$0.hasSteps }.compactMap(\.heading)
        let fromHeadings = headings.map { Heading.objective($0, names: source.names) }
        let fromPoints = points.map { "Knows this: \(adapted($0))" }
        return Array((fromHeadings + fromPoints).prefix(3))
    }

    /// New words, each with the sentence that explains it and, where that leans on the one before, both.
    private func vocabulary(_ sections: [Source.Section]) -> [Value] {
        var entries: [Value] = []
        for section in sections {
            let sentences = section.sentences
            for (index, sentence) in sentences.enumerated() {
                guard case .name(let word, _) = Move(sentence), !entries.contains(where: { $0["word"]?.string == word }) else { continue }
                let before = sentence.isDependent && index > 0 ? adapted(sentences[index - 1]) + " " : ""
                entries.append(.object([
                    .init("word", .string(word)), .init("explanation", .string(before + sentence.text)),
                ]))
            }
        }
        return entries
    }

    /// Without the word that ties it to the sentence before.
    private func adapted(_ sentence: Sentence) -> String {
        let ties: Set = ["so", "but", "and", "then"]
        guard sentence.words.count > 4, ties.contains(sentence.bare[0]) else { return sentence.text }
        return Sentence(words: Array(sentence.words.dropFirst()))?.text ?? sentence.text
    }

    private func isCovered(_ sentence: Sentence) -> Bool {
        let words = sentence.contentWords
        guard words.count >= 3 else { return false }
        return covered.contains { point in 5 * words.intersection(point).count >= 4 * words.count }
    }
}
