public import EpCore
public import EpEngine

/// What a decision about one target at its gate has come to.
public struct GateAnswer: Sendable {
    /// What becomes of what was decided about.
    public enum Consequence: Sendable, Equatable {
        case approved
        /// It had been approved before, and nothing is changed.
        case alreadyApproved(by: String, at: String)
        /// The next build makes a new take.
        case newTake
        /// A person's edit stands there, and stands rejected.
        case editStands
        /// It is pinned, so nothing is made anew.
        case pinStands
    }

    /// The targets decided about: those of a stage's items, if it is decided about item by item.
    public let decided: [(target: Target, consequence: Consequence)]
    /// Other targets that are made by the same actions, and so change with them.
    public let alsoOf: [Target]
}

/// Who decides at a gate, and with what words.
public struct Opinion: Sendable {
    /// What the person says about it; "" for nothing.
    public var note: String
    /// Nil: the desk's person.
    public var by: String?
    /// Signs the decision; nil if the person has none.
    public var key: SigningKey?
    public var sight: Sight

    public init(note: String = "", by: String? = nil, key: SigningKey? = nil, sight: Sight = .delivered) {
        self.sight = sight
        self.note = note
        self.by = by
        self.key = key
    }
}

/// Decisions at gates: put into the lock, told as events, and recorded in the history.
extension Desk {
    /// Approves artifacts as they are now.
    /// - Parameter tell: is given what came of each target as soon as it is decided about.
    /// - Throws: `Diagnostic` if there is nothing to decide about, or the workspace demands a signature that is not there. What was decided
    ///   before stays.
    public func approve(_ targets: [Target], at place: EpisodePlace, _ opinion: Opinion, tell: (GateAnswer) -> Void) async throws {
        try await decide(isApproval: true, targets, at: place, opinion, tell)
    }

    /// Rejects artifacts as they are now, and asks for new takes of what made them. The note is an input of these.
    /// - Parameter tell: is given what came of each target as soon as it is decided about.
    /// - Throws: as `approve`.
    public func reject(_ targets: [Target], at place: EpisodePlace, _ opinion: Opinion, tell: (GateAnswer) -> Void) async throws {
        try await decide(isApproval: false, targets, at: place, opinion, tell)
    }

    private func decide(
        isApproval: Bool, _ targets: [Target], at place: EpisodePlace, _ opinion: Opinion, _ tell: (GateAnswer) -> Void
    ) async throws {
        let verdict = Verdict(
            isApproval: isApproval, by: opinion.by ?? personName(), note: opinion.note, key: opinion.key, sight: opinion.sight)
        let log = BuildReading(EventLog(stateDirectory: place.stateDirectory, warn: warn))
        let events = BuildEvents(of: place, surroundings, readings: [log])
        let result: Result<Void, any Error>
        do {
            for target in targets { tell(try await decide(verdict, on: target, at: place, events)) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // What was decided before a failure is on record, too.
        await log.caughtUp()
        try result.get()
    }

    private func decide(_ verdict: Verdict, on target: Target, at place: EpisodePlace, _ events: BuildEvents) async throws -> GateAnswer {
        let inspection = try await builder.inspect(place)
        if verdict.isApproval, verdict.note.isEmpty, verdict.key == nil {
            let standing = inspection.approvals(of: target)
            if let standing {
                return GateAnswer(decided: standing.map { ($0, .alreadyApproved(by: $1.by, at: $1.at)) }, alsoOf: [])
            }
        }
        let decided = try builder.decide(verdict, on: target, in: inspection)
        for target in decided {
            events.tell(.gateDecided(target, verdict.isApproval ? .approved : .rejected, by: verdict.by))
            record(
                verdict.isApproval ? .approve : .reject, target, of: place, note: verdict.note.isEmpty ? nil : verdict.note, by: verdict.by)
        }
        return GateAnswer(
            decided: decided.map { ($0, verdict.isApproval ? .approved : Self.consequence(of: $0, in: inspection)) },
            alsoOf: verdict.isApproval ? [] : inspection.sharing(actionsOf: decided))
    }

    /// What comes of a rejection.
    private static func consequence(of target: Target, in inspection: Inspection) -> GateAnswer.Consequence {
        if inspection.steps(of: target).contains(where: { !$0.isPinned }) { return .newTake }
        return inspection.isEdited(target) ? .editStands : .pinStands
    }
}
