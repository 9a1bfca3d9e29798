import EpEngine

/// Which episodes are built, which shows after them, and which of these are left alone. A value without I/O.
struct BuildOrder {
    let episodes: [EpisodePlace]
    /// What the episodes' shows have once, each show once. None where single targets are asked for, nor for a draft: that is not
    /// published, and has no place in what the show has once.
    let shows: [EpisodePlace]
    private var outcomes: [EpisodePlace: BuildReport.Outcome] = [:]

    init(_ episodes: [EpisodePlace], _ options: BuildOptions) {
        self.episodes = episodes
        var seen: Set<EpisodePlace> = []
        let isWhole = options.isWhole && !options.isDraft
        shows = isWhole ? episodes.map(Discovery.show).filter { seen.insert($0).inserted } : []
    }

    /// Notes what the last build of an episode came to.
    mutating func note(_ outcome: BuildReport.Outcome, of episode: EpisodePlace) { outcomes[episode] = outcome }

    /// True if no episode of a show has come to anything: what is wrong is wrong with the show, perhaps, and would be told twice.
    /// An episode that waits or fails keeps no other from its place in the show.
    func isLeftAlone(_ show: EpisodePlace) -> Bool {
        !episodes.contains { Discovery.show(of: $0) == show && outcomes[$0] != nil && outcomes[$0] != .failed }
    }
}
