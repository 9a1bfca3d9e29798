import EpCore
import EpDelivery
public import EpPlan
import EpProviders

/// `tool: page`: a recording becomes an episode that can be put on the web: its sound, a page with the transcript, captions and chapters.
public struct PageTool: Tool {
    public let name = ToolName("page")
    public let keys = ["about", "recording", "transcript"]
    public let delivers = true
    public var programs: [Program] { [RecordingInput.ffmpeg] }
    static let revision = "1"
    /// By the endings of their names.
    private static let documents = ["html", "srt", "vtt", "txt", "chapters.json"]

    public init() {}

    public func references(_ stage: StageContext) throws -> [StageReference] {
        try ["recording", "transcript", "about"].compactMap(stage.stage(namedBy:))
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        guard let spoken = try stage.stage(namedBy: "transcript") else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has no transcript", at: stage.stage.location,
                remedy: "write `transcript: STAGE`, where that stage has `tool: transcribe`")
        }
        let recording = try RecordingInput(stage)
        let transcript = try stage.artifacts(of: spoken.stage)?.files.first
        let about = try Self.about(stage)
        guard let recording, let transcript, let about, let ffmpeg = stage.version(of: RecordingInput.ffmpeg) else { return nil }
        let facts = Self.facts(stage, about)
        let name = PodcastFacts.text(facts["file"]) ?? "episode"
        let sound = stage.add(
            "sound", operation: .program(arguments: Self.encoding, environment: [:]), inputs: [recording.input], outputs: ["sound.mp3"],
            platform: ["ffmpeg": ffmpeg], reasons: [recording.reason])
        let documents = stage.add(
            "documents", operation: .builtIn(tool: self.name, operation: "documents", revision: Self.revision),
            inputs: [Step.Input("facts.json", text: facts.json()), Step.Input("transcript.json", transcript.source)],
            outputs: Self.documents.map { "episode.\($0)" })
        return [ArtifactRef(name: "\(name).mp3", source: .output(sound, path: "sound.mp3"))]
            + Self.documents.map { ArtifactRef(name: "\(name).\($0)", source: .output(documents, path: "episode.\($0)")) }
    }

    /// What a browser plays everywhere.
    private static let encoding =
        RecordingInput.quietly + RecordingInput.opened
        + ["-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ar", "44100", "-c:a", "libmp3lame", "-b:a", "128k"]
        + RecordingInput.plainly + ["sound.mp3"]

    /// How the episode is presented, if a stage says so.
    /// - Returns: nil if it is not known yet.
    private static func about(_ stage: StageContext) throws -> Value? {
        guard let reference = try stage.stage(namedBy: "about") else { return .object([]) }
        guard let file = try stage.artifacts(of: reference.stage)?.files.first, let value = try stage.value(of: file, of: reference.stage)
        else { return nil }
        guard value.members != nil else {
            throw Diagnostic(
                .badInput, "\(stage.shown(file, of: reference.stage)) does not say how the episode is presented", at: reference.location,
                remedy: "name a stage whose artifact is YAML with `title`, `description` and `chapters`")
        }
        return value
    }

    /// What the page says; nothing else of the show makes it stale.
    private static func facts(_ stage: StageContext, _ about: Value) -> Value {
        let episode = stage.episode.value
        let title = PodcastFacts.text(about["title"]) ?? PodcastFacts.text(episode["title"]) ?? stage.episode.name
        let number = PodcastFacts.digits(of: episode["number"]).map { $0 + "-" } ?? ""
        let kept = ["number", "season", "date", "id", "disclosure"].compactMap { key in episode[key].map { Value.Member(key, $0) } }
        let own: [Value.Member] = [
            .init("title", .string(title)), .init("summary", about["description"] ?? episode["summary"] ?? .string(title)),
            .init("keywords", about["keywords"] ?? .list([])),
        ]
        return [
            "show": PodcastFacts.show(stage.blueprint), "episode": .object(own + kept), "chapters": about["chapters"] ?? .list([]),
            "file": .string(number + (FileName.slug(title, atMost: 80) ?? "episode")),
        ]
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard let facts = Value(json: try job.inputs.bytes("facts.json")),
            let transcript = Value(json: try job.inputs.bytes("transcript.json")),
            let record = SpokenRecord(transcript)
        else {
            throw StepFailure(
                Diagnostic(
                    .badInput, "what `transcript` names is no transcript: it has no `segments`",
                    remedy: "name a stage with `tool: transcribe`, whose `output` ends in .json"))
        }
        let outputs = Self.outputs(facts, record).map { (Path("episode.\($0)"), JobResult.Content.bytes(Array($1.utf8))) }
        return JobResult(outputs: Dictionary(uniqueKeysWithValues: outputs), servedBy: "epbuild page \(Self.revision)")
    }

    private static func outputs(_ facts: Value, _ record: SpokenRecord) -> [String: String] {
        let duration = Timestamp(seconds: record.seconds)
        let show = ShowFacts(facts["show"] ?? .object([]))
        var episode = EpisodeFacts(facts, show: show, duration: duration)
        episode.language = record.language
        let chapters = chapters(facts["chapters"]?.list ?? [], until: duration)
        let name = PodcastFacts.text(facts["file"]) ?? "episode"
        let transcript = record.transcript
        let files = EpisodePage.Files(audio: "\(name).mp3", captions: "\(name).vtt")
        return [
            "html": EpisodePage(show: show, episode: episode, chapters: chapters, transcript: transcript, files: files).html(),
            "srt": transcript.subRip(), "vtt": transcript.webVTT(note: episode.aiDisclosure), "txt": record.plainText,
            "chapters.json": chapters.json(show: show, episode: episode),
        ]
    }

    /// Each ends where the next begins.
    private static func chapters(_ values: [Value], until end: Timestamp) -> [ChapterMark] {
        let marks = values.compactMap { value -> (title: String, start: Timestamp)? in
            guard let title = PodcastFacts.text(value["title"]) else { return nil }
            return (title, Timestamp(seconds: value["start_seconds"]?.number ?? 0))
        }.filter { $0.start < end }.sorted { $0.start < $1.start }
        return marks.indices.map {
            ChapterMark(title: marks[$0].title, start: marks[$0].start, end: $0 + 1 < marks.count ? marks[$0 + 1].start : end)
        }
    }

    /// What ffmpeg complains of is about the recording.
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        try await RecordingInput.read(job, run)
    }
}
