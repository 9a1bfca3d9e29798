public import EpCore
import EpScript

/// The plan of one episode, as far as it is known.
///
/// It starts from the stages that are asked for and follows what they read. A stage whose inputs are not known yet is left
/// out; `expand` is called again when a step that it waits for has finished, and adds what can be said by then. What has been
/// said stands: steps keep their numbers. Not to be shared between tasks.
public final class Planner {
    public let workspace: Workspace
    public let show: Show
    public let episode: Episode
    public let stages: [StageDefinition]
    public let tools: [ToolName: any Tool]
    /// True if what cannot be had may be stood in for.
    public let isDraft: Bool
    /// Empty: everything that is asked for. Else only what stands at all of these coordinates.
    public var excerpt: [Excerpt] = []
    /// True if what cannot be planned is as good as not known.
    private let isForgiving: Bool
    /// Why stages and items cannot be planned.
    public internal(set) var problems = PlanProblems()
    /// What people probably did not mean, in what is known so far, each once.
    public internal(set) var warnings: [Diagnostic] {
        get {
            foundWarnings += reports.flatMap(\.warnings)
            reports = []
            return foundWarnings
        }
        set { foundWarnings = newValue }
    }
    var foundWarnings: [Diagnostic] = []
    /// Scripts that are being looked through.
    var reports: [PendingReport] = []

    /// All steps so far; a step's dependencies stand before it.
    public internal(set) var steps: [Step] = []
    /// Stages whose steps and artifacts are all known.
    public private(set) var artifacts: [StageName: StageArtifacts] = [:]
    /// What the rest of the plan waits for: outputs of steps, by the stage or the item that cannot be planned yet.
    public internal(set) var awaited: [Target: [StepID: String]] = [:]
    public private(set) var awaitedPrograms: Set<Program> = []

    let sources: any SourceReader
    let progress: any PlanProgress
    private let definitions: [StageName: StageDefinition]
    private var graph: StageGraph?
    /// Stages of tools, as far as anybody has asked for them.
    var expansions: [StageName: Expansion] = [:]
    var lists: [ListKey: [Element]] = [:]
    /// Nothing is tried twice in one.
    var round = 0
    private var values: [ArtifactSource: Value] = [:]
    private var triedThisRound: Set<StageName> = []
    /// Stages that cannot be planned, whatever else becomes known: nobody asks for them again.
    private(set) var broken: Set<StageName> = []
    /// The stages and items that are being expanded, innermost last.
    var expanding: [Target] = []
    /// Stages and items inside each other that are expanded at once: stops a long chain of stages from using up the stack.
    static let deepest = 64
    /// A stage that would have been deeper.
    var postponed: StageName?
    /// The item of its own stage that somebody has asked for, and that is not known.
    var blocker: Branch.Spot?
    var isThorough = true
    /// The scripts that have been read, and the stages all of whose scripts have been.
    var scripts: [ArtifactSource: Script] = [:]
    var proofreadStages: Set<StageName> = []
    /// With the round in which somebody asked last.
    var foundGates: [Target: (subject: GateSubject, state: GateState, round: Int)] = [:]
    /// What is pinned, and pins whose item is gone.
    public internal(set) var pinnedTargets: Set<Target> = []
    public internal(set) var lostPins: Set<Target> = []
    /// Where the items of pins are now, by the names that they had when they were pinned.
    public internal(set) var pinPlaces: [Target: ItemPlace] = [:]
    /// Where the items are now that a person has left out, by the names that they had then.
    public internal(set) var skipPlaces: [Target: ItemPlace] = [:]
    /// The texts that a person may change, as far as they are known.
    public internal(set) var texts: [Target: EditableText] = [:]
    /// Where the items are now of which files are remembered, as far as that is known.
    public internal(set) var textPlaces: [Path: ItemPlace] = [:]
    /// Files of editable items that belong to none: those of items that are gone, and those that nobody knows.
    public internal(set) var lostTexts: [Path: LostText] = [:]
    /// What the episode tells the others of its show, and the stage that says so.
    public internal(set) var told: [Telling: (stage: StageName, source: ArtifactSource)] = [:]
    /// What templates name, as far as two names deep: `["episode", "topic"]`.
    var mentioned: Set<[String]> = []
    /// The names in `out/` that are taken, and the stages that have been asked for theirs.
    var deliveredNames = DeliveredNames()
    var checkedDeliveries: Set<StageName> = []
    /// What tools have made of the keys of stages.
    var shared: [SharedKey: AnyObject] = [:]

    public init(
        workspace: Workspace, show: Show, episode: Episode, stages: [StageDefinition], tools: [ToolName: any Tool],
        sources: any SourceReader, progress: any PlanProgress, isDraft: Bool = false, isForgiving: Bool = false
    ) {
        self.workspace = workspace
        self.show = show
        self.episode = episode
        self.stages = stages
        definitions = Dictionary(stages.map { ($0.name, $0) }) { first, _ in first }
        self.tools = tools
        self.sources = sources
        self.progress = progress
        self.isDraft = isDraft
        self.isForgiving = isForgiving
    }

