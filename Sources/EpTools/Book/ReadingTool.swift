import EpCore
import EpDelivery
public import EpPlan

/// `tool: reading`: the texts of a chapter as a script that one voice reads, to be spoken line by line.
public struct ReadingTool: Tool {
    public let name = ToolName("reading")
    public let keys = ["from", "speaker"]
    static let revision = "1"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var fields = try stage.fields()
        let speaker = fields.text("speaker")
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
        let reader = try speaker ?? Self.reader(of: stage)
        _ = try Character.called(reader, in: stage.blueprint, at: stage.stage.node["speaker"]?.location ?? stage.stage.location)
        guard let sources = try BookSources(stage, mayBeEmpty: true) else { return nil }
        let facts = BookFacts.value(sources, stage)
        let disclosure = Self.disclosure(stage).map { [Value.Member("disclosure", .string($0))] } ?? []
        let chapters = Value.object([
            .init("chapters", sources.chapters.isEmpty ? Self.heading(of: stage) : facts["chapters"] ?? .list([])),
            .init("language", facts["language"] ?? "en"), .init("speaker", .string(reader)),
        ] + disclosure)
        let texts = sources.chapters.flatMap(\.texts).enumerated().map { Step.Input("texts/\(MixTool.number($0 + 1))", $1.source) }
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "script", revision: Self.revision),
            inputs: [Step.Input("book.json", text: chapters.json())] + texts,
            outputs: ["reading.fountain"])
        return [ArtifactRef(name: stage.stage.output ?? "reading.fountain", source: .output(step, path: "reading.fountain"))]
    }

    /// A chapter all of whose texts are left out is announced all the same.
    private static func heading(of stage: StageContext) -> Value {
        let title = PodcastFacts.text(stage.element?.subject["title"]).map { [Value.Member("title", .string($0))] } ?? []
        return .list([.object([.init("number", .int(Int64(stage.element?.number ?? 1))), .init("scenes", .list([]))] + title)])
    }

    /// What the show says of its synthetic voices, before the first chapter.
    private static func disclosure(_ stage: StageContext) -> String? {
        guard stage.element.map({ $0.number == 1 }) ?? true else { return nil }
        let text = Disclosure.text(in: stage.blueprint)
        if text == nil, stage.blueprint["disclosure"] != nil {
            let refused = Disclosure.refused(at: stage.show.node["disclosure"]?.location)
            stage.warn(refused.message, at: refused.location, remedy: refused.remedy ?? "")
        }
        return text
    }

    /// The narrator, else the first of the show.
    private static func reader(of stage: StageContext) throws -> String {
        let characters = stage.blueprint["characters"]?.list ?? []
        guard let reader = PodcastFacts.text((characters.first { $0["role"]?.string == "narrator" } ?? characters.first)?["name"]) else {
            throw Diagnostic(
                .badInput, "the show has nobody who could read for stage \"\(stage.stage.name)\"", at: stage.stage.location,
                remedy: "add a character with a voice to show.yaml: `characters: [ { name: READER, role: narrator, voice: { … } } ]`")
        }
        return reader
    }

    public func run(_ job: Job) async throws -> JobResult {
        let facts = try Node(parsing: job.inputs.bytes("book.json"), file: "book.json").value
        let book = try BookFacts.book(job)
        let language = PodcastFacts.text(facts["language"]) ?? "en", speaker = PodcastFacts.text(facts["speaker"]) ?? "READER"
        let disclosure = facts["disclosure"]?.string
        let scripts = book.chapters.enumerated().map { index, chapter in
            BookReading(chapter, language: language, speaker: speaker, disclosure: index == 0 ? disclosure : nil).fountain()
        }
        return JobResult(
            outputs: ["reading.fountain": .bytes(Array(scripts.joined(separator: "\n").utf8))], servedBy: "epbuild reading \(Self.revision)"
        )
    }
}
