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
        /// Its first take; nil if its inputs are not known.
        let action: Action?
        public let cost: Cost
        /// What is different from when it was last up to date.
        public let changes: [(label: String, old: String, new: String)]
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
        stages = planned.unit.stages.map { stage in
            let artifacts = pass.planner.artifacts[stage.name]
            let knowledge: Knowledge = artifacts != nil ? .known : awaited.contains(stage.name) ? .notYet : .notNeeded
            return (stage, artifacts?.isEdited == true, knowledge)
        }
        steps = pass.planner.steps.enumerated().map { index, step in
            let id = StepID(index)
            let address = pass.addresses[index]
            let before = trace.steps[Trace.key(step.target, step.name)]
            let changes = address == nil ? [] : before.map { Self.changes(from: $0, to: Trace.inputs(of: pass.resolve(id))) } ?? []
            let state: State = if pass.results[index] != nil { .upToDate }
                else if address == nil { .unknown }
                else { before == nil ? .missing : .stale }
            return StepView(
                target: step.target, name: step.name, state: state, takeFree: address?.takeFree, address: address?.digest,
                action: address.map { _ in StepWorker.firstTake(of: pass.resolve(id)) },
                cost: pass.results[index]?.cost ?? .zero, changes: changes)
        }
    }

    private static func changes(from old: [Trace.Input], to new: [Trace.Input]) -> [(label: String, old: String, new: String)] {
        let labels = old.map(\.label) + new.map(\.label).filter { label in !old.contains { $0.label == label } }
        return labels.compactMap { label in
            let before = old.first { $0.label == label }
            let now = new.first { $0.label == label }
            guard before?.digest != now?.digest else { return nil }
            let common = zip(before?.preview ?? "", now?.preview ?? "").prefix { $0 == $1 }.count
            return (label, shown(before, from: common), shown(now, from: common))
        }
    }

    /// An input in a line: of a text, what stands around the place where it differs.
    private static func shown(_ input: Trace.Input?, from difference: Int) -> String {
        guard let input else { return "nothing" }
        guard !input.preview.isEmpty else { return "sha256 \(input.digest.short)" }
        let start = max(0, difference - 20)
        let rest = input.preview.dropFirst(start)
        let excerpt = rest.prefix(80).replacing("\n", with: " ")
        return "\"\(start > 0 ? "…" : "")\(excerpt)\(rest.count > 80 ? "…" : "")\""
    }
}

extension Builder {
    /// Looks an episode up without running or writing anything.
    public func inspect(_ place: EpisodePlace, _ options: BuildOptions = BuildOptions(), observer: any BuildObserver) async throws -> Inspection {
        var options = options
        options.isDryRun = true
        options.isOffline = true
        let memo = try Files.read(Self.memoPath(of: place)).flatMap(Memo.init(encoded:))
        let session = BuildSession(builder: self, place: place, options: options, observer: observer, memo: memo)
        let planned = try await session.pass { _ in }
        if let problem = planned.pass.failures.first { throw problem }
        let trace = try Files.read(Trace.path(of: place)).flatMap(Trace.init(encoded:)) ?? Trace()
        return Inspection(planned, place, trace: trace)
    }
}
