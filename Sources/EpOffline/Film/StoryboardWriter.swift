import EpCore

/// Says of each scene of a film what is seen in it: a panel, with the words that a card can show.
struct StoryboardWriter {
    /// What can be read on a card while somebody speaks.
    private static let cardWords = 20

    private let title: String
    private let scenes: [Value]

    init(_ prompt: Prompt) throws(Diagnostic) {
        let script = try prompt.yaml("Script")
        title = script["title"].text ?? ""
        scenes = script["scenes"]?.list ?? []
        guard !scenes.isEmpty else {
            throw Prompt.problem("the script has no `scenes`", line: 0, remedy: "give it a list of scenes, each with its `narration`")
        }
    }

    func document() -> Value {
        .object([
            .init("title", .string(title)), .init("panels", .list(scenes.indices.map(panel))),
            .init("made_by", .string(OfflineWriter.madeBy)),
        ])
    }

    private func panel(_ index: Int) -> Value {
        let scene = scenes[index]
        let (heading, narration, kind) = (scene["title"].text ?? title, scene["narration"].text ?? "", scene["type"].text ?? "text")
        let shown = kind == "text" ? Self.shown(narration, heading) : nil
        let isFirst = index == 0 || scenes[index - 1]["title"].text != scene["title"].text
        let visual = switch (kind, shown) {
        case ("title", _): "The title of the film on a plain ground: “\(heading)”."
        case ("end", _): "The title once more, and the light going down: “\(heading)”."
        case (_, let shown?) where isFirst: "A new chapter: “\(heading)”, and under it: “\(shown)”"
        case (_, let shown?): "Under the chapter's name one sentence stands: “\(shown)”"
        default: "The name of the chapter: “\(heading)”."
        }
        let kept = (scene.members ?? []).filter { !["visual", "shot", "text"].contains($0.key) }
        let shot = kind != "text" ? "title card" : Self.hasFigure(shown) ? "figure" : "text card"
        return .object(
            kept + (shown.map { [.init("text", .string($0))] } ?? []) + [.init("shot", .string(shot)), .init("visual", .string(visual))])
    }

    /// The sentence that says most, if it can be read in time: else its beginning up to a comma.
    private static func shown(_ narration: String, _ heading: String) -> String? {
        let sentences = Sentence.split(narration).filter { !$0.isQuestion }
        let figure = sentences.first { hasFigure($0.text) && !$0.isDependent && $0.words.count <= cardWords }
        let section = Source.Section(heading: heading, blocks: [.paragraph(sentences)])
        guard let key = figure ?? section.keySentence ?? sentences.first else { return nil }
        if key.words.count <= cardWords { return key.text }
        let beginning = key.words.prefix(cardWords)
        guard let comma = beginning.lastIndex(where: { $0.hasSuffix(",") }), comma >= 4 else {
            return beginning.joined(separator: " ") + " …"
        }
        return Sentence.with(key.words[...comma])?.text
    }

    private static func hasFigure(_ text: String?) -> Bool { text?.utf8.contains { (48...57).contains($0) } ?? false }
}