    /// Which stages read which. Asks for files that tools read, such as prompts, and for nothing that is built.
    public func stageGraph() throws -> StageGraph {
        if let graph { return graph }
        let found = try StageGraph(stages) { stage in
            guard case .tool(let name) = stage.kind, let tool = tools[name] else { return [] }
            let context = StageContext(planner: self, stage: stage)
            return try (attempt { try tool.references(context) } onProblem: {}) ?? []
        }
        if !isForgiving, let error = problems.diagnostics.error { throw error }
        graph = found
        for each in stages.flatMap(\.each) where each.isWritten { mentioned.insert([each.list.stage.text] + each.list.path.prefix(1)) }
        warnOfSlips()
        return found
    }

    /// The stages that a build of everything asks for: those that nothing else reads, and those that are delivered.
    private func finalStages() throws -> [StageName] {
        let unread = Set(try stageGraph().unread)
        return stages.filter { unread.contains($0.name) || isDelivered($0) }.map(\.name)
    }

    /// Adds every step that can be named by now. Each call adds something new or changes nothing: who repeats it until then comes to an
    /// end.
    /// - Parameters:
    ///   - goals: stages, or items of stages; empty: everything.
    ///   - thoroughly: false: where very many items of a list wait, most of them are passed over. More becomes known, and they are asked
    ///     again.
    /// - Returns: true if the whole plan of the goals is known.
    /// - Throws: all that is wrong, unless that is forgiven; `DamagedInput` at once.
    public func expand(goals: [Target], thoroughly: Bool = true) throws -> Bool {
        isThorough = thoroughly
        let isComplete: Bool
        do {
            isComplete = try expandStages(goals)
        } catch {
            // What is wrong with a script may be just what ends the plan.
            try? proofread()
            throw error
        }
        try proofread()
        return isComplete
    }

    private func expandStages(_ goals: [Target]) throws -> Bool {
        awaited = [:]
        awaitedPrograms = []
        triedThisRound = []
        round += 1
        let isEverything = goals.isEmpty
        let finals = try finalStages()
        let goals = goals.isEmpty ? finals.map { Target(stage: $0) } : goals
        let whole = goals.filter { $0.item == nil }.map(\.stage)
        var isComplete = true
        if !excerpt.isEmpty {
            isComplete = try expandExcerpt()
        } else {
            for stage in whole { isComplete = try reached(stage, isFinal: isEverything) && isComplete }
        }
        let items = Dictionary(grouping: goals.filter { $0.item != nil && !whole.contains($0.stage) }, by: \.stage)
        for stage in stages {
            guard let named = items[stage.name] else { continue }
            let names = Set(named.compactMap(\.item).map { Path($0) })
            isComplete = try reachedItems(names, of: stage) && isComplete
        }
        // Of many stages item after item is asked for, and nobody asks for the whole.
        for (name, expansion) in expansions where artifacts[name] == nil { artifacts[name] = expansion.complete() }
        _ = try attempt { () throws -> Void? in try checkDeliveries() } onProblem: {}
        if !isForgiving, let error = problems.diagnostics.error { throw error }
        return isComplete
    }

    private func reachedItems(_ names: Set<Path>, of stage: StageDefinition) throws -> Bool {
        try attempt({ try reached(names, of: stage) }, onProblem: { broken.insert(stage.name) }) == true
    }

    /// A build of everything ends with an approval, too; one of a few targets shows them.
    private func reached(_ stage: StageName, isFinal: Bool) throws -> Bool {
        guard let found = try settled(stage) else { return false }
        guard isFinal, let definition = definition(of: stage) else { return true }
        expanding.append(Target(stage: stage))
        defer { expanding.removeLast() }
        return try isApproved(definition, found)
    }

    /// What the items of a stage hand on, as far as they are known, in the order of their coordinates.
    public func items(of stage: StageName) -> [ItemArtifacts] { artifacts[stage]?.items ?? expansions[stage]?.items ?? [] }

    /// What one item of a stage hands on, if that much is known of it.
    public func item(_ target: Target) -> ItemArtifacts? {
        items(of: target.stage).first { Target(stage: target.stage, item: $0.item) == target }
    }

    /// True if all of a stage is known that has been asked for.
    public func isKnown(_ stage: StageName) -> Bool { artifacts[stage] != nil || expansions[stage]?.isAnswered == true }

    /// Stages that are needed, and cannot be named yet.
    public var awaitedStages: Set<StageName> { triedThisRound.union(broken).union(expansions.keys).filter { !isKnown($0) } }

    /// The stages that read a stage, directly or through others; itself first, in the order of the pipeline.
    public func readers(of stage: StageName) -> [StageName] { graph?.readers(of: stage) ?? [stage] }

    /// Each after those that it reads.
    public var stagesInOrder: [StageName] { graph?.inOrder ?? stages.map(\.name) }

