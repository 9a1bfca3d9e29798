import EpCore
import EpDelivery
public import EpPlan
public import EpProviders
import EpSound

/// `tool: audiobook`: chapters that were spoken become MP3 files as audiobook shops want them, and one M4B with chapters.
///
/// Each chapter is levelled and *encoded* by itself; a *tag* is put before it; ffmpeg makes AAC of it, and the chapters of that are
/// *joined*. So a line costs its own chapter and the joining, and a new title nothing but tags.
public struct AudiobookTool: Tool {
    public let name = ToolName("audiobook")
    public let keys = ["from", "bitrate_kbps", "scene_rest_seconds", "rest_seconds"]
    public let delivers = true
    public let programs = [AudiobookTool.ffmpeg]
    public var heavyOperations: Set<String> { ["encode"] }
    static let revision = "1"
    static let ffmpeg = Program("ffmpeg", versionArguments: ["-version"], package: "ffmpeg")

    private let vendors: Vendors

    /// - Parameter vendors: whose voices are heard.
    public init(_ vendors: Vendors) { self.vendors = vendors }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let setting = try AudiobookSetting(stage)
        guard let sources = try AudiobookSources(stage), let credits = try Credits(of: stage.stage.name, for: stage, vendors) else {
            return nil
        }
        guard let version = stage.version(of: Self.ffmpeg) else { return nil }
        let facts = AudiobookFacts.value(sources, credits, stage)
        let (parts, tags) = addChapters(sources, setting, facts, to: stage)
        let book = whole(parts, sources, facts, ffmpeg: version, to: stage)
        let report = stage.add(
            "report", operation: operation("report"),
            inputs: [Step.Input("facts.json", text: facts.json())] + Self.numbered(parts, "chapter.json", as: "levels"),
            outputs: ["audiobook.json"])
        let name = PodcastFacts.text(facts["file"]) ?? "audiobook"
        let files = zip(tags, facts["chapters"]?.list ?? []).map {
            ArtifactRef(name: "\(PodcastFacts.text($1["file"]) ?? "chapter").mp3", source: .output($0, path: "chapter.mp3"))
        }
        return [ArtifactRef(name: "\(name).m4b", source: .output(book, path: "book.m4b"))] + files
            + [ArtifactRef(name: "\(name).audiobook.json", source: .output(report, path: "audiobook.json"))]
    }

    private func operation(_ name: String) -> Step.Operation { .builtIn(tool: self.name, operation: name, revision: Self.revision) }

    private static func numbered(_ steps: [StepID], _ output: String, as directory: String) -> [Step.Input] {
        steps.enumerated().map { Step.Input("\(directory)/\(MixTool.number($0 + 1))", .output($1, path: output)) }
    }

    private func addChapters(_ sources: AudiobookSources, _ setting: AudiobookSetting, _ facts: Value, to stage: StageContext) -> (
        parts: [StepID], tags: [StepID]
    ) {
        let cover = sources.cover.value.map { [Step.Input("cover", $0.source)] } ?? []
        var (parts, tags): ([StepID], [StepID]) = ([], [])
        for (index, chapter) in sources.chapters.enumerated() {
            let reading: Value = ["rests": .list(chapter.rests(setting).map(Value.double)), "bitrate_kbps": .int(Int64(setting.bitrate))]
            let lines = chapter.lines.enumerated().map { Step.Input("lines/\(MixTool.number($0 + 1)).wav", $1.source) }
            let part = stage.add(
                "chapter \(index + 1)", operation: operation("encode"), inputs: [Step.Input("reading.json", text: reading.json())] + lines,
                outputs: ["frames.mp3", "chapter.json"])
            let own = AudiobookFacts.chapter(index, of: facts)
            let tag = stage.add(
                "tag \(index + 1)", operation: operation("tag"),
                inputs: [
                    Step.Input("facts.json", text: own.json()), .init("frames.mp3", .output(part, path: "frames.mp3")),
                    .init("chapter.json", .output(part, path: "chapter.json")),
                ] + cover,
                outputs: ["chapter.mp3"])
            parts.append(part)
            tags.append(tag)
        }
        return (parts, tags)
    }

    private func whole(_ parts: [StepID], _ sources: AudiobookSources, _ facts: Value, ffmpeg version: String, to stage: StageContext)
        -> StepID
    {
        let platform = [Self.ffmpeg.name: version]
        let coded = parts.enumerated().map { index, part in
            stage.add(
                "aac \(index + 1)", operation: .program(arguments: AudiobookCommand.aac, environment: [:]),
                inputs: [.init("frames.mp3", .output(part, path: "frames.mp3"))],
                outputs: ["chapter.aac"], platform: platform)
        }
        let joined = stage.add(
            "join", operation: operation("join"),
            inputs: [Step.Input("facts.json", text: facts.json())] + Self.numbered(coded, "chapter.aac", as: "chapters"),
            outputs: ["book.aac", "book.ffmeta"])
        let cover = sources.cover.value.map { [Step.Input("cover", $0.source)] } ?? []
        return stage.add(
            "m4b", operation: .program(arguments: AudiobookCommand.m4b(hasCover: sources.cover.value != nil), environment: [:]),
            inputs: [.init("book.aac", .output(joined, path: "book.aac")), .init("book.ffmeta", .output(joined, path: "book.ffmeta"))]
                + cover, outputs: ["book.m4b"],
            platform: platform)
    }

    @concurrent public func run(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation else {
            throw StepFailure(Diagnostic(.actionFailed, "audiobook runs no such step"))
        }
        let making = AudiobookMaking(job)
        let outputs: [Path: JobResult.Content] =
            switch operation {
            case "encode": try making.encode()
            case "tag": try making.tag()
            case "join": try making.join()
            default: try making.report()
            }
        return JobResult(outputs: outputs, servedBy: "epbuild audiobook \(Self.revision)")
    }
}

