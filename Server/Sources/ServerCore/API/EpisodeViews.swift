import EpCore
import EpEngine
import EpFiles
import EpProviders
import Synchronization

/// How episodes stood when they were looked at last. Holds as long as nothing has changed that they are made of.
///
/// What changes an episode is a file of its own or of its show, an event of one of its builds or decisions, or what lies in the cache. Of
/// the cache it is only
/// known that something has changed, be it another episode's: then a view holds for a minute.
final class EpisodeViews: Sendable {
    struct View: Sendable {
        let standing: Standing
        let waiting: [Waiting]
    }

    private struct Known {
        let view: View
        let files: WorkspaceFiles.Mark
        let events: Int
        let cache: CacheMoment
        let time: ContinuousClock.Instant
    }

    private struct State {
        var known: [String: Known] = [:]
        var events: [String: EventCounts] = [:]
    }

    private let state = Mutex(State())
    private static let longest = Duration.seconds(600)
    private static let longestInDoubt = Duration.seconds(60)
    /// The history learns of an event somewhat later than the log.
    private static let settling = Duration.seconds(3)

    /// - Parameter look: looks at some of the episodes; gives a view of each, in their order.
    func views(
        of entries: [Catalog.Entry], in catalog: Catalog, at cache: CacheMoment, look: ([Catalog.Entry]) async throws -> [View]
    ) async rethrows -> [View] {
        let now = ContinuousClock.now
        let marks = Self.marks(entries, catalog)
        let counts = counts(entries, now)
        var found: [String: View] = state.withLock { state in
            var found: [String: View] = [:]
            for entry in entries {
                guard let known = state.known[entry.name], known.files == marks[entry.name], known.events == counts[entry.name]?.count
                else { continue }
                let age = now - known.time
                if age < (known.cache == cache ? Self.longest : Self.longestInDoubt) { found[entry.name] = known.view }
            }
            return found
        }
        let due = entries.filter { found[$0.name] == nil }
        guard !due.isEmpty else { return entries.compactMap { found[$0.name] } }
        let looked = try await look(due)
        state.withLock { state in
            for (entry, view) in zip(due, looked) {
                found[entry.name] = view
                guard let mark = marks[entry.name], let count = counts[entry.name], count.last.map({ now - $0 > Self.settling }) ?? true
                else { continue }
                state.known[entry.name] = Known(view: view, files: mark, events: count.count, cache: cache, time: now)
            }
        }
        return entries.compactMap { found[$0.name] }
    }

    private static func marks(_ entries: [Catalog.Entry], _ catalog: Catalog) -> [String: WorkspaceFiles.Mark] {
        var marks: [String: WorkspaceFiles.Mark] = [:]
        for workspace in Set(entries.map(\.place.workspace)) {
            let all = catalog.episodes.filter { $0.place.workspace == workspace }
            let files = WorkspaceFiles(workspace, episodes: all.map(\.place.directory))
            for entry in all { marks[entry.name] = files.mark(of: entry.place.directory) }
        }
        return marks
    }

    private func counts(
        _ entries: [Catalog.Entry], _ now: ContinuousClock.Instant
    ) -> [String: (count: Int, last: ContinuousClock.Instant?)] {
        state.withLock { state in
            var counts: [String: (count: Int, last: ContinuousClock.Instant?)] = [:]
            for place in entries.map(\.place) where state.events[place.workspace] == nil {
                state.events[place.workspace] = EventCounts(place.stateDirectory)
            }
            for workspace in Set(entries.map(\.place.workspace)) { state.events[workspace]?.read(now) }
            for entry in entries { counts[entry.name] = state.events[entry.place.workspace]?.count(of: entry.place.directory) }
            return counts
        }
    }
}

/// How many events a workspace's log has of each episode, by its directory, since somebody began to count.
struct EventCounts {
    private let tail: EventTail
    private var position: EventTail.Position?
    private var counts: [String: Int] = [:]
    private var last: [String: ContinuousClock.Instant] = [:]
    /// How often the place in the log was lost: then anything may have happened.
    private var losses = 0

    init(_ stateDirectory: String) {
        tail = EventTail(stateDirectory: stateDirectory)
        position = tail.end
    }

    mutating func read(_ now: ContinuousClock.Instant) {
        guard var place = position ?? tail.start else { return }
        while true {
            switch tail.read(from: place) {
            case .lost:
                losses += 1
                position = tail.end
                return
            case .lines(let lines):
                guard let end = lines.last else {
                    position = place
                    return
                }
                for line in lines { note(line.text, now) }
                place = end.position
            }
        }
    }

    private mutating func note(_ line: String, _ now: ContinuousClock.Instant) {
        guard let name = Value(json: Array(line.utf8))?["episode"]?.string else {
            losses += 1
            return
        }
        counts[name, default: 0] += 1
        last[name] = now
    }

    func count(of directory: String) -> (count: Int, last: ContinuousClock.Instant?) {
        (counts[directory, default: 0] + losses, last[directory])
    }
}
