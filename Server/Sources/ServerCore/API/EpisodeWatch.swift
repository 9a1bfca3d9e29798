import EpCore
import EpEngine
import EpFiles
import EpProviders
import Synchronization

/// All that an episode's view is made of, at one moment. What changes an episode is a file of its own or of its show, an event of one of its
/// builds or decisions, or what lies in the cache. Of the cache it is only known that something has changed, be it another episode's.
struct EpisodeMoment: Sendable {
    /// Numbers that are others when the files, or the cache, are.
    var files: Int
    var cache: Int
    /// How many events of it there were: single steps of a build, and all others.
    var steps: Int
    var turns: Int
    /// True if the history knows by now what the log knows: it learns of an event somewhat later.
    var isSettled: Bool
    var lastTurn: ContinuousClock.Instant?

    /// True if the last event that was no step had been told long before.
    func hasTurned(before time: ContinuousClock.Instant) -> Bool { lastTurn.map { time - $0 > EpisodeWatch.settling } ?? true }
}

/// Tells of episodes whether anything has changed.
final class EpisodeWatch: Sendable {
    private let events = Mutex<[String: EventCounts]>([:])
    static let settling = Duration.seconds(3)

    /// What somebody has just looked at. It holds for so many times as long as it took: however many ask, looking takes a small part of a
    /// processor.
    struct Look<Sight: Sendable>: Sendable {
        let sight: Sight
        let time: ContinuousClock.Instant
        let cost: Duration
        /// For how long it may hold.
        var longest = Duration.milliseconds(500)

        func holds(at now: ContinuousClock.Instant) -> Bool { now - time < min(cost * 400, longest) }
    }

    private struct Looks: Sendable {
        /// Of the files of episodes, by the directories of those.
        var files: [Set<String>: Look<WorkspaceFiles>] = [:]
        var cache: Look<CacheMoment>?

        /// A look at these episodes, or at more.
        func files(of episodes: Set<String>, at now: ContinuousClock.Instant) -> Look<WorkspaceFiles>? {
            files.first { $0.value.holds(at: now) && $0.key.isSuperset(of: episodes) }?.value
        }
        /// How often somebody has changed something.
        var changes = 0
    }

    private let looks = Mutex(Looks())
    private static let most = 64
    /// The cache's own changes tell little: that a result has come which some episode may use.
    private static let longestOfCache = Duration.seconds(1)

    /// Somebody has asked this server to change something: what is known may be wrong by now.
    func forget() { looks.withLock { $0 = Looks(changes: $0.changes + 1) } }

    private func files(of workspace: String, episodes: [String], asked: [String], _ now: ContinuousClock.Instant) -> WorkspaceFiles {
        let all = Set(asked)
        return look(now) { $0.files(of: all, at: now) } keep: {
            if $0.files.count >= Self.most { $0.files = [:] }
            $0.files[all] = $1
        } at: {
            WorkspaceFiles(workspace, episodes: episodes, asked: asked)
        }
    }

    /// Looks at something, unless it was looked at a moment ago.
    private func look<Sight>(
        _ now: ContinuousClock.Instant, longest: Duration = .milliseconds(500), _ known: (Looks) -> Look<Sight>?,
        keep: (inout Looks, Look<Sight>) -> Void, at sight: () -> Sight
    ) -> Sight {
        let (look, changes) = looks.withLock { (known($0), $0.changes) }
        if let look, look.holds(at: now) { return look.sight }
        let start = ContinuousClock.now
        let seen = Look(sight: sight(), time: start, cost: ContinuousClock.now - start, longest: longest)
        // What was looked at while something was changed is nothing to keep.
        looks.withLock { if $0.changes == changes { keep(&$0, seen) } }
        return seen.sight
    }

    /// - Parameter cacheMoment: looks at the cache.
    /// - Returns: how it is with each of the entries now, by name.
    func moments(of entries: [Catalog.Entry], in catalog: Catalog, cacheMoment: () -> CacheMoment) -> [String: EpisodeMoment] {
        let now = ContinuousClock.now
        let cache = look(now, longest: Self.longestOfCache, { $0.cache }, keep: { $0.cache = $1 }, at: cacheMoment)
        var moments: [String: EpisodeMoment] = [:]
        for workspace in Set(entries.map(\.place.workspace)) {
            let all = catalog.episodes.map(\.place).filter { $0.workspace == workspace }.map(\.directory)
            let asked = entries.filter { $0.place.workspace == workspace }
            let files = files(of: workspace, episodes: all, asked: asked.map(\.place.directory), now)
            let counts = counts(of: asked, now)
            for (entry, count) in zip(asked, counts) {
                moments[entry.name] = EpisodeMoment(
                    files: files.mark(of: entry.place.directory).hashValue, cache: cache.hashValue, steps: count.steps, turns: count.turns,
                    isSettled: count.last.map { now - $0 > Self.settling } ?? true, lastTurn: count.lastTurn)
            }
        }
        return moments
    }

    private func counts(of entries: [Catalog.Entry], _ now: ContinuousClock.Instant) -> [EventCounts.Count] {
        guard let place = entries.first?.place else { return [] }
        return events.withLock { events in
            events[place.workspace, default: EventCounts(place.stateDirectory)].read(now)
            return entries.map { events[place.workspace]?.count(of: $0.place.directory) ?? EventCounts.Count() }
        }
    }
}

/// How many events a workspace's log has of each episode, by its directory, since somebody began to count.
struct EventCounts {
    struct Count {
        var steps = 0
        var turns = 0
        var last: ContinuousClock.Instant?
        var lastTurn: ContinuousClock.Instant?
    }

    private let tail: EventTail
    private var position: EventTail.Position?
    private var counts: [String: Count] = [:]
    /// How often the place in the log was lost: then anything may have happened.
    private var losses = 0

    init(_ stateDirectory: String) {
        tail = EventTail(stateDirectory: stateDirectory)
        position = tail.end
    }

    mutating func read(_ now: ContinuousClock.Instant) {
        guard var place = position ?? tail.start else { return }
        // Between two events very many ask.
        if place == tail.end { return }
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
        guard let event = Value(json: Array(line.utf8)), let name = event["episode"]?.string else {
            losses += 1
            return
        }
        var count = counts[name] ?? Count()
        count.last = now
        if event["event"]?.string?.hasPrefix("action_") == true {
            count.steps += 1
        } else {
            (count.turns, count.lastTurn) = (count.turns + 1, now)
        }
        counts[name] = count
    }

    func count(of directory: String) -> Count {
        var count = counts[directory] ?? Count()
        count.turns += losses
        return count
    }
}
