public import EpCore
import EpFiles
public import EpPlan

/// The plan of an episode as a graph: its stages and who reads whom; and the steps, if they were looked up.
public struct EpisodeGraph: Sendable {
    public struct Stage: Sendable {
        public let name: StageName
        public let tool: ToolName
        public let isFanOut: Bool
        public let isDelivered: Bool
        /// Nil if only a look into the cache could tell.
        public var state: EpisodeOverview.State?
        /// How many items it has, or actions as the last build counted them; nil if that is not known.
        public var items: Int?
        /// Nil if it has no gate.
        public var gate: GateMark?
        /// Hand edits that stand for it or its items, relative to the episode.
        public var editedFiles: [String] = []
        /// True if the stage, or an item of it, is pinned.
        public var isPinned = false
    }

    public enum GateMark: Sendable, Equatable {
        /// Only a look into the cache could tell, or there is nothing to approve yet.
        case unknown
        case known(GateState)
    }

    public struct Step: Sendable {
        public let target: Target
        /// What it is within its target; "" if it is all of it.
        public let name: String
        public let tool: ToolName
        public let state: Inspection.State
        public let isPinned: Bool
        /// Places of other steps in the graph: those whose outputs it reads.
        public let dependencies: [Int]
    }

    /// As it is named on a command line; what a show has once is `name (show)`.
    public let episode: String
    /// In the order of the pipeline.
    public internal(set) var stages: [Stage]
    public let edges: [StageGraph.Edge]
    /// Nil if only the stages were asked for.
    public internal(set) var steps: [Step]?

    /// The stages alone, with what the pipeline says of them.
    init(_ planner: Planner, _ place: EpisodePlace, shown: String) throws {
        episode = place.isShow ? "\(Path(shown).parts.last ?? "") (show)" : shown
        edges = try planner.stageGraph().edges
        stages = planner.stages.map { stage in
            Stage(
                name: stage.name, tool: stage.tool, isFanOut: !stage.each.isEmpty, isDelivered: planner.isDelivered(stage),
                gate: stage.gate.map { _ in .unknown })
        }
    }
}

extension Builder {
    /// The names of an episode's stages, or of those that a show has once.
    /// - Throws: `Diagnostic` or `DiagnosticList` for a missing or wrong file.
    public func stages(of place: EpisodePlace) throws -> [StageName] {
        try BuildUnit(place, tools: tools, pipelines: pipelines, sources: SourceFiles(shownFrom: shownFrom)).stages.map(\.name)
    }

    /// The stages of an episode and what they read. Reads its files and its memo, and looks nothing up in the cache.
    public func graph(_ place: EpisodePlace) throws -> EpisodeGraph {
        let sources = SourceFiles(shownFrom: shownFrom)
        let unit = try BuildUnit(place, tools: tools, pipelines: pipelines, sources: sources)
        let knowledge = PlanKnowledge(
            cache: cache, sources: sources, neighbourhood: Neighbourhood(of: place, sources: sources, hearsay: hearsay), lock: unit.lock,
            workspace: unit.workspace,
            now: surroundings.clock.now().seconds, versions: [:])
        let planner = Planner(
            workspace: unit.workspace, show: unit.show, episode: unit.episode, stages: unit.stages, tools: tools, sources: sources,
            progress: knowledge)
        var graph = try EpisodeGraph(planner, place, shown: sources.shown(place.directory))
        let report = upToDateReport(of: place)
        for (index, stage) in unit.stages.enumerated() {
            graph.stages[index].note(stage, unit.lock)
            if let report { graph.stages[index].note(report) } else { try graph.stages[index].note(stage, knowledge, place) }
        }
        if report != nil { graph.noteUnneeded() }
        return graph
    }

    /// The stages of an episode with how they stand, and all steps that can be named by now. Runs nothing.
    public func graphWithSteps(_ place: EpisodePlace) async throws -> EpisodeGraph {
        let inspection = try await inspect(place)
        let planner = inspection.pass.planner
        let shown = SourceFiles(shownFrom: shownFrom).shown(place.directory)
        var graph = try EpisodeGraph(planner, place, shown: shown)
        let overview = EpisodeOverview(inspection, name: shown)
        for (index, stage) in planner.stages.enumerated() {
            graph.stages[index].note(stage, inspection.lock)
            graph.stages[index].note(overview)
            graph.stages[index].note(inspection)
        }
        let places = Dictionary(uniqueKeysWithValues: inspection.steps.enumerated().map { ($1.id, $0) })
        graph.steps = inspection.steps.map { view in
            EpisodeGraph.Step(
                target: view.target, name: view.name, tool: view.tool, state: view.state, isPinned: view.isPinned,
                dependencies: planner.steps[view.id.index].dependencies.compactMap { places[$0] })
        }
        return graph
    }
}

extension EpisodeGraph {
    /// Of an up-to-date episode: a stage without actions runs nothing, or nothing that is asked for reads it.
    fileprivate mutating func noteUnneeded() {
        let read = Set(edges.map(\.source))
        var needed: Set<StageName> = []
        var open = stages.filter { $0.isDelivered || !read.contains($0.name) }.map(\.name)
        while let name = open.popLast() {
            guard needed.insert(name).inserted, stages.first(where: { $0.name == name })?.isEdited == false else { continue }
            open += edges.filter { $0.reader == name }.map(\.source)
        }
        for index in stages.indices where stages[index].state == nil {
            stages[index].state = needed.contains(stages[index].name) ? .upToDate : .notNeeded
        }
    }
}

extension EpisodeGraph.Stage {
    /// True if what would generate it is not needed.
    fileprivate var isEdited: Bool { !isFanOut && !editedFiles.isEmpty }

    fileprivate mutating func note(_ stage: StageDefinition, _ lock: EpisodeLock) {
        if case .source = stage.kind { state = .source }
        isPinned = lock.pins.keys.contains { $0.stage == stage.name }
    }

    /// From the report of an episode in which nothing has changed.
    fileprivate mutating func note(_ report: BuildReport) {
        if gate != nil { gate = .known(.closed) }
        let edits = report.edits.filter { $0.target.stage == name }
        editedFiles = edits.map(\.file)
        if let worst = edits.worst { state = EpisodeOverview.State(worst) }
        guard !isEdited, let counts = report.stages.first(where: { $0.name == name })?.counts else { return }
        (state, items) = (state ?? .upToDate, counts.total)
    }

    /// An edit is known by its file alone.
    fileprivate mutating func note(_ stage: StageDefinition, _ knowledge: PlanKnowledge, _ place: EpisodePlace) throws {
        guard stage.isEditable, let output = stage.output else { return }
        for file in isFanOut ? knowledge.itemFiles(of: name).keys.sorted().map(\.text) : [output] {
            do {
                guard try knowledge.handEdit(of: file, in: place.directory) != nil else { continue }
                state = state ?? .edited
            } catch is Diagnostic {
                state = .conflicting
            }
            editedFiles.append(file)
        }
    }

    fileprivate mutating func note(_ overview: EpisodeOverview) {
        guard let known = overview.stages.first(where: { $0.name == name }) else { return }
        (state, editedFiles) = (known.state, known.edits.map(\.file))
    }

    fileprivate mutating func note(_ inspection: Inspection) {
        items = inspection.pass.planner.artifacts[name]?.items.count
        let states = inspection.gates.filter { $0.subject.target.stage == name }.map(\.state)
        if gate != nil, let state = states.first(where: { !$0.isClosed }) ?? states.first { gate = .known(state) }
    }
}
