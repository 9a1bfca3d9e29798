public import EpCore
public import EpPlan

/// An episode as it stands: its plan as far as it is known, looked up, with nothing run.
public struct Inspection {
    public enum State: String, Sendable {
        case upToDate = "up to date"
        /// It was built from other inputs before.
        case stale
        /// It was never built.
        case missing
        /// What it depends on is not built, so it is not known yet whether it must run.
        case unknown
    }

    public struct StepView {
        public let target: Target
        public let name: String
        public let state: State
        /// Nil if its inputs are not known.
        public let takeFree: ActionDigest?
        public let address: ActionDigest?
        public let cost: Cost
        /// What is different from when it was last up to date.
        public let changes: [InputChange]
    }

    public let place: EpisodePlace
    public let steps: [StepView]
    /// How much the plan can say of a stage.
    public enum Knowledge: Sendable {
        case known
        /// It depends on artifacts that are not built.
        case notYet
        /// Nothing that is asked for reads it: an edit stands for what would.
        case notNeeded
    }

    /// In the order of the pipeline: the stages, and whether a person's edit stands for each.
    public let stages: [(definition: StageDefinition, isEdited: Bool, knowledge: Knowledge)]
    public internal(set) var lock: EpisodeLock

    public func steps(of target: Target) -> [StepView] {
        steps.filter { $0.target == target || (target.item == nil && $0.target.stage == target.stage) }
    }

    init(_ planned: BuildSession.Planned, _ place: EpisodePlace, trace: Trace) {
        self.place = place
        lock = planned.unit.lock
        let pass = planned.pass
        let awaited = pass.planner.awaitedStages
        let due = pass.planner.steps.indices.filter { pass.results[$0] == nil }.map { Trace.key(pass.planner.steps[$0]) }
        let known = trace.inputs(of: Set(due))
        stages = planned.unit.stages.map { stage in
            let artifacts = pass.planner.artifacts[stage.name]
            let knowledge: Knowledge = artifacts != nil ? .known : awaited.contains(stage.name) ? .notYet : .notNeeded
            return (stage, artifacts?.isEdited == true, knowledge)
        }
        steps = pass.planner.steps.enumerated().map { index, step in
            let id = StepID(index)
            let address = pass.addresses[index]
            let before = known[Trace.key(step)]
            let changes = address == nil ? [] : before.map { InputChange.changes(from: $0, to: Trace.inputs(of: pass.resolve(id))) } ?? []
            let state: State = if pass.results[index] != nil { .upToDate }
                else if address == nil { .unknown }
                else { before == nil ? .missing : .stale }
            return StepView(
                target: step.target, name: step.name, state: state, takeFree: address?.takeFree, address: address?.digest,
                cost: pass.results[index]?.cost ?? .zero, changes: changes)
        }
    }
}

extension Builder {
    /// Looks an episode up without running or writing anything.
    public func inspect(_ place: EpisodePlace, _ options: BuildOptions = BuildOptions(), observer: any BuildObserver) async throws -> Inspection {
        var options = options
        options.isDryRun = true
        options.isOffline = true
        let session = BuildSession(builder: self, place: place, options: options, observer: observer, last: try LastBuild(of: place))
        let planned = try await session.pass { _ in }
        if let problem = planned.pass.failures.first { throw problem }
        return Inspection(planned, place, trace: try Trace(of: place))
    }
}
