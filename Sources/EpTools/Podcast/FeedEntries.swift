import EpCore
import EpDelivery
import EpPlan

/// The episodes that a feed has: those that are finished, delivered, and due. What is left out is named.
struct FeedEntries {
    /// A record for each, under the path of its episode.
    private(set) var inputs: [Step.Input] = []

    private let stage: StageContext
    /// Whose identity in the feed is which.
    private var identities: [String: Neighbour] = [:]
    private var unfinished: [Neighbour] = []
    private var undated: [Neighbour] = []
    /// Those whose voices are synthetic, while nobody says so in the sound.
    private var undisclosed: [Neighbour] = []

    init(_ stage: StageContext) throws {
        self.stage = stage
        let show = ShowFacts(PodcastFacts.feed(stage.blueprint, cover: nil))
        for episode in try stage.episodes() where episode.isPublished { try add(episode, show) }
        warn()
    }

    private mutating func add(_ episode: Neighbour, _ show: ShowFacts) throws {
        guard let bytes = try stage.told(.record, by: episode) else { return unfinished.append(episode) }
        let record = try Node(parsing: bytes, file: episode.name).value
        guard let facts = record["facts"], let name = PodcastFacts.text(record["file"]) else { return unfinished.append(episode) }
        let said = EpisodeFacts(facts, show: show, duration: .zero)
        guard isDue(said, episode) else { return }
        guard let sound = try stage.delivered("\(name).mp3", of: episode) else {
            return stage.warn(
                "the feed leaves out \(episode.name), as out/\(name).mp3 is not there", at: episode.location,
                remedy: "build it again: epbuild \(episode.path)")
        }
        if let other = identities[said.guid] { return warn(of: episode, as: other, facts) }
        identities[said.guid] = episode
        if said.date == nil { undated.append(episode) }
        if said.aiDisclosure != nil, said.disclosure == nil, stage.blueprint["disclosure"] == nil { undisclosed.append(episode) }
        inputs.append(
            Step.Input(
                "episodes/\(episode.name.isEmpty ? "" : "\(episode.name)/")episode.json", .literal(Self.record(bytes, record, of: sound))))
    }

    /// The record as it is, unless somebody has put another sound in place of what was delivered: then its length and its hash are that
    /// one's.
    private static func record(_ bytes: [UInt8], _ record: Value, of sound: SourceFile) -> [UInt8] {
        guard record["enclosure"]?["sha256"]?.string != sound.digest.hex, let members = record.members else { return bytes }
        let enclosure: Value = ["sha256": .string(sound.digest.hex), "bytes": .int(sound.digest.size)]
        return Array(Value.object(members.map { $0.key == "enclosure" ? .init($0.key, enclosure) : $0 }).json(indented: true).utf8)
    }

    /// An episode whose date lies ahead waits for it: whoever builds then has it in the feed.
    private func isDue(_ said: EpisodeFacts, _ episode: Neighbour) -> Bool {
        guard let date = said.date, !stage.hasCome(date.secondsSince1970) else { return true }
        stage.warn(
            "the feed leaves out \(episode.name) until its date has come: \(date.rfc822)",
            at: episode.facts?["date"]?.location ?? episode.location,
            remedy: "build the show again then, or write another `date`")
        return false
    }

    /// Two episodes would be one to podcast apps: a copy that somebody has begun to change, say. The feed keeps the first.
    private func warn(of twin: Neighbour, as first: Neighbour, _ facts: Value) {
        let own = facts["episode"]
        let shared =
            if let id = PodcastFacts.text(own?["id"]) { "the id \"\(id)\"" } else if let number = twin.number { "\(number)" } else {
                "no number, and the title \"\(PodcastFacts.text(own?["title"]) ?? "")\""
            }
        stage.warn(
            "the feed leaves out \(twin.name), as podcast apps would take it for \(first.name): both have \(shared)",
            at: twin.facts?["id"]?.location ?? twin.location,
            remedy: "give one of them another `number`, or an `id:` of its own, and build it")
    }

    private func warn() {
        if let first = unfinished.first {
            stage.warn(
                "the feed leaves out \(unfinished.named), as \(unfinished.count == 1 ? "it is" : "they are") not finished",
                at: first.location,
                remedy:
                    "build \(unfinished.count == 1 ? "it: epbuild \(first.path)" : "them"); `publish: false` in episode.yaml keeps an "
                        + "episode out of the feed"
            )
        }
        if let first = undated.first {
            stage.warn(
                "\(undated.named) \(undated.count == 1 ? "has" : "have") no date, by which podcast apps sort", at: first.location,
                remedy: "write `date: 2026-11-21` into episode.yaml")
        }
        if !undisclosed.isEmpty {
            stage.warn(
                "nobody says in \(undisclosed.named) that the voices are synthetic, and Apple Podcasts wants it in the sound",
                at: SourceLocation(file: stage.show.node.location.file),
                remedy:
                    "write `disclosure: All voices are made by a computer.` into show.yaml; a script in which that stands is given it no "
                    + "second time")
        }
    }
}
