import EpCore
import EpPlan

/// What a build has executed, fetched and spent in all its passes: a later pass finds it in the cache, and it must still be counted.
final class Earnings {
    private(set) var origins: [ActionDigest: BuildEvent.Origin] = [:]
    /// That fallbacks have come to serve, and what programs say that they have read.
    private(set) var records: [(ActionDigest, ActionResult)] = []
    /// What the passes so far have spent.
    var spending: Spending?
    /// Whether one of them has told what may go wrong.
    var hasForewarned = false
    /// True if the cluster was found to be away: nobody asks it again.
    var hasLostCluster = false
    /// True if a result that was used before it was stored was not what stood then.
    var hasGoneTooFar = false
    /// By the name of a shared cache: what was offered to it.
    private var shared: [String: Set<ActionDigest>] = [:]

    /// Those results that were not offered to a shared cache yet; they count as offered from now on.
    func unshared(_ results: [(ActionDigest, ActionResult)], with remote: String) -> [(ActionDigest, ActionResult)] {
        results.filter { shared[remote, default: []].insert($0.0).inserted }
    }

    func note(_ pass: BuildPass) {
        records += pass.records(isNew: true)
        for index in pass.planner.steps.indices {
            guard let origin = pass.origins[index], origin != .cache, let address = pass.addresses[index] else { continue }
            origins[address.digest] = origin
        }
    }
}

extension BuildPass {
    /// The results that are known, with their addresses; those of one origin, or all.
    func results(ofOrigin origin: BuildEvent.Origin? = nil) -> [(ActionDigest, ActionResult)] {
        planner.steps.indices.compactMap { index in
            guard let result = results[index], let address = addresses[index], origin == nil || origins[index] == origin else { return nil }
            return (address.digest, result)
        }
    }
}

extension BuildReport.Counts {
    mutating func count(_ state: Schedule.State, _ origin: BuildEvent.Origin?) {
        total += 1
        switch (state, origin) {
        case (.finished(.succeeded), .executed): executed += 1
        case (.finished(.succeeded), .remote): remoteHits += 1
        case (.finished(.succeeded), _): cacheHits += 1
        case (.finished(.failed), _): failed += 1
        case (.finished(.blocked), _): blocked += 1
        default: missing += 1
        }
    }

    mutating func add(_ other: BuildReport.Counts) {
        total += other.total
        executed += other.executed
        cacheHits += other.cacheHits
        remoteHits += other.remoteHits
        failed += other.failed
        blocked += other.blocked
        missing += other.missing
    }
}
