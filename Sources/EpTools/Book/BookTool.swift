import EpCore
import EpDelivery
public import EpPlan

/// `tool: book`: the texts of scenes become a book: its manuscript in Markdown, an EPUB, and its counts.
public struct BookTool: Tool {
    public let name = ToolName("book")
    public let keys = ["from"]
    public let delivers = true
    static let revision = "1"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let sources = try BookSources(stage) else { return nil }
        let facts = BookFacts.value(sources, stage)
        let texts = sources.chapters.flatMap(\.texts).enumerated().map { Step.Input("texts/\(MixTool.number($0 + 1))", $1.source) }
        let pictures = sources.pictures.enumerated().map { Step.Input("pictures/\(MixTool.number($0 + 1))", $1.source) }
        let cover = sources.cover.map { [Step.Input("cover", $0.source)] } ?? []
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "make", revision: Self.revision),
            inputs: [Step.Input("book.json", text: facts.json())] + texts + pictures + cover,
            outputs: ["book.md", "book.epub", "counts.json", "counts.md"])
        let name = PodcastFacts.text(facts["file"]) ?? "book"
        return [
            ("\(name).md", "book.md"), ("\(name).epub", "book.epub"), ("\(name).counts.json", "counts.json"),
            ("\(name).counts.md", "counts.md"),
        ].map {
            ArtifactRef(name: $0.0, source: .output(step, path: $0.1))
        }
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        let book = try BookFacts.book(job)
        if let name = book.ambiguousPictures.first {
            throw StepFailure(
                Diagnostic(
                    .badInput, "a text shows \"\(name)\", and several pictures are called so", at: job.step.place,
                    remedy: "give each a name of its own, or name one stage with such a picture in `from`"), isFinal: true)
        }
        let missing = book.missingPictures.map {
            "there is no picture \"\($0)\": its words stand in its place; name a stage with such a file in `from`"
        }
        let counts = BookCounts(book)
        return JobResult(
            outputs: [
                "book.md": .bytes(Array(BookManuscript(book).markdown().utf8)), "book.epub": .bytes(try EPUB(book).bytes()),
                "counts.json": .bytes(Array((counts.value.json(indented: true) + "\n").utf8)),
                "counts.md": .bytes(Array(counts.markdown().utf8)),
            ], servedBy: "epbuild book \(Self.revision)", messages: missing)
    }
}
