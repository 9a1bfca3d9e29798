import Synchronization

/// What was found by a look at episodes, kept as long as a next look would find the same.
///
/// While a build goes on, each of its actions changes something: then a look holds for many times as long as it took, and so takes a small
/// part of a processor, however many ask. Whatever else happens counts at once.
final class EpisodeMemory<View: Sendable>: Sendable {
    private struct Known {
        let view: View
        let moment: EpisodeMoment
        let time: ContinuousClock.Instant
        /// How long the look took.
        let cost: Duration
    }

    private let known = Mutex<[String: Known]>([:])
    private let longest = Duration.seconds(600)
    /// With a cache that others have changed.
    private let longestInDoubt = Duration.seconds(60)
    /// While a build goes on.
    private let (times, longestInBuild) = (100, Duration.seconds(1))
    private let most = 2000
    private let clock: @Sendable () -> ContinuousClock.Instant

    /// - Parameter clock: tells the time, of which it also counts how long a look has taken.
    init(clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.clock = clock }

    /// - Parameters:
    ///   - moments: of each of the entries, by name.
    ///   - look: looks at some of the episodes; gives a view of each, in their order.
    func views(
        of entries: [Catalog.Entry], at moments: [String: EpisodeMoment], look: ([Catalog.Entry]) async throws -> [View]
    ) async rethrows -> [View] {
        let now = clock()
        var found: [String: View] = known.withLock { known in
            var found: [String: View] = [:]
            for entry in entries {
                guard let one = known[entry.name], let moment = moments[entry.name], holds(one, at: moment, now) else { continue }
                found[entry.name] = one.view
            }
            return found
        }
        let due = entries.filter { found[$0.name] == nil }
        guard !due.isEmpty else { return entries.compactMap { found[$0.name] } }
        let looked = try await look(due)
        let cost = (clock() - now) / due.count
        known.withLock { known in
            if known.count > most { known.removeAll() }
            for (entry, view) in zip(due, looked) {
                found[entry.name] = view
                known[entry.name] = moments[entry.name].map { Known(view: view, moment: $0, time: now, cost: cost) }
            }
        }
        return entries.compactMap { found[$0.name] }
    }

    private func holds(_ one: Known, at moment: EpisodeMoment, _ now: ContinuousClock.Instant) -> Bool {
        guard one.moment.files == moment.files, one.moment.turns == moment.turns else { return false }
        let age = now - one.time
        if one.moment.steps == moment.steps, one.moment.isSettled {
            return age < (one.moment.cache == moment.cache ? longest : longestInDoubt)
        }
        return one.moment.hasTurned(before: one.time) && age < min(one.cost * times, longestInBuild)
    }
}
