public import EpEngine
import EpHistory
import EpFiles
import Synchronization

/// What the server serves: the episodes below one path, each by a name that can stand in a URL.
///
/// Whatever comes in a URL is looked up here and nowhere else: no part of it ever reaches the file system.
public struct Catalog: Sendable {
    public struct Entry: Sendable {
        /// In URLs: `workshop~ep001`.
        public let name: String
        /// For people: `workshop/ep001`.
        public let title: String
        public let place: EpisodePlace
    }

    public let episodes: [Entry]
    /// Absolute directories, each once, in the order of the episodes.
    public let workspaces: [(name: String, place: EpisodePlace)]

    public init(_ places: [EpisodePlace]) {
        var (entries, names, workspaces) = ([Entry](), Set<String>(), [(name: String, place: EpisodePlace)]())
        for place in places {
            let title = EpisodeName(place).text
            let name = Self.unique(Self.name(title, place.directory), &names)
            entries.append(Entry(name: name, title: title == "." ? name : title, place: place))
            if !workspaces.contains(where: { $0.place.workspace == place.workspace }) {
                workspaces.append((Self.unique(Self.last(place.workspace), &names), place))
            }
        }
        (episodes, self.workspaces) = (entries, workspaces)
    }

    public func episode(_ name: String) -> Entry? { episodes.first { $0.name == name } }
    public func workspace(_ name: String) -> EpisodePlace? { workspaces.first { $0.name == name }?.place }

    /// The shows and their episodes, in the order of the episodes.
    public var shows: [(name: String, episodes: [Entry])] {
        var (places, found) = ([EpisodePlace](), [(name: String, episodes: [Entry])]())
        for entry in episodes {
            let show = Discovery.show(of: entry.place)
            if let index = places.firstIndex(of: show) {
                found[index].episodes.append(entry)
            } else {
                places.append(show)
                let name = EpisodeName(show).text
                found.append((name.hasSuffix(Self.suffix) ? String(name.dropLast(Self.suffix.count)) : name, [entry]))
            }
        }
        return found
    }

    /// By which the history tells a show from an episode.
    private static let suffix = " (show)"

    /// An order with the episodes that its shows have now.
    public func resolved(_ order: Job.Order) -> Job.Order {
        var resolved = order
        let of = shows.filter { order.shows.contains($0.name) }.flatMap(\.episodes).map(\.name)
        resolved.episodes += of.filter { !order.episodes.contains($0) }
        resolved.shows = []
        return resolved
    }

    /// An episode that is its own workspace is called as its directory.
    private static func name(_ title: String, _ directory: String) -> String {
        title == "." ? last(directory) : title.split(separator: "/").joined(separator: "~")
    }

    private static func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "root" }

    private static func unique(_ name: String, _ known: inout Set<String>) -> String {
        var (candidate, number) = (name, 2)
        while !known.insert(candidate).inserted {
            candidate = "\(name)~\(number)"
            number += 1
        }
        return candidate
    }
}

/// Looks for episodes again when somebody asks and some time has gone by: people add some while the server runs.
public final class CatalogSource: Sendable {
    private let find: @Sendable () throws -> [EpisodePlace]
    private let known: Mutex<(catalog: Catalog, time: ContinuousClock.Instant)>
    private static let oldest = Duration.seconds(2)

    /// - Parameter find: the episodes, by a look at the disk.
    public init(_ find: @escaping @Sendable () throws -> [EpisodePlace]) throws {
        self.find = find
        known = Mutex((Catalog(try find()), .now))
    }

    /// What is there; what was there, if it cannot be looked at just now.
    public var catalog: Catalog {
        known.withLock { known in
            guard ContinuousClock.now - known.time > Self.oldest else { return known.catalog }
            known = ((try? find()).map(Catalog.init) ?? known.catalog, .now)
            return known.catalog
        }
    }
}
