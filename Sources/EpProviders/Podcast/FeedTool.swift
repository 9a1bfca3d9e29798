import EpCore
import EpDelivery
public import EpPlan

/// `tool: feed`: the RSS feed of a show, from what its finished episodes say of themselves (`out/episode.json`).
/// A show's own stage: it stands in `show_stages`.
public struct FeedTool: Tool {
    public let name = ToolName("feed")
    public let keys = ["media_url"]
    public let delivers = true
    static let revision = "2"

    /// What an episode says of itself, below its directory.
    private static let record = "out/episode.json"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let media = try Self.media(stage)
        let show = PodcastFacts.feed(stage.blueprint)
        let inputs = try stage.episodeFiles(Self.record).map { file in
            let directory = file.path.dropFirst(stage.show.directory.count + 1).dropLast(Self.record.count)
            return Step.Input("episodes/\(directory)episode.json", .file(file))
        }
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "write", revision: Self.revision),
            inputs: [Step.Input("show.json", text: show.json()), Step.Input("media_url", text: media)] + inputs, outputs: ["feed.xml"])
        return [ArtifactRef(name: stage.stage.output ?? "feed.xml", source: .output(step, path: "feed.xml"))]
    }

    /// Where the episodes' directories lie on the web: `media_url`, else the show's page.
    private static func media(_ stage: StageContext) throws -> String {
        var fields = try stage.fields()
        let own = fields.string("media_url")
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
        let text = own ?? PodcastFacts.text(stage.blueprint["link"]) ?? "https://localhost"
        guard text.wholeMatch(of: /https?:\/\/[^\/?#\s]+[^?#\s]*/) != nil, let address = WebAddress(text)?.text else {
            throw Diagnostic(
                .badInput, "\(own == nil ? "`link` of the show" : "`media_url`") must be a web address without `?` and `#`, not \"\(text)\"",
                at: stage.stage.node["media_url"]?.location ?? stage.stage.location, remedy: "write `\(own == nil ? "link" : "media_url"): https://…`")
        }
        return address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    public func run(_ job: Job) async throws -> JobResult {
        let show = ShowFacts(try Node(parsing: job.inputs.bytes("show.json"), file: "show.json").value)
        let media = try job.inputs.text("media_url")
        let items = try job.inputs.labels.filter { $0.hasPrefix("episodes/") }.compactMap { label -> FeedItem? in
            let directory = WebAddress(file: label.dropFirst("episodes/".count).dropLast("episode.json".count) + "out").text
            return Self.item(try Node(parsing: job.inputs.bytes(label), file: label).value, show: show, base: "\(media)/\(directory)")
        }
        let sorted = items.sorted { Self.place($0.episode) > Self.place($1.episode) }
        return JobResult(outputs: ["feed.xml": .bytes(Array(Feed(show: show, items: sorted).xml().utf8))], servedBy: "epbuild feed \(Self.revision)")
    }

    private static func place(_ episode: EpisodeFacts) -> (season: Int, number: Int) { (episode.season ?? 0, episode.number ?? 0) }

    /// Nil if the record is not of a finished episode.
    private static func item(_ record: Value, show: ShowFacts, base: String) -> FeedItem? {
        guard let facts = record["facts"], let enclosure = record["enclosure"], let hex = enclosure["sha256"]?.string,
            let bytes = enclosure["bytes"]?.number, let digest = Digest(hex: hex, size: Int64(bytes))
        else { return nil }
        let file = "\(base)/\(WebAddress(file: PodcastFacts.text(record["file"]) ?? "episode").text)"
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
