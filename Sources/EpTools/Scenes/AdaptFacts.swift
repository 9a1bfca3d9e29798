import EpCore
import EpImport

/// What is known of a document when it is adapted: with the document itself, all that decides what comes of it.
struct AdaptFacts {
    let kind: DocumentKind
    /// Where it lies below the episode, for a document that names pictures.
    let directory: String
    let arrangement: AdaptSettings.Arrangement

    init(kind: DocumentKind, directory: String, _ arrangement: AdaptSettings.Arrangement) {
        (self.kind, self.directory, self.arrangement) = (kind, directory, arrangement)
    }

    var value: Value {
        [
            "kind": .string(kind.rawValue), "directory": .string(directory), "language": .string(arrangement.language),
            "title": .string(arrangement.title), "end": .string(arrangement.end), "longest_words": .int(Int64(arrangement.longestWords)),
        ]
    }

    init?(_ value: Value) {
        guard let kind = value["kind"]?.string.flatMap(DocumentKind.init), let words = value["longest_words"]?.number else { return nil }
        func text(_ key: String) -> String { value[key]?.letters ?? "" }
        self.init(
            kind: kind, directory: text("directory"),
            AdaptSettings.Arrangement(language: text("language"), title: text("title"), end: text("end"), longestWords: Int(words)))
    }

    /// The scenes with the frame that the stage wants.
    func arranged(_ list: SceneList) throws -> SceneList {
        var list = list
        if !arrangement.title.isEmpty {
            if let index = list.scenes.firstIndex(where: { $0.kind == .title && $0.title == list.title }) {
                list.scenes[index].title = arrangement.title
            }
            list.title = arrangement.title
        }
        if !arrangement.language.isEmpty { list.language = arrangement.language }
        if kind == .scenes { list.scenes = list.scenes.flatMap { $0.divided(atMost: arrangement.longestWords) } }
        var names = SceneNames(taken: list.scenes.map(\.id))
        for index in list.scenes.indices where list.scenes[index].id.isEmpty { list.scenes[index].id = names.name(for: list.scenes[index]) }
        if !arrangement.end.isEmpty, list.scenes.last?.kind != .end {
            var scene = Scene(.end, title: arrangement.end, narration: arrangement.end)
            scene.id = names.name(for: scene)
            list.scenes.append(scene)
        }
        return list
    }
}
