import EpCore
import EpImport
import EpPlan

/// Documents that fit a stage's `document`, but for a value that no element of its list has: `documents/fr.md` of a show that does not
/// list `fr`.
struct UnreadDocuments {
    /// That it has been looked for them.
    struct Told {
        init(_ documents: UnreadDocuments?) throws { try documents?.warn() }
    }

    private let stage: StageContext
    private let document: AdaptSettings.Text
    private let element: String
    /// What the elements of the list are.
    private let values: [Value]

    /// - Returns: nil if the stage goes through no list, or does not name its documents by it.
    init?(_ stage: StageContext, _ settings: AdaptSettings) throws {
        guard let document = settings.document, let list = try stage.elements(), document.template.roots.map(\.name) == [list.name] else {
            return nil
        }
        (self.stage, self.document, element, values) = (stage, document, list.name, list.all.map(\.subject))
    }

    func warn() throws {
        // Nil where a part of an element is named.
        guard let wide = try? pattern("*"), RelativePath.isClean(wide) else { return }
        let directory = Path(wide).parent
        guard !directory.isEmpty, !directory.contains(where: "*?[".contains), !stage.isNamedElsewhere(directory) else { return }
        let read = Set(try values.flatMap { try stage.episodeFiles(pattern($0)) }.map { Path($0.path) })
        let others = try stage.episodeFiles(wide).filter { try !read.contains(Path($0.path)) && isDocument($0) }.map { Path($0.path).name }
        guard !others.isEmpty else { return }
        let told = OverlookedFiles.told(others)
        let list = stage.stage.dimensions.first.map { "`\($0)`" } ?? "the list"
        let form = stage.stage.node["document"]?.value.string ?? wide
        stage.warn(
            "\(told.names) in \(directory) \(told.are) not read: stage \"\(stage.stage.name)\" takes \(form) for each of \(list)",
            at: document.location, remedy: "add to \(list) what is to be made, and move away what is not")
    }

    private func pattern(_ value: Value) throws -> String { try document.template.render([element: value]) }

    /// A picture that a document shows lies beside it.
    private func isDocument(_ file: SourceFile) throws -> Bool {
        let start = try stage.start(of: file, count: 4096)
        let isArchive = start.starts(with: Array("PK".utf8))
        return isArchive || (try? DocumentKind(start, named: file.shown)) != nil
    }
}
