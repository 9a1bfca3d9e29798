import EpCore
public import EpPlan
import EpSQLite

/// `tool: index`: what stages have written, in passages, as a database of SQLite in which words are found (FTS5).
///
/// For whoever asks it: a person, a chat, an editor's plug-in. Prompts that recall something do not read it, as it changes with every text.
public struct IndexTool: Tool {
    public let name = ToolName("index")
    public let keys = ["from"]
    static let revision = "1"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard !stage.stage.from.isEmpty else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has nothing to index", at: stage.stage.location,
                remedy: "write `from: [STAGE, …]`")
        }
        guard let upstreams = try stage.upstreams() else { return nil }
        var entries: [Value] = []
        var inputs: [Step.Input] = []
        for (name, artifacts) in upstreams {
            for item in artifacts.items {
                for file in item.files {
                    let label = "texts/\(MixTool.number(inputs.count + 1))"
                    entries.append([
                        "file": .string(label), "stage": .string(name.text), "item": .string(item.item ?? ""),
                        "title": .string(Self.title(of: item)),
                        "format": .string(file.fileExtension),
                    ])
                    inputs.append(Step.Input(label, file.source))
                }
            }
        }
        let leftOut = upstreams.flatMap { stage, artifacts in
            artifacts.skipped.map { Value.string(Target(stage: stage, item: $0.item).description) }
        }
        let list: Value = ["texts": .list(entries), "left_out": .list(leftOut)]
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "index", revision: Self.revision),
            inputs: [Step.Input("texts.json", text: list.json())] + inputs,
            outputs: ["index.sqlite"])
        return [ArtifactRef(name: stage.stage.output ?? "index.sqlite", source: .output(step, path: "index.sqlite"))]
    }

    private static func title(of item: ItemArtifacts) -> String { PodcastFacts.text(item.element?.subject["title"]) ?? "" }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        let list = try Node(parsing: job.inputs.bytes("texts.json"), file: "texts.json").value
        let path = "\(try job.directory())/index.sqlite"
        do {
            let file = try IndexFile(path: path)
            try file.begin(leftOut: (list["left_out"]?.list ?? []).compactMap(\.string))
            for entry in list["texts"]?.list ?? [] { try file.add(entry, try Self.passages(of: entry, job)) }
            try file.end()
        } catch let problem as SQLiteError {
            throw StepFailure(
                Diagnostic(.system, "the index cannot be written: \(problem.message)", remedy: "see that there is room on the disk"))
        }
        return JobResult(outputs: ["index.sqlite": .file(path)], servedBy: "epbuild index \(Self.revision)")
    }

    private static func passages(of entry: Value, _ job: Job) throws -> Passages {
        let bytes = try job.inputs.bytes(entry["file"]?.string ?? "")
        let shown = Target(stage: StageName(entry["stage"]?.string ?? ""), item: entry["item"]?.string.flatMap { $0.isEmpty ? nil : $0 })
            .description
        if ["yaml", "yml", "json"].contains(entry["format"]?.string) { return Passages(try Node(parsing: bytes, file: shown).value) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StepFailure(
                Diagnostic(.badInput, "\(shown) is no text, so there are no words to be found in it", remedy: "take it out of `from`"))
        }
        return Passages(.string(text))
    }
}
