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
        /// Relative to the episode; set where a hand edit stands for the stage.
        public var editedFile: String?
    }

    public let episode: String
    public let stages: [Stage]
    public let gates: [GateReport]
    /// How much of what is known is done, from 0 to 1, weighted by how long each action takes.
    public let progress: Double

    /// One word for all of it.
    public var state: State {
        let states = stages.map(\.state)
        return [.waiting, .conflicting, .stale, .missing, .unknown].first(where: states.contains) ?? .upToDate
    }

    /// From the report of an episode whose memo says that nothing has changed.
    init(_ report: BuildReport) {
        episode = report.episode
        gates = []
        progress = 1
        let edits = Dictionary(report.edits.map { ($0.stage, $0) }) { first, _ in first }
        let built = report.stages.map { Stage(name: $0.name, state: .upToDate, total: $0.counts.total, upToDate: $0.counts.total) }
        stages = edits.values.sorted { $0.stage.text < $1.stage.text }.map { Stage(edit: $0) } + built.filter { edits[$0.name] == nil }
    }

    init(_ inspection: Inspection, name: String) {
        episode = name
        let steps = Dictionary(grouping: inspection.steps) { $0.target.stage }
        let open = inspection.gates.filter { !$0.state.isClosed }
        gates = open.map { GateReport(target: $0.subject.target, state: $0.state, isEdited: $0.subject.isEdited, files: []) }
        let edits = Dictionary(inspection.edits.map { ($0.stage, $0) }) { first, _ in first }
        let waiting = Set(open.map(\.subject.target.stage))
        stages = inspection.stages.map { stage in
            let own = steps[stage.definition.name] ?? []
            if let edit = edits[stage.definition.name], !waiting.contains(edit.stage) { return Stage(edit: edit) }
            return Stage(
                name: stage.definition.name, state: Self.state(of: stage, own, isWaiting: waiting.contains(stage.definition.name), hasOpenGates: !open.isEmpty),
                total: own.count, upToDate: own.count { $0.state == .upToDate }, editedFile: edits[stage.definition.name]?.file)
        }
        progress = Self.progress(steps)
    }

    private static func state(of stage: Inspection.StageView, _ steps: [Inspection.StepView], isWaiting: Bool, hasOpenGates: Bool) -> State {
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
        case .upstreamChanged: .upstreamChanged
        case .conflicting: .conflicting
        }
    }
}

extension EpisodeOverview.Stage {
    fileprivate init(edit: EditReport) {
        self.init(name: edit.stage, state: EpisodeOverview.State(edit.state), total: 0, upToDate: 0, editedFile: edit.file)
    }
}

extension EpisodeOverview {
    /// As `status --json` gives it.
    public var value: Value {
        .object([
            .init("episode", .string(episode)), .init("state", .string(state.rawValue)), .init("progress", .double((progress * 1000).rounded() / 1000)),
            .init("stages", .object(stages.map { .init($0.name.text, $0.value) })), .init("gates", .list(gates.map(\.value))),
        ])
    }
}

extension EpisodeOverview.Stage {
    fileprivate var value: Value {
        var members: [Value.Member] = [.init("state", .string(state.rawValue)), .init("total", .int(Int64(total))), .init("upToDate", .int(Int64(upToDate)))]
        if let editedFile { members.append(.init("file", .string(editedFile))) }
        return .object(members)
    }
}
