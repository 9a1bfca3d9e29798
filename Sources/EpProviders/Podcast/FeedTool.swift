import EpCore
import EpDelivery
public import EpPlan

/// `tool: feed`: the RSS feed of a show, from what its finished episodes say of themselves (`*/out/episode.json`).
/// A show's own stage: it stands in `show_stages`.
public struct FeedTool: Tool {
    public let name = ToolName("feed")
    public let keys = ["media_url"]
    public let delivers = true
    static let revision = "1"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        var fields = try stage.fields()
        let link = PodcastFacts.text(stage.blueprint["link"]) ?? "https://localhost"
        let media = fields.string("media_url") ?? link
        let show = PodcastFacts.show(stage.blueprint)
        let files = try stage.showFiles("*/out/episode.json")
        let inputs = files.map { file in
            let directory = file.path.split(separator: "/").dropLast(2).last.map(String.init) ?? ""
            return Step.Input("episodes/\(directory)/episode.json", .file(file))
        }
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "write", revision: Self.revision),
            inputs: [Step.Input("show.json", text: show.json()), Step.Input("media_url", text: media)] + inputs, outputs: ["feed.xml"])
        return [ArtifactRef(name: stage.stage.output ?? "feed.xml", source: .output(step, path: "feed.xml"))]
    }

    public func run(_ job: Job) async throws -> JobResult {
        let show = ShowFacts(try Node(parsing: job.inputs.bytes("show.json"), file: "show.json").value)
        let media = try job.inputs.text("media_url")
        let items = try job.inputs.labels.filter { $0.hasPrefix("episodes/") }.compactMap { label -> FeedItem? in
            let directory = label.split(separator: "/")[1]
            return Self.item(try Node(parsing: job.inputs.bytes(label), file: label).value, show: show, base: "\(media)/\(directory)/out")
        }
        let sorted = items.sorted { ($0.episode.number ?? 0) > ($1.episode.number ?? 0) }
        return JobResult(outputs: ["feed.xml": .bytes(Array(Feed(show: show, items: sorted).xml().utf8))], servedBy: "epbuild feed \(Self.revision)")
    }

    /// Nil if the record is not of a finished episode.
    private static func item(_ record: Value, show: ShowFacts, base: String) -> FeedItem? {
        guard let facts = record["facts"], let enclosure = record["enclosure"], let hex = enclosure["sha256"]?.string,
            let bytes = enclosure["bytes"]?.number, let digest = Digest(hex: hex, size: Int64(bytes))
        else { return nil }
        let file = "\(base)/\(PodcastFacts.text(record["file"]) ?? "episode")"
        let duration = Timestamp(seconds: record["duration_seconds"]?.number ?? 0)
        let episode = EpisodeFacts(facts, show: show, duration: duration)
        return FeedItem(
            episode: episode, chapters: ChapterMark.all(timeline: record, duration: duration, title: episode.title),
            enclosure: .init(url: "\(file).mp3", digest: digest),
            transcripts: [
                .init(url: "\(file).vtt", format: .webVTT), .init(url: "\(file).srt", format: .subRip),
                .init(url: "\(file).transcript.json", format: .json), .init(url: "\(file).transcript.html", format: .html),
            ],
            chaptersURL: "\(file).chapters.json", link: "\(file).html", coverURL: "\(file).jpg")
    }
}
