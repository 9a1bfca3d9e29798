import EpCore
import EpDelivery
public import EpPlan

/// `tool: feed`: the RSS feed of a show and its page, from what the builds of its episodes have told, and the files that they have
/// delivered.
/// A show's own stage: it stands in `show_stages`.
public struct FeedTool: Tool {
    public let name = ToolName("feed")
    public let keys = ["from", "media_url", "page"]
    public let delivers = true
    public let hears: Hearing? = .allRecords
    static let revision = "5"

    public init() {}

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let media = try Self.media(stage)
        guard let cover = try FeedCover.find(stage, media: media) else { return nil }
        FeedChecks(stage).warn(hasCover: cover.address != nil)
        let entries = try FeedEntries(stage)
        let show = PodcastFacts.feed(stage.blueprint, cover: cover.address)
        let facts =
            [Step.Input("show.json", text: show.json()), Step.Input("media_url", text: media)]
            + cover.files.map { Step.Input("cover", text: $0.name) }
        let step = stage.add(
            operation: .builtIn(tool: name, operation: "write", revision: Self.revision), inputs: facts + entries.inputs,
            outputs: ["feed.xml", "index.html"])
        let page = try Self.page(stage).map { [ArtifactRef(name: $0, source: .output(step, path: "index.html"))] } ?? []
        return [ArtifactRef(name: stage.stage.output ?? "feed.xml", source: .output(step, path: "feed.xml"))] + page + cover.files
    }

    /// How the show's page is called; nil: there is none.
    private static func page(_ stage: StageContext) throws -> String? {
        var fields = try stage.fields()
        let name = fields.string("page") ?? "index.html"
        if name == "none" { return nil }
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
        guard name.hasSuffix(".html"), !name.contains("/"), name != ".html" else {
            throw Diagnostic(
                .badInput, "`page` must be the name of a file, not \"\(name)\"",
                at: stage.stage.node["page"]?.location ?? stage.stage.location,
                remedy: "write `page: index.html`, or `page: none` where the show has a page of its own")
        }
        return name
    }

    /// Where the episodes' directories lie on the web: `media_url`, else the show's page. Without a slash at its end.
    private static func media(_ stage: StageContext) throws -> String {
        var fields = try stage.fields()
        let own = fields.string("media_url")
        if !fields.problems.isEmpty { throw DiagnosticList(fields.problems) }
        let text = own ?? PodcastFacts.text(stage.blueprint["link"]) ?? FeedChecks.nowhere
        guard text.wholeMatch(of: /https?:\/\/[^\/?#\s]+[^?#\s]*/.ignoresCase()) != nil, let address = WebAddress(text) else {
            let place = own == nil ? stage.show.node["link"]?.location : stage.stage.node["media_url"]?.location
            throw Diagnostic(
                .badInput,
                "\(own == nil ? "`link` of the show" : "`media_url`") must be a web address without `?` and `#`, not \"\(text)\"",
                at: place ?? stage.stage.location, remedy: "write `\(own == nil ? "link" : "media_url"): https://…`")
        }
        if own != nil, address.isLocal {
            stage.warn(
                "`media_url` is an address that only this machine or its network knows", at: stage.stage.node["media_url"]?.location,
                remedy: "write `media_url: https://…`, where the episodes will lie")
        }
        return PodcastFacts.base(address.text)
    }

    public func run(_ job: Job) async throws -> JobResult {
        let show = ShowFacts(try Node(parsing: job.inputs.bytes("show.json"), file: "show.json").value)
        let media = try job.inputs.text("media_url")
        let records = try job.inputs.labels.filter { Path($0).below("episodes") != nil }.map { label in
            let episode = Path(label).below("episodes").map { Path($0).parent } ?? ""
            let directory = WebAddress(file: episode.isEmpty ? "out" : "\(episode)/out").text
            return (directory, try Node(parsing: job.inputs.bytes(label), file: label).value)
        }
        func items(below base: String) -> [FeedItem] {
            records.compactMap { directory, record in FeedItem(record: record, show: show, base: "\(base)/\(directory)") }.sorted {
                Self.isLater($0.episode, than: $1.episode)
            }
        }
        let cover = job.inputs.labels.contains("cover") ? try job.inputs.text("cover") : nil
        // The page lies in the show's `out/`, and each episode's `out/` lies beside that, here and where it is published.
        let page = ShowPage(show: show, items: items(below: ".."), cover: cover).html()
        return JobResult(
            outputs: [
                "feed.xml": .bytes(Array(Feed(show: show, items: items(below: media)).xml().utf8)), "index.html": .bytes(Array(page.utf8)),
            ],
            servedBy: "epbuild feed \(Self.revision)")
    }

    /// By season and number; of those that are equal, and of those without one, by date.
    private static func isLater(_ one: EpisodeFacts, than other: EpisodeFacts) -> Bool {
        let places = [one, other].map { (season: $0.season ?? 0, number: $0.number ?? -1) }
        if places[0] != places[1] { return places[0] > places[1] }
        guard let date = one.date else { return false }
        return other.date.map { date > $0 } ?? true
    }
}

extension FeedItem {
    /// An episode as its record tells of it; nil if that is not of a finished one.
    /// - Parameter base: where its files lie on the web.
    init?(record: Value, show: ShowFacts, base: String) {
        guard let facts = record["facts"], let enclosure = record["enclosure"], let hex = enclosure["sha256"]?.string,
            let bytes = enclosure["bytes"]?.number, let digest = Digest(hex: hex, size: Int64(bytes))
        else { return nil }
        let file = "\(base)/\(WebAddress(file: PodcastFacts.text(record["file"]) ?? "episode").text)"
        let duration = Timestamp(seconds: record["duration_seconds"]?.number ?? 0)
        let episode = EpisodeFacts(facts, show: show, duration: duration)
        self.init(
            episode: episode, chapters: ChapterMark.all(timeline: record, duration: duration, title: episode.title),
            enclosure: .init(url: "\(file).mp3", digest: digest),
            transcripts: [
                .init(url: "\(file).vtt", format: .webVTT), .init(url: "\(file).srt", format: .subRip),
                .init(url: "\(file).transcript.json", format: .json), .init(url: "\(file).transcript.html", format: .html),
            ],
            chaptersURL: "\(file).chapters.json", link: "\(file).html",
            coverURL: PodcastFacts.text(record["cover"]).map { "\(base)/\(WebAddress(file: $0).text)" })
    }
}
