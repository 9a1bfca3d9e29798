import EpCore
import EpDelivery
public import EpPlan
import EpScript

/// `tool: notes`: the beginning of an episode's notes, in Markdown, for a person to go on from: its summary and what is learnt.
///
/// With `editable: true` they are a text in the episode. A package that reads them tells them in the notes, on the page, in the feed and in
/// the MP3.
public struct NotesTool: Tool {
    public let name = ToolName("notes")
    public let keys = ["from"]
    static let revision = "1"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let upstreams = try stage.upstreams() else { return nil }
        var script = OnlyOne<Script>("notes begin with one script")
        for (name, artifacts) in upstreams {
            guard let file = artifacts.files.first else { continue }
            guard file.fileExtension == "fountain" else {
                stage.warn(
                    "\(stage.stage.name) makes nothing of \(stage.shown(file, of: name))", at: stage.stage.location,
                    remedy: "`from` of notes names a .fountain script")
                continue
            }
            guard let known = try stage.script(file, of: name) else { return nil }
            try script.set(known, of: name, count: artifacts.count(of: "fountain"), in: stage)
        }
        let facts = PodcastFacts.notes(episode: stage.episode.value, directoryName: stage.episode.name, script: script.value)
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "begin", revision: Self.revision),
            inputs: [Step.Input("facts.json", text: facts.json())], outputs: ["notes.md"])
        return [ArtifactRef(name: stage.stage.output ?? "notes.md", source: .output(step, path: "notes.md"))]
    }

    public func run(_ job: Job) async throws -> JobResult {
        let facts = try Node(parsing: job.inputs.bytes("facts.json"), file: "facts.json").value
        let show = ShowFacts(.object([]))
        let notes = ShowNotes(show: show, episode: EpisodeFacts(["episode": facts], show: show, duration: .zero))
        return JobResult(outputs: ["notes.md": .bytes(Array(notes.beginning().utf8))], servedBy: "epbuild notes \(Self.revision)")
    }
}
