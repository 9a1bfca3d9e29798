import EpCore
import EpEngine
import EpPlan

/// Boxes, arrows and frames, as every drawing language knows them. It does not know how any of them writes them.
struct GraphDrawing {
    /// What a box looks like, by the state of what it stands for.
    enum Look: String, CaseIterable { case done, source, edited, waiting, due, wrong, dim, plain }
    enum Shape { case box, stack, note }

    struct Box {
        let id: String
        /// The name, then what there is to say of it.
        let lines: [String]
        let look: Look
        let shape: Shape
        let isGated: Bool
    }

    struct Arrow {
        let tail: End
        let head: End
        var label = ""
        var isDashed = false
    }

    enum End {
        case box(String)
        /// A frame, and a box in it.
        case frame(String, around: String)
    }

    struct Frame {
        let id: String
        let title: String
        /// Of the stage that it stands for; nil for an episode.
        var look: Look?
        var boxes: [Box] = []
        var frames: [Frame] = []
    }

    /// A frame for each episode; its title is shown if there are several.
    private(set) var frames: [Frame] = []
    private(set) var arrows: [Arrow] = []

    init(_ graphs: [EpisodeGraph]) {
        for graph in graphs { add(graph, prefix: graphs.count == 1 ? "" : "\(graph.episode) ") }
    }

    private mutating func add(_ graph: EpisodeGraph, prefix: String) {
        let steps = Dictionary(grouping: (graph.steps ?? []).indices) { graph.steps?[$0].target.stage ?? StageName("") }
        func stepID(_ index: Int) -> String { "\(prefix)step \(index)" }
        func end(_ stage: StageName) -> End {
            let id = "\(prefix)\(stage)"
            return steps[stage]?.first.map { .frame(id, around: stepID($0)) } ?? .box(id)
        }
        var frame = Frame(id: graph.episode, title: graph.episode)
        for stage in graph.stages {
            let id = "\(prefix)\(stage.name)"
            guard let own = steps[stage.name] else {
                frame.boxes.append(Box(stage, id: id))
                continue
            }
            let boxes = own.compactMap { index in graph.steps.map { Box($0[index], id: stepID(index)) } }
            let whole = Box(stage, id: id)
            frame.frames.append(Frame(id: id, title: whole.lines.joined(separator: " · "), look: whole.look, boxes: boxes))
        }
        frames.append(frame)
        let connected = add(graph.steps ?? [], stepID)
        for edge in graph.edges where !connected.contains([edge.source, edge.reader]) {
            let isNamed = edge.kinds == [.named]
            arrows.append(
                Arrow(tail: end(edge.source), head: end(edge.reader), label: edge.kinds.contains(.each) ? "each" : "", isDashed: isNamed))
        }
    }

    /// - Returns: the pairs of stages that are connected by their steps.
    private mutating func add(_ steps: [EpisodeGraph.Step], _ id: (Int) -> String) -> Set<[StageName]> {
        var connected: Set<[StageName]> = []
        for (index, step) in steps.enumerated() {
            for dependency in step.dependencies {
                arrows.append(Arrow(tail: .box(id(dependency)), head: .box(id(index))))
                connected.insert([steps[dependency].target.stage, step.target.stage])
            }
        }
        return connected
    }
}

extension GraphDrawing.Box {
    init(_ stage: EpisodeGraph.Stage, id: String) {
        var facts = [stage.tool.text]
        if let items = stage.items, stage.isFanOut || stage.state == .source { facts.append(Number.of(items, "item")) }
        if let state = stage.state, state != .source { facts.append(state.rawValue) }
        var notes: [String] = []
        if let gate = stage.gate { notes.append(gate.text) }
        if stage.isPinned { notes.append("pinned") }
        notes += stage.editedFiles
        let lines = [stage.name.text, facts.joined(separator: " · "), notes.joined(separator: " · ")].filter { !$0.isEmpty }
        let shape: GraphDrawing.Shape = stage.tool == ToolName("source") ? .note : stage.isFanOut ? .stack : .box
        self.init(id: id, lines: lines, look: GraphDrawing.Look(stage.state), shape: shape, isGated: stage.gate != nil)
    }

    init(_ step: EpisodeGraph.Step, id: String) {
        let look: GraphDrawing.Look = switch step.state {
        case .upToDate: .done
        case .stale, .missing: .due
        case .unknown: .dim
        }
        let name = [step.target.item, step.name.isEmpty ? nil : step.name].compactMap { $0 }.joined(separator: " ")
        let title = name.isEmpty ? step.target.stage.text : name
        self.init(
            id: id, lines: step.isPinned && !step.name.hasPrefix("pinned") ? [title, "pinned"] : [title], look: look, shape: .box,
            isGated: false)
    }
}

extension GraphDrawing.Look {
    fileprivate init(_ state: EpisodeOverview.State?) {
        self = switch state {
        case .upToDate: .done
        case .source: .source
        case .edited, .itemGone, .upstreamChanged: .edited
        case .waiting: .waiting
        case .stale, .missing: .due
        case .conflicting: .wrong
        case .blocked, .unknown, .notNeeded: .dim
        case nil: .plain
        }
    }

    /// Background and frame, as hexadecimal RGB.
    var colours: (fill: String, line: String) {
        switch self {
        case .done: ("#e3f4e1", "#4b8b3b")
        case .source: ("#eef1f6", "#62728d")
        case .edited: ("#fff4cc", "#a8861a")
        case .waiting: ("#ffe5bf", "#b8680b")
        case .due: ("#dbe9fb", "#3468a8")
        case .wrong: ("#fbdcdc", "#b03030")
        case .dim: ("#f7f7f7", "#a0a0a0")
        case .plain: ("#ffffff", "#444444")
        }
    }
}

extension EpisodeGraph.GateMark {
    /// As a person reads it.
    fileprivate var text: String {
        switch self {
        case .unknown: "gate"
        case .known(.closed): "gate: approved"
        case .known(.open): "gate: waits"
        case .known(.overdue): "gate: overdue"
        case .known(.rejected): "gate: rejected"
        }
    }
}