    public func definition(of stage: StageName) -> StageDefinition? { definitions[stage] }

    /// What a stage hands on; nil if that is not known yet, or not approved.
    func artifacts(of stage: StageName) throws -> StageArtifacts? {
        guard let found = try known(stage), let definition = definition(of: stage) else { return nil }
        return try isApproved(definition, found) ? found.withoutSkipped : nil
    }

    /// What a stage hands on, however long the chain of those that it reads: the far end of a long one is planned first.
    func settled(_ stage: StageName) throws -> StageArtifacts? {
        var open = [stage]
        var found: StageArtifacts?
        while let next = open.last {
            let tried = triedThisRound
            postponed = nil
            found = try known(next)
            if let deeper = postponed, !open.contains(deeper) {
                // Who has asked for it in vain asks again when it is settled.
                triedThisRound = tried
                round += 1
                open.append(deeper)
            } else {
                open.removeLast()
            }
        }
        return found
    }

    func known(_ stage: StageName) throws -> StageArtifacts? {
        if let known = artifacts[stage] { return known }
        guard !broken.contains(stage), !triedThisRound.contains(stage), let definition = definition(of: stage) else { return nil }
        guard expanding.count < Self.deepest else {
            postponed = postponed ?? stage
            return nil
        }
        triedThisRound.insert(stage)
        expanding.append(Target(stage: stage))
        defer { expanding.removeLast() }
        let found = try attempt { try expand(definition) } onProblem: { broken.insert(stage) }
        if let found { artifacts[stage] = found }
        return found
    }

    /// Does what may be impossible because of what a person wrote; that is noted, and the rest goes on, so that all mistakes are told at
    /// once.
    /// - Returns: nil if it is impossible.
    func attempt<Result>(
        of item: @autoclosure () -> PlanProblems.Item? = nil, _ body: () throws -> Result?, onProblem: () -> Void
    ) throws -> Result? {
        do {
            return try body()
        } catch let problem as Diagnostic {
            problems.note([problem], of: item())
        } catch let list as DiagnosticList {
            problems.note(list.diagnostics, of: item())
        }
        onProblem()
        return nil
    }

    private func expand(_ stage: StageDefinition) throws -> StageArtifacts? {
        if let edited = try edited(stage) { return edited }
        if let pinned = pinned(stage) { return pinned }
        switch stage.kind {
        case .source(let pattern, let inShow): return try sourceArtifacts(stage, pattern: pattern, inShow: inShow)
        case .tool(let name):
            guard let tool = tools[name] else { return nil }
            return try toolArtifacts(stage, tool)
        }
    }

    // MARK: what stages ask for

    func add(_ step: Step) -> StepID {
        steps.append(step)
        return StepID(steps.count - 1)
    }

    /// Puts one that makes the same in the place of a step, under the same number.
    public func replace(_ id: StepID, by step: Step) { steps[id.index] = step }

    func digest(of source: ArtifactSource) -> Digest? {
        switch source {
        case .literal(let bytes): return Digest(of: bytes)
        case .file(let file): return file.digest
        case .output(let step, let path):
            if let digest = progress.output(path, of: step) { return digest }
            if let asker = expanding.last { awaited[asker, default: [:]][step] = path }
            return nil
        }
    }

    func files(below directory: String, of step: StepID) -> [String]? {
        if let files = progress.files(below: directory, of: step) { return files }
        if let asker = expanding.last { awaited[asker, default: [:]][step] = directory }
        return nil
    }

    func bytes(of file: ArtifactRef) throws -> [UInt8]? { try bytes(of: file.source) }

    /// Nil if it is not made yet.
    public func bytes(of source: ArtifactSource) throws -> [UInt8]? {
        switch source {
        case .literal(let bytes): return bytes
        case .file(let file): return try sources.bytes(file)
        case .output: return try digest(of: source).map(progress.bytes)
        }
    }

    /// The artifact as a value: YAML and JSON are parsed, anything else is a text. Kept, as many items may ask for it.
    func value(of file: ArtifactRef, shown: String) throws -> Value? {
        if let known = values[file.source] { return known }
        guard let bytes = try bytes(of: file) else { return nil }
        let value = try Elements.value(of: bytes, named: file.name, shown: shown)
        values[file.source] = value
        return value
    }

    func warn(_ warning: Diagnostic) {
        if !foundWarnings.contains(warning) { foundWarnings.append(warning) }
    }

    func version(of program: Program) -> String? {
        if let version = progress.version(of: program) { return version }
        awaitedPrograms.insert(program)
        return nil
    }

    /// How messages name an artifact: the file that a person can open, or the stage.
    func shown(_ file: ArtifactRef, of stage: StageName, item: String? = nil) -> String {
        if case .file(let source) = file.source { return source.shown }
        return "\(Target(stage: stage, item: item))/\(file.name)"
    }

    static func lastComponent(_ path: String) -> String { Path(path).name }
}
