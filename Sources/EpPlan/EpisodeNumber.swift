public import EpCore

/// Where an episode stands in its show: its season, and its number within it.
public struct EpisodeNumber: Hashable, Sendable, Comparable {
    /// 0 if it has none.
    public let season: Int
    public let number: Int

    public init(season: Int, number: Int) {
        self.season = season
        self.number = number
    }

    /// From an `episode.yaml`; nil if it has no number, or one that is none.
    public init?(_ facts: Value) {
        guard case .int(let number)? = facts["number"]?.meaning else { return nil }
        let season: Int64 = if case .int(let season)? = facts["season"]?.meaning { season } else { 0 }
        self.init(season: Int(season), number: Int(number))
    }

    public static func < (left: EpisodeNumber, right: EpisodeNumber) -> Bool { (left.season, left.number) < (right.season, right.number) }
}

extension EpisodeNumber: CustomStringConvertible {
    public var description: String { season == 0 ? "number \(number)" : "season \(season), number \(number)" }
}
