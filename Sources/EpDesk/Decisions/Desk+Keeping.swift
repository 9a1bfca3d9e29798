public import EpCore
public import EpEngine
import EpHistory

/// What stands whatever is generated: pins, what is left out, and a person's edits.
extension Desk {
    /// Keeps a target's artifacts whatever happens upstream.
    /// - Returns: the targets that are pinned now, one for each item.
    public func pin(_ target: Target, at place: EpisodePlace) async throws -> [Target] {
        let pinned = try builder.pin(target, in: try await builder.inspect(place))
        record(.pin, target, of: place)
        return pinned
    }

    /// Lets what is pinned be made anew.
    /// - Returns: how many pins were taken away.
    public func unpin(_ target: Target, at place: EpisodePlace) async throws -> Int {
        let count = try builder.unpin(target, in: try await builder.inspect(place))
        record(.unpin, target, of: place)
        return count
    }

    /// Leaves items out: what reads their stage goes on without them.
    /// - Returns: the items that are left out now.
    public func skip(_ target: Target, at place: EpisodePlace) async throws -> [Target] {
        let skipped = try builder.skip(target, in: try await builder.inspect(place, forgiving: true))
        record(.skip, target, of: place)
        return skipped
    }

    /// Takes items in again that were left out.
    /// - Returns: how many.
    public func unskip(_ target: Target, at place: EpisodePlace) async throws -> Int {
        let count = try builder.unskip(target, in: try await builder.inspect(place, forgiving: true))
        record(.unskip, target, of: place)
        return count
    }

    /// Has what is stale stand as it is, until it would be stale for another reason.
    /// - Throws: `Diagnostic` (usage) if nothing of the target is stale, or its last result is gone.
    public func accept(_ target: Target, at place: EpisodePlace) async throws -> AcceptedTargets {
        let accepted = try await builder.accept(target, by: personName(), at: place)
        for target in accepted.targets { record(.accept, target, of: place) }
        return accepted
    }

    /// Lets what was accepted be made anew.
    /// - Returns: what was taken back.
    public func unaccept(_ target: Target, at place: EpisodePlace) async throws -> [Target] {
        let taken = try builder.unaccept(target, in: try await builder.inspect(place, forgiving: true))
        for target in taken { record(.unaccept, target, of: place) }
        return taken
    }

    /// Gives up hand edits: the next build writes the generated texts in their place.
    /// - Returns: where each was put aside.
    public func revert(_ target: Target, at place: EpisodePlace) async throws -> [(target: Target, kept: String)] {
        let reverted = try builder.revert(target, in: try await builder.inspect(place, forgiving: true))
        for (item, _) in reverted { record(.revert, item, of: place) }
        return reverted
    }

    /// Brings hand edits and new generations together. What has to be generated is built first, and stands among the other builds in the
    /// history.
    /// - Parameters:
    ///   - readings: who else is told of that build.
    ///   - stop: stops it.
    /// - Throws: as `Builder.merge`.
    public func merge(
        _ target: Target, at place: EpisodePlace, readings: [BuildReading] = [], stop: BuildStop = BuildStop()
    ) async throws -> [MergeOutcome] {
        let inspection = try await builder.inspect(place, forgiving: true)
        let outcomes = try await builder.merge(target, in: inspection, readings: readings + records(of: place), stop: stop)
        for outcome in outcomes where outcome.kept != nil { record(.merge, outcome.target, of: place) }
        return outcomes
    }
}
