public import EpCore
public import EpEngine
import EpHistory

/// What is to be made anew.
public enum CleanChoice: Sendable {
    case targets([Target])
    /// Every line of a speaker, within some stages or in all.
    case spoken(by: String, in: [StageName])
    /// A stage, and every stage that reads it.
    case downstream(of: StageName)
    /// Everything that failed when it was last run.
    case failed
}

/// What a call about takes has changed.
public struct TakeChange: Sendable {
    /// How many actions of each target have another take now.
    public let actions: [(target: Target, count: Int)]
    /// Other targets that are made by the same actions, and so change with them.
    public let alsoOf: [Target]
}

/// Takes: others asked for, and chosen.
extension Desk {
    /// Asks for new takes; the next build makes them.
    /// - Throws: `Diagnostic` (usage) if something named has no action whose inputs are known, or nothing fits the choice.
    public func clean(_ choice: CleanChoice, at place: EpisodePlace) async throws -> TakeChange {
        let inspection = try await builder.inspect(place)
        let targets = try targets(choice, in: inspection)
        let cleaned = try builder.clean(targets, in: inspection)
        for (target, _) in cleaned { record(.clean, target, of: place) }
        return TakeChange(actions: cleaned, alsoOf: inspection.sharing(actionsOf: targets))
    }

    /// Starts an episode anew; the next build makes all of it.
    /// - Throws: `Diagnostic` if it cannot be planned.
    public func cleanDeep(_ place: EpisodePlace) async throws -> DeepClean {
        let cleaned = try builder.cleanDeep(try await builder.inspect(place))
        record(.clean, of: place, note: "deep")
        return cleaned
    }

    private func targets(_ choice: CleanChoice, in inspection: Inspection) throws -> [Target] {
        switch choice {
        case .targets(let targets): return targets
        case .spoken(let speaker, let stages): return try inspection.items(spokenBy: speaker, in: stages)
        case .downstream(let stage):
            _ = try inspection.definition(of: Target(stage: stage))
            return inspection.stages(from: stage).map { Target(stage: $0) }
        case .failed: return try failed(at: inspection.place)
        }
    }

    private func failed(at place: EpisodePlace) throws -> [Target] {
        var seen: Set<Target> = []
        let found = try history(of: place).lastFailures(of: EpisodeName(place)).map(\.target).filter { seen.insert($0).inserted }
        guard !found.isEmpty else {
            throw Diagnostic(
                .usage, "nothing has failed", remedy: "name a target; `epbuild status` tells what is stale, and a build runs it")
        }
        return found
    }

    /// Removes what was written into the episode's `out/`; the next build puts it back from the cache. What is not as it was delivered is
    /// kept.
    public func removeDelivered(of place: EpisodePlace) throws -> (removed: [String], kept: [String]) {
        try Builder.removeDelivered(of: place)
    }

    /// Chooses a take; the next build takes it from the cache.
    /// - Throws: `Diagnostic` (usage) if there is no such take.
    public func use(_ take: Take, of target: Target, at place: EpisodePlace) async throws -> TakeChange {
        let inspection = try await builder.inspect(place)
        let count = try builder.use(take, of: target, in: inspection)
        record(.use, target, of: place, note: "take \(take.number)")
        return TakeChange(actions: [(target, count)], alsoOf: inspection.sharing(actionsOf: [target]))
    }
}