/// What ffmpeg is asked to do. Files have fixed names: no text of a person's gets into a command.
enum AudiobookCommand {
    private static let start = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file"]
    private static let exact = ["-fflags", "+bitexact", "-flags", "+bitexact"]

    /// One chapter as AAC: speech in one channel.
    static let aac =
        start + ["-f", "mp3", "-i", "file:frames.mp3", "-map", "0:a", "-ac", "1", "-threads", "1", "-c:a", "aac", "-b:a", "96k"] + exact + [
            "-f", "adts", "chapter.aac",
        ]

    static func m4b(hasCover: Bool) -> [String] {
        let cover = hasCover ? (["-i", "file:cover"], ["-map", "2:v", "-c:v", "copy", "-disposition:v", "attached_pic"]) : ([], [])
        return start + ["-f", "aac", "-i", "file:book.aac", "-f", "ffmetadata", "-i", "file:book.ffmeta"] + cover.0 + ["-map", "0:a"]
            + cover.1
            + [
                "-map_metadata", "1", "-map_chapters", "1", "-c:a", "copy", "-bsf:a", "aac_adtstoasc", "-metadata", "media_type=2",
                "-brand", "M4B ", "-movflags", "+faststart",
            ]
            + exact + ["-f", "ipod", "book.m4b"]
    }
}

/// The stage's own keys.
struct AudiobookSetting {
    let bitrate: Int
    let rest: Double
    let sceneRest: Double

    init(_ stage: StageContext) throws {
        var fields = try stage.fields()
        // ACX takes nothing below 192.
        bitrate = fields.int("bitrate_kbps", oneOf: [192, 224, 256, 320]) ?? 192
        rest = fields.number("rest_seconds", in: 0.1...5) ?? 0.55
        sceneRest = fields.number("scene_rest_seconds", in: 0.2...10) ?? 1.8
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
    }
}
