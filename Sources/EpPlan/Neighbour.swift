public import EpCore

/// An episode as the others of its show may know it: its own file, and what its builds have told.
public struct Neighbour: Sendable {
    /// Absolute path.
    public let directory: String
    /// Its path below the show.
    public let name: String
    /// How messages name its `episode.yaml`.
    public let shown: String
    /// Its `episode.yaml`; nil if that cannot be read.
    public let facts: Node?
    public let number: EpisodeNumber?

    public init(directory: String, name: String, shown: String, facts: Node?) {
        self.directory = directory
        self.name = name
        self.shown = shown
        self.facts = facts
        number = facts.flatMap { EpisodeNumber($0.value) }
    }

    /// How messages name its directory.
    public var path: String { Path(shown).parent.isEmpty ? "." : Path(shown).parent }

    /// Where its number stands.
    public var location: SourceLocation { facts?["number"]?.location ?? SourceLocation(file: shown) }

    /// False if a person keeps it out of the feed: `publish: false`.
    public var isPublished: Bool { facts?["publish"]?.value.bool ?? true }
}

extension Neighbour: Comparable {
    /// By season and number; those without one come last. Of equals the path decides.
    public static func < (left: Neighbour, right: Neighbour) -> Bool {
        switch (left.number, right.number) {
        case (let one?, let other?) where one != other: one < other
        case (_?, nil): true
        case (nil, _?): false
        default: left.name.precedesByteForByte(right.name)
        }
    }

    public static func == (left: Neighbour, right: Neighbour) -> Bool { left.directory.isByteForByte(right.directory) }
}

extension [Neighbour] {
    /// Of many a few are named.
    public var named: String {
        let most = 3
        let names = prefix(most).map(\.name)
        if count > most { return "\(names.joined(separator: ", ")) and \(count - most) more" }
        return names.count < 2 ? names.joined() : "\(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1])"
    }
}

/// What one episode tells the others of its show. It is kept by the engine, whatever becomes of `out/`.
public enum Telling: String, Sendable, CaseIterable {
    /// What it explains, as soon as its script is known: what `covered` gathers.
    case concept
    /// All about its finished files: what the feed is made of.
    case record
}

/// Whom a tool listens to.
public enum Hearing: Sendable {
    /// The concepts of the earlier episodes.
    case earlierConcepts
    /// The records of all episodes.
    case allRecords

    public var telling: Telling {
        switch self {
        case .earlierConcepts: .concept
        case .allRecords: .record
        }
    }
}
