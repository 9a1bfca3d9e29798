public import EpCore
import EpFiles
import EpPlan

/// What people have decided at the gate of a stage, last of all.
public struct StandingDecision: Sendable {
    /// How many artifacts of the stage were decided about.
    public let count: Int
    /// The newest decision.
    public let last: GateRecord
}

extension Builder {
    /// The newest decision at each gate of an episode, as its lock has them.
    /// - Throws: `Diagnostic` if the lock cannot be read.
    public func standingDecisions(of place: EpisodePlace) throws -> [StageName: StandingDecision] {
        let decided = try lock(of: place).gates.filter { $0.value.decision != .waiting }
        return Dictionary(grouping: decided, by: \.key.stage).compactMapValues { records in
            records.map(\.value).max { ($0.at, $0.order) < ($1.at, $1.order) }.map { StandingDecision(count: records.count, last: $0) }
        }
    }
}

extension Builder {
    /// What an episode's lock says; an empty one if there is none.
    func lock(of place: EpisodePlace) throws -> EpisodeLock {
        let path = "\(place.directory)/\(EpisodeLock.fileName)"
        guard let bytes = try Files.read(path) else { return EpisodeLock() }
        return try EpisodeLock(parsing: bytes, file: SourceFiles(shownFrom: shownFrom).shown(path))
    }
}

extension Inspection {
    /// The approvals of a target's artifacts; nil if one of them is not approved, or there is none.
    public func approvals(of target: Target) -> [(target: Target, record: GateRecord)]? {
        let subjects = gates.filter { target.covers($0.subject.target) }
        let records = subjects.compactMap { subject, state -> (Target, GateRecord)? in
            guard state.isClosed, let record = lock.gates[GateKey(subject)], record.decision == .approved else { return nil }
            return (subject.target, record)
        }
        return records.isEmpty || records.count < subjects.count ? nil : records
    }
}
