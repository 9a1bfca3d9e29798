import EpCore
import EpDelivery
public import EpPlan
import EpScript
import EpSound

/// `tool: package`: a mix becomes a podcast episode: the tagged MP3, captions, transcripts, chapters, notes and a page.
public struct PackageTool: Tool {
    public let name = ToolName("package")
    public let keys = ["from"]
    public let delivers = true
    static let revision = "2"
    private static let documents = ["chapters.json", "notes.md", "page.html", "captions.srt", "transcript.html", "transcript.json", "captions.vtt"]

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let sources = try PackageSources(stage) else { return nil }
        let facts = Step.Input(
            "facts.json",
            text: PodcastFacts.value(
                blueprint: stage.blueprint, episode: stage.episode.value, directoryName: stage.episode.name, script: sources.script,
                notes: sources.notes, credits: sources.credits, isDraft: stage.isDraft).json())
        let timeline = Step.Input("timeline.json", sources.timeline.source)
        let cover = sources.cover.map { [Step.Input("cover", $0.source)] } ?? []
        let documents = stage.add("documents", operation: operation("documents"), inputs: [facts, timeline] + cover, outputs: Self.documents)
        let audio = stage.add(
            "audio", operation: operation("audio"),
            inputs: [facts, timeline] + cover + sources.parts.map { Step.Input("parts/\($0.name)", $0.source) }, outputs: ["episode.mp3"])
        guard let digest = stage.digest(of: .output(audio, path: "episode.mp3")) else { return nil }
        let enclosure: Value = ["sha256": .string(digest.hex), "bytes": .int(digest.size)]
        let record = stage.add(
            "record", operation: operation("record"), inputs: [facts, timeline, Step.Input("enclosure.json", text: enclosure.json())], outputs: ["episode.json"])
        return Self.files(facts: facts, documents: documents, audio: audio, record: record, cover: sources.cover)
    }

    private func operation(_ name: String) -> Step.Operation { .builtIn(tool: self.name, operation: name, revision: Self.revision) }

    /// What is delivered, under names that begin with the episode's number and title.
    private static func files(facts: Step.Input, documents: StepID, audio: StepID, record: StepID, cover: ArtifactRef?) -> [ArtifactRef] {
        guard case .literal(let bytes) = facts.source, let value = try? Node(parsing: bytes, file: "facts.json").value else { return [] }
        let name = PodcastFacts.text(value["file"]) ?? "episode"
        var files = [ArtifactRef(name: "\(name).mp3", source: .output(audio, path: "episode.mp3"))]
        files += Self.documents.map { path in
            ArtifactRef(name: "\(name).\(path.replacing("captions.", with: "").replacing("page.", with: ""))", source: .output(documents, path: path))
        }
        if let cover { files.append(ArtifactRef(name: "\(name).\(cover.fileExtension)", source: cover.source)) }
        return files + [ArtifactRef(name: "episode.json", source: .output(record, path: "episode.json"))]
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation else { throw StepFailure(Diagnostic(.actionFailed, "package runs no program")) }
        let package = try EpisodePackage(job)
        let outputs: [String: JobResult.Content] = switch operation {
        case "documents": package.documents
        case "audio": ["episode.mp3": .file(try package.writeAudio(job))]
        default: ["episode.json": .bytes(Array(try package.record(job).json(indented: true).utf8))]
        }
        return JobResult(outputs: outputs, servedBy: "epbuild package \(Self.revision)")
    }
}

/// What a package is made from.
private struct PackageSources {
    let script: Script
    let timeline: ArtifactRef
    let parts: [ArtifactRef]
    let cover: ArtifactRef?
    /// In Markdown.
    let notes: String?
    let credits: Credits

    /// Nil if something is not known yet.
    init?(_ stage: StageContext) throws {
        guard let upstreams = try stage.upstreams() else { return nil }
        var script: Script?
        var mix: (stage: StageName, files: [ArtifactRef])?
        var cover: ArtifactRef?
        var notes: String?
        for (name, artifacts) in upstreams {
            guard let file = artifacts.files.first else { continue }
            switch file.fileExtension {
            case "fountain":
                guard let known = try stage.script(file, of: name) else { return nil }
                script = known
            case "jpg", "jpeg", "png": cover = file
            case "md":
                guard let text = try stage.value(of: file, of: name) else { return nil }
                notes = text.string
            default: if file.name == "timeline.json" { mix = (name, artifacts.files) }
            }
        }
        guard let script, let mix, let timeline = mix.files.first else {
            throw Diagnostic(
                .badInput, "a package needs a mix and its script", at: stage.stage.location, remedy: "write `from: [MIX, SCRIPT]`, and a cover and notes if there are any")
        }
        self.script = script
        self.timeline = timeline
        self.cover = cover
        self.notes = notes
        guard let credits = try Credits(of: mix.stage, for: stage) else { return nil }
        self.credits = credits
        parts = Array(mix.files.dropFirst())
    }
}
