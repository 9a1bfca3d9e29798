public import EpCore
public import EpEngine
import EpHistory

extension Desk {
    /// What failed in episodes when it was last tried, and is still in their pipelines to be asked for.
    /// - Throws: `Diagnostic` (usage) if they are several and something failed in more than one: their targets have the same names.
    public func failed(of places: [EpisodePlace]) throws(Diagnostic) -> [Target] {
        var found: [(place: EpisodePlace, targets: [Target])] = []
        for place in places {
            let targets = try history(of: place).failedTargets(of: EpisodeName(place))
            if !targets.isEmpty { found.append((place, targets)) }
        }
        guard found.count < 2 else {
            throw Diagnostic(
                .usage, "something has failed in \(found.count) episodes",
                remedy: "name one of them: --retry-failed builds targets of one episode")
        }
        return found.first?.targets ?? []
    }
}
