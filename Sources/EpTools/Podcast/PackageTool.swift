import EpCore
import EpDelivery
public import EpPlan
public import EpProviders

/// `tool: package`: a mix becomes a podcast episode, the tagged MP3 with captions, transcripts, chapters, notes and a page; scenes become a
/// film.
public struct PackageTool: Tool {
    public let name = ToolName("package")
    public let keys = ["from"]
    public let delivers = true
    public let tells = true
    static let revision = "2"
    /// Of the texts.
    private static let documentsRevision = "3"
    private static let documents = [
        "chapters.json", "notes.md", "page.html", "captions.srt", "transcript.html", "transcript.json", "captions.vtt",
    ]

    private let vendors: Vendors

    /// - Parameter vendors: whose voices are heard.
    public init(_ vendors: Vendors) { self.vendors = vendors }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        if FilmSources.isFilm(stage) { return try film(stage) }
        guard let script = try PackageSources.script(stage) else { return nil }
        // What the episode explains is known long before it can be heard.
        let concept = PodcastFacts.concept(episode: stage.episode.value, directoryName: stage.episode.name, script: script)
        stage.tell(.concept, .literal(Array(concept.json().utf8)))
        guard let sources = try PackageSources(stage, vendors) else { return nil }
        let facts = PodcastFacts.value(
            blueprint: stage.blueprint, episode: stage.episode.value, directoryName: stage.episode.name, script: script,
            notes: sources.notes, credits: sources.credits, isDraft: stage.isDraft)
        return try files(facts, sources, stage)
    }

    /// Scenes become a film.
    private func film(_ stage: StageContext) throws -> [ArtifactRef]? {
        let concept = PodcastFacts.concept(episode: stage.episode.value, directoryName: stage.episode.name, script: nil)
        stage.tell(.concept, .literal(Array(concept.json().utf8)))
        return try FilmPackage(stage, vendors)?.files()
    }

    /// What is delivered, under names that begin with the episode's number and title.
    private func files(_ said: Value, _ sources: PackageSources, _ stage: StageContext) throws -> [ArtifactRef]? {
        let name = PodcastFacts.text(said["file"]) ?? "episode"
        let facts = Step.Input("facts.json", text: said.json())
        let timeline = Step.Input("timeline.json", sources.timeline.source)
        let inputs = [facts, timeline] + (sources.cover.map { [Step.Input("cover", $0.source)] } ?? [])
        let reasons = try sources.reasons(stage)
        let documents = stage.add("documents", operation: operation("documents"), inputs: inputs, outputs: Self.documents, reasons: reasons)
        let audio = stage.add(
            "audio", operation: operation("audio"),
            inputs: inputs + sources.parts.map { Step.Input("parts/\($0.name)", $0.source) }, outputs: ["episode.mp3"], reasons: reasons)
        let (pictures, digest) = (try sources.pictures(named: name, stage), stage.digest(of: .output(audio, path: "episode.mp3")))
        guard let pictures, let digest else { return nil }
        let cover = pictures.map { Value.Member("cover", .string($0.name)) }
        let enclosure = Value.object([.init("sha256", .string(digest.hex)), .init("bytes", .int(digest.size))] + cover)
        let record = stage.add(
            "record", operation: operation("record"), inputs: [facts, timeline, Step.Input("enclosure.json", text: enclosure.json())],
            outputs: ["episode.json"], reasons: reasons)
        stage.tell(.record, .output(record, path: "episode.json"))
        let texts = Self.documents.map { path in
            ArtifactRef(
                name: "\(name).\(path.replacing("captions.", with: "").replacing("page.", with: ""))",
                source: .output(documents, path: path))
        }
        return [ArtifactRef(name: "\(name).mp3", source: .output(audio, path: "episode.mp3"))] + texts + pictures
            + [ArtifactRef(name: "episode.json", source: .output(record, path: "episode.json"))]
    }

    private func operation(_ name: String) -> Step.Operation {
        .builtIn(tool: self.name, operation: name, revision: name == "documents" ? Self.documentsRevision : Self.revision)
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation else {
            throw StepFailure(Diagnostic(.actionFailed, "package runs no program"))
        }
        if let made = try FilmSteps.run(operation, job) { return made }
        let package = try EpisodePackage(job)
        let outputs: [Path: JobResult.Content] = switch operation {
        case "documents": package.documents
        case "audio": ["episode.mp3": .file(try package.writeAudio(job))]
        default: ["episode.json": .bytes(Array(try package.record(job).json(indented: true).utf8))]
        }
        return JobResult(outputs: outputs, servedBy: "epbuild package \(Self.revision)")
    }
}
