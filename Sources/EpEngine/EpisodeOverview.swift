public import EpCore
import EpPlan

/// How every stage of an episode stands, in few words.
public struct EpisodeOverview: Sendable {
    public enum State: String, Sendable {
        case upToDate = "up to date"
        /// Files of the person.
        case source
        case edited
        case upstreamChanged = "edited, upstream changed"
        /// A hand edit that stands for nothing, as its item is gone.
        case itemGone = "item gone"
        case conflicting
        /// Some of it was built from other inputs, or never.
        case stale, missing
        /// A gate: somebody must decide.
        case waiting
        /// It depends on what waits for a decision.
        case blocked
        /// It depends on artifacts that are not built.
        case unknown = "not known yet"
        /// An edit stands for what would read it.
        case notNeeded = "not needed"
    }

    public struct Stage: Sendable {
        public let name: StageName
        public let state: State
        /// Numbers of actions.
        public let total: Int
        public let upToDate: Int
        /// Hand edits that stand for it, or for items of it.
        public let edits: [EditReport]
        /// What of it is to be made, an action for each item: the first few.
        public var due: [Inspection.StepView] = []
        /// How many items these are in all.
        public var dueCount = 0
    }

    public let episode: String
    public let stages: [Stage]
    public let gates: [GateReport]
    /// An action of each item at whose gate somebody must decide.
    public let waiting: [Target: Inspection.StepView]
    /// Who serves in another's place.
    public let fallbacks: [FallbackReport]
    /// What stands as it is, though it would be made anew.
    public let accepted: [Inspection.Accepted]
    /// How much of what is known is done, from 0 to 1, weighted by how long each action takes.
    public let progress: Double
    /// What the person probably did not mean.
    public let warnings: [Diagnostic]

    /// One word for all of it.
    public var state: State {
        let states = stages.map(\.state)
        return [.waiting, .conflicting, .stale, .missing, .unknown].first(where: states.contains) ?? .upToDate
    }

    /// From the report of an episode whose memo says that nothing has changed.
    init(_ report: BuildReport) {
        episode = report.episode
        (gates, accepted, waiting) = ([], [], [:])
        progress = 1
        warnings = report.warnings
        fallbacks = report.fallbacks
        let edits = Dictionary(grouping: report.edits, by: \.target.stage)
        let built = Dictionary(report.stages.map { ($0.name, $0.counts.total) }) { first, _ in first }
        let names = edits.keys.filter { built[$0] == nil }.sorted { $0.text < $1.text } + report.stages.map(\.name)
        stages = names.map { name in
            let total = built[name] ?? 0
            return Stage(
                name: name, state: edits[name]?.worst.map(State.init) ?? .upToDate, total: total, upToDate: total, edits: edits[name] ?? [])
        }
    }

    init(_ inspection: Inspection, name: String, warnings: [Diagnostic] = []) {
        episode = name
        self.warnings = warnings
        fallbacks = inspection.pass.fallbacks
        accepted = inspection.accepted
        let steps = Dictionary(grouping: inspection.steps) { $0.target.stage }
        let open = inspection.gates.filter { !$0.state.isClosed }
        gates = open.map { GateReport(target: $0.subject.target, state: $0.state, isEdited: $0.subject.isEdited, files: []) }
        let edits = Dictionary(grouping: inspection.edits, by: \.target.stage)
        let atGates = Set(open.map(\.subject.target))
        self.waiting = Dictionary(inspection.steps.filter { atGates.contains($0.target) }.map { ($0.target, $0) }) { first, _ in first }
        let waiting = Set(open.map(\.subject.target.stage))
        stages = inspection.stages.map { stage in
            let own = steps[stage.definition.name] ?? []
            let found = edits[stage.definition.name] ?? []
            let state = Self.state(of: stage, own, isWaiting: waiting.contains(stage.definition.name), hasOpenGates: !open.isEmpty)
            let due = Self.due(own)
            return Stage(
                name: stage.definition.name, state: Self.state(state, with: found.worst), total: own.count,
                upToDate: own.count { $0.state == .upToDate }, edits: found,
                due: Array(due.prefix(3)), dueCount: due.count)
        }
        progress = Self.progress(steps)
    }

    /// What is stale or missing of a stage's items, an action each.
    private static func due(_ steps: [Inspection.StepView]) -> [Inspection.StepView] {
        var seen: Set<Target> = []
        return steps.filter { [.stale, .missing].contains($0.state) && $0.target.item != nil && seen.insert($0.target).inserted }
    }

    private static func state(of stage: Inspection.StageView, _ steps: [Inspection.StepView], isWaiting: Bool, hasOpenGates: Bool) -> State
    {
        if isWaiting { return .waiting }
        if case .source = stage.definition.kind { return .source }
        let states = Set(steps.map(\.state))
        if states.contains(.stale) { return .stale }
        if states.contains(.missing) { return .missing }
        switch stage.knowledge {
        case .notYet: return hasOpenGates && states.isSubset(of: [.upToDate]) ? .blocked : .unknown
        case .notNeeded: return .notNeeded
        case .known: return states.contains(.unknown) ? .unknown : .upToDate
        }
    }

    /// Of a stage some of whose items are edited, what is to be done is told first.
    private static func state(_ state: State, with edit: EditState?) -> State {
        guard let edit, edit == .conflicting || [.upToDate, .notNeeded, .source].contains(state) else { return state }
        return state == .waiting ? state : State(edit)
    }

    /// A stage's actions count as long as those of it that are done took, on average.
    private static func progress(_ stages: [StageName: [Inspection.StepView]]) -> Double {
        var (done, all) = (0.0, 0.0)
        for steps in stages.values {
            let finished = steps.compactMap(\.result)
            let mean = finished.isEmpty ? 1 : max(0.001, finished.reduce(0) { $0 + $1.duration.seconds } / Double(finished.count))
            done += mean * Double(finished.count)
            all += mean * Double(steps.count)
        }
        return all == 0 ? 1 : done / all
    }
}

extension EpisodeOverview.State {
    init(_ edit: EditState) {
        self = switch edit {
        case .edited: .edited
        case .itemGone: .itemGone
        case .upstreamChanged: .upstreamChanged
        case .conflicting: .conflicting
        }
    }
}

extension EpisodeOverview {
    /// As `status --json` gives it.
    public var value: Value {
        .object(
            [
                .init("episode", .string(episode)), .init("state", .string(state.rawValue)),
                .init("progress", .double((progress * 1000).rounded() / 1000)),
                .init("stages", .object(stages.map { .init($0.name.text, $0.value) })), .init("gates", .list(gates.map(\.value))),
            ] + (accepted.isEmpty ? [] : [.init("accepted", .list(accepted.map(\.value)))])
                + (fallbacks.isEmpty ? [] : [.init("fallbacks", .list(fallbacks.map(\.value)))])
                + (warnings.isEmpty ? [] : [.init("warnings", .list(warnings.map(\.value)))]))
    }
}

extension EpisodeOverview.Stage {
    fileprivate var value: Value {
        var members: [Value.Member] = [
            .init("state", .string(state.rawValue)), .init("total", .int(Int64(total))), .init("upToDate", .int(Int64(upToDate))),
        ]
        if !edits.isEmpty { members.append(.init("edits", .list(edits.map(\.value)))) }
        return .object(members)
    }
}
