import EpCore

/// Divides a documentary into parts that follow the sources' sections: each with what it is to answer, and its points.
struct FilmOutlineWriter {
    private static let partCount = 8
    private static let pointCount = 3

    private let topic: Topic
    private let source: Source
    private let names: Set<String>

    init(_ prompt: Prompt) throws(Diagnostic) {
        topic = try Topic(prompt)
        source = Source(try prompt.markdown("Sources"))
        names = source.names
    }

    func document() throws(Diagnostic) -> Value {
        guard !source.body.isEmpty else { throw Prompt.problem("the sources have no sentence in them", line: 0) }
        let groups = Source.divided(source.body, into: min(Self.partCount, source.body.count), weight: \.wordCount)
        return .object([
            .init("title", .string(topic.title)), .init("question", .string(question)),
            .init("parts", .list(groups.enumerated().map { part($1, index: $0) })), .init("made_by", .string(OfflineWriter.madeBy)),
        ])
    }

    /// The first question that the sources ask; else what the topic makes one wonder.
    private var question: String {
        let asked =
            source.introduction?.sentences.first(where: \.isQuestion) ?? source.sections.flatMap(\.sentences).first(where: \.isQuestion)
        return asked?.text ?? Heading.question(topic.topic, names: names)
    }

    private func part(_ sections: [Source.Section], index: Int) -> Value {
        let heading = sections.compactMap(\.heading).first ?? (index == 0 ? topic.title : "Part \(index + 1)")
        let points = sections.flatMap { section in
            section.blocks.compactMap { Source.Section(heading: section.heading, blocks: [$0]).keySentence }
        }
        return .object([
            .init("title", .string(heading)), .init("purpose", .string("Answer this: \(Heading.question(heading, names: names))")),
            .init("sections", .strings(sections.compactMap(\.heading))),
            .init("points", .strings(points.prefix(Self.pointCount).map(\.text))),
        ])
    }
}
