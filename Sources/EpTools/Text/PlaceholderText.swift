import EpCore
import EpPlan

/// What a draft reads where a language model's answer is missing: a text that says so, of the kind that its readers can use.
struct PlaceholderText {
    private let stage: StageContext
    private let title: String

    init(_ stage: StageContext) {
        self.stage = stage
        let known = PodcastFacts.text(stage.element?.value["title"]) ?? PodcastFacts.text(stage.episode.value["title"])
        title = Self.folded(known ?? stage.episode.name)
    }

    var text: String {
        switch ArtifactRef(name: stage.stage.output ?? "", source: .literal([])).fileExtension {
        case "fountain": fountain
        case "yaml", "yml": document.yaml()
        case "json": document.json(indented: true) + "\n"
        default: notice + "\n"
        }
    }

    private var notice: String { "This is not written yet: \(title)." }

    /// What the stage reads, joined, if that is written already; else one line that somebody of the show says.
    private var fountain: String {
        let titlePage = stage.element == nil ? "Title: \(title)\n\n" : ""
        if let parts, !parts.isEmpty { return titlePage + parts.joined(separator: "\n") }
        return "\(titlePage)# \(title)\n\n\(speaker)\n\(notice)\n"
    }

    private var parts: [String]? {
        guard let upstreams = try? stage.upstreams() else { return nil }
        let files = upstreams.filter(\.artifacts.isFanOut).flatMap(\.artifacts.files).filter { $0.fileExtension == "fountain" }
        return (try? stage.bytes(of: files))?.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Somebody whom the show has a voice for; the narrator, if there is one.
    private var speaker: String {
        let characters = stage.blueprint["characters"]?.list ?? []
        let narrator = characters.first { $0["role"]?.string == "narrator" } ?? characters.first
        return (PodcastFacts.text(narrator?["name"]) ?? "NARRATOR").uppercased()
    }

    /// Facts under their usual names, and one element in each list that another stage fans out over.
    private var document: Value {
        let facts: [Value.Member] = [
            .init("title", .string(title)), .init("topic", .string(title)), .init("summary", .string(notice)),
            .init("made_by", "epbuild placeholder"),
        ]
        var taken = Set(facts.map(\.key))
        return .object(facts + stage.listsRead.compactMap { path in
            guard let name = path.first, taken.insert(name).inserted else { return nil }
            return .init(name, path.dropFirst().reversed().reduce(.list([element])) { .object([.init($1, $0)]) })
        })
    }

    private var element: Value {
        [
            "title": .string(title), "kind": "explain", "purpose": .string(notice), "points": .list([.string(notice)]),
            "text": .string(notice),
        ]
    }

    /// On one line.
    private static func folded(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
