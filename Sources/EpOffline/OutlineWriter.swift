import EpCore

/// Divides an episode into beats: a greeting with the question, at most four explanations that follow the sources' sections,
/// something to try out if the sources have it, and a summing up. It also deals out who may say which remark in which beat.
struct OutlineWriter {
    /// Words of the sources in one explanation: about a minute with the talk between them.
    static let explanationWords = 105
    private static let introductionWords = 50
    private static let explanationCount = 4
    private static let quizCount = 3

    private let topic: Topic
    private let variation: String
    private let wishes: Wishes
    private let cast: Cast
    private let hook: String?
    private let keyPoints: [String]
    private let introduction: Source.Section?
    private let explanations: [[Source.Section]]
    private let experiment: Source.Section?
    private let names: Set<String>

    init(_ prompt: Prompt) throws(Diagnostic) {
        topic = try Topic(prompt)
        variation = prompt.variation
        wishes = Wishes(prompt.variation)
        cast = try Cast(prompt.yaml("Characters"))
        let concept = try prompt.yaml("Concept")
        hook = concept["hook_question"].text
        keyPoints = concept["key_points"].strings
        let source = Source(try prompt.markdown("Sources"))
        names = source.names
        let leaveOut = Set(concept["leave_out"].strings)
        introduction = source.introduction?.without(leaveOut).shortened(to: Self.introductionWords)
        var body = source.body.map { $0.without(leaveOut) }.filter { !$0.blocks.isEmpty }
        experiment = body.firstIndex(where: \.hasSteps).map { body.remove(at: $0) }
        guard !body.isEmpty || experiment != nil else {
            throw Prompt.problem(
                "nothing is left of the sources to write about", line: 0,
                remedy: "give the episode a source with a sentence that no earlier episode has explained")
        }
        explanations = Source.divided(body, into: min(Self.explanationCount, body.count), weight: \.wordCount)
    }

    func document() throws(Diagnostic) -> Value {
        var beats = [hello]
        beats += explanations.enumerated().map { explanation($1, index: $0) }
        if let experiment { beats.append(tryOut(experiment)) }
        beats.append(recap)
        var dealer = Dealer(cast, seed: topic.title + variation, wishes: wishes)
        for index in beats.indices { beats[index].remarks = dealer.deal(to: beats[index].kind) }
        return .object([
            .init("title", .string(topic.title)), .init("beats", .list(beats.map(\.value))),
            .init("made_by", .string(OfflineWriter.madeBy)),
        ])
    }

    private var hello: Beat {
        var beat = Beat(title: "Hello", purpose: "Meet the characters and ask the question of the episode.", kind: .hello)
        beat.question = hook
        beat.scene = topic.scene.filter { !wishes.refuse($0) }
        beat.excerpt = introduction?.markdown ?? ""
        return beat
    }

    private func explanation(_ sections: [Source.Section], index: Int) -> Beat {
        let heading = sections.compactMap(\.heading).first
        let parts = ["one", "two", "three", "four"]
        let title = heading ?? (explanations.count == 1 ? topic.title : "Part \(parts[index])")
        let question = heading.map { Heading.question($0, names: names) }
        var beat = Beat(title: title, purpose: question.map { "Answer this: \($0)" } ?? "Explain the topic.", kind: .explain)
        beat.question = question.map { linked($0, index) }
        let share = Self.explanationWords / sections.count
        let shortened = sections.map { $0.shortened(to: share) }
        beat.points = shortened.compactMap { point(of: $0)?.text }
        beat.excerpt = shortened.map(\.markdown).joined(separator: "\n\n")
        return beat
    }

    /// Every second question is tied to what was said before: "And where does …?", "But why does …?"
    private func linked(_ question: String, _ index: Int) -> String {
        let ties = ["", "And ", "", "But "]
        guard question.hasSuffix("?"), !ties[index].isEmpty else { return question }
        return ties[index] + Words.lowered(question, unless: names)
    }

    private func tryOut(_ section: Source.Section) -> Beat {
        var beat = Beat(title: section.heading ?? "Try it", purpose: "Try something out that shows it.", kind: .tryOut)
        beat.question = section.heading.flatMap { $0.hasSuffix("?") ? $0 : nil }
        let shortened = section.shortened(to: Self.explanationWords, keeping: SegmentWriter.isWarning)
        beat.points = shortened.keySentence.map { [$0.text] } ?? []
        beat.excerpt = shortened.markdown
        return beat
    }

    private var recap: Beat {
        var beat = Beat(title: "What we found out", purpose: "Ask again what was asked, answer it, say goodbye.", kind: .recap)
        let sections = explanations.flatMap { $0 }
        for section in Self.spread(sections, count: Self.quizCount) {
            guard let answer = point(of: section) else { continue }
            if let heading = section.heading {
                beat.quiz.append(.init(question: Heading.question(heading, names: names), answer: answer.text))
            } else {
                beat.points.append(answer.text)
            }
        }
        if sections.isEmpty, let point = experiment?.keySentence { beat.points = [point.text] }
        return beat
    }

    /// So many of a list, from its beginning to its end.
    private static func spread<Element>(_ list: [Element], count: Int) -> [Element] {
        guard list.count > count else { return list }
        return (0..<count).map { list[$0 * (list.count - 1) / (count - 1)] }
    }

    /// The concept's point that is about this section, or else the section's own key sentence.
    private func point(of section: Source.Section) -> Sentence? {
        let known = Set(section.sentences.map(\.text))
        return keyPoints.first(where: known.contains).flatMap { Sentence(words: Words.split($0)) } ?? section.keySentence
    }
}
