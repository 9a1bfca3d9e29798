import EpCore
import EpPlan

/// Where an item stands in a book: its chapter is its place in the first list that is no list of variants, such as languages.
struct BookPlace {
    var chapter: Int?
    var chapterTitle: String?
    var scene: Int?
    var sceneTitle: String?

    init(_ item: ItemArtifacts, of stage: StageDefinition) {
        let elements = (item.outer?.elements ?? []) + [item.element].compactMap(\.self)
        let places = zip(stage.dimensions, elements).filter { !$0.0.isWritten }.map(\.1)
        guard let first = places.first else { return }
        chapter = first.number
        chapterTitle = Self.title(of: first)
        guard places.count > 1, let last = places.last else { return }
        scene = last.number
        sceneTitle = Self.title(of: last)
    }

    private static func title(of element: Element) -> String? { PodcastFacts.text(element.subject["title"]) }

    var shown: String {
        let parts = [chapter.map { "chapter \($0)" }, scene.map { "scene \($0)" }].compactMap(\.self).joined(separator: ", ")
        return ([parts] + [scene == nil ? chapterTitle : sceneTitle].compactMap(\.self)).joined(separator: ": ")
    }
}
