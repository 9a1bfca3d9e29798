import EpCore

/// Finds in the sources what a documentary may say: for each part of its outline the facts, in their order, each with where it stands.
struct ResearchWriter {
    private let outline: Value
    private let sources: [(name: String, source: Source)]

    init(_ prompt: Prompt) throws(Diagnostic) {
        outline = try prompt.yaml("Outline")
        let names = try prompt.optionalYAML("Source names").strings
        sources = try prompt.markdown("Sources").enumerated().map { index, text in
            (index < names.count ? names[index] : "source \(index + 1)", Source([text]))
        }
    }

    func document() throws(Diagnostic) -> Value {
        let parts = outline["parts"]?.list ?? []
        guard !parts.isEmpty else {
            throw Prompt.problem("the outline has no `parts`", line: 0, remedy: "give it a list of parts, each with a `title`")
        }
        return .object([
            .init("title", .string(outline["title"].text ?? "")), .init("question", .string(outline["question"].text ?? "")),
            .init("introduction", .list(sources.flatMap { facts($0.source.introduction.map { [$0] } ?? [], of: $0.name) })),
            .init("findings", .list(parts.map(finding))),
            .init("sources", .list(sources.map { name, source in
                .object([.init("name", .string(name)), .init("title", .string(source.title ?? name))])
            })),
            .init("made_by", .string(OfflineWriter.madeBy)),
        ])
    }

    /// A part that a person has named otherwise than the sources do has the facts that share most words with its points.
    private func finding(_ part: Value) -> Value {
        let title = part["title"].text ?? ""
        let headings = Set(part["sections"].strings + [title])
        var found = sources.flatMap { source in facts(source.source.body.filter { headings.contains($0.heading ?? "") }, of: source.name) }
        if found.isEmpty {
            let words = (part["points"].strings + [title]).flatMap(Sentence.split).reduce(into: Set<String>()) {
                $0.formUnion($1.contentWords)
            }
            let body = sources.flatMap { source in source.source.body.map { (source.name, $0) } }
            let best = body.max { common($0.1, words) < common($1.1, words) }
            if let (name, section) = best, common(section, words) > 0 { found = facts([section], of: name) }
        }
        return .object([.init("part", .string(title)), .init("facts", .list(found))])
    }

    private func common(_ section: Source.Section, _ words: Set<String>) -> Int {
        section.sentences.reduce(into: Set<String>()) { $0.formUnion($1.contentWords) }.intersection(words).count
    }

    private func facts(_ sections: [Source.Section], of name: String) -> [Value] {
        sections.flatMap(\.sentences).filter { !$0.isQuestion }.map {
            .object([.init("text", .string($0.text)), .init("source", .string(name))])
        }
    }
}
