public import EpCore

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
    /// True if a stage that cannot be planned is as good as not known.
    private let isForgiving: Bool
    /// Why stages cannot be planned, if that is forgiven.
    public private(set) var problems: [any Error] = []

    /// All steps so far; a step's dependencies stand before it.
    public private(set) var steps: [Step] = []
    /// Stages whose steps and artifacts are all known.
    public private(set) var artifacts: [StageName: StageArtifacts] = [:]
    /// What the rest of the plan waits for, by the stage that cannot be named yet.
    public private(set) var awaitedSteps: [StageName: Set<StepID>] = [:]
    public private(set) var awaitedPrograms: Set<Program> = []

    let sources: any SourceReader
    let progress: any PlanProgress
    private var graph: StageGraph?
    private var partial: [StageName: PartialStage] = [:]
    private var values: [ArtifactSource: Value] = [:]
    private var triedThisRound: Set<StageName> = []
    /// The stages that are being expanded, innermost last.
    private var expanding: [StageName] = []
    /// The items that are asked for, for stages that nothing else reads.
    private(set) var onlyItems: [StageName: Set<Path>] = [:]
    var foundGates: [Target: (subject: GateSubject, state: GateState)] = [:]
    /// What is pinned, and pins whose item is gone.
    public internal(set) var pinnedTargets: Set<Target> = []
    public internal(set) var lostPins: Set<Target> = []
    /// Where the items of pins are now, by the names that they had when they were pinned.
    public internal(set) var pinPlaces: [Target: ItemPlace] = [:]
    /// The texts that a person may change, as far as they are known.
    public internal(set) var texts: [Target: EditableText] = [:]
    /// Files of editable items that belong to none: those of items that are gone, and those that nobody knows.
    public internal(set) var lostTexts: [Path: LostText] = [:]
    /// Stages that something reads as a whole, whatever items are asked for.
    private var wholeStages: Set<StageName> = []
    /// The names in `out/` that are taken, and the stages that have been asked for theirs.
    var deliveredNames = DeliveredNames()
    var checkedDeliveries: Set<StageName> = []

    /// A stage some of whose items are known.
    struct PartialStage {
        var elements: [Element]
        var items: [ItemArtifacts?]
        /// Steps by item and name, so that asking again finds the same step.
        var steps: [StepKey: StepID] = [:]
    }

    struct StepKey: Hashable {
        let item: Int
        let name: String
    }

    public init(
        workspace: Workspace, show: Show, episode: Episode, stages: [StageDefinition], tools: [ToolName: any Tool],
        sources: any SourceReader, progress: any PlanProgress, isDraft: Bool = false, isForgiving: Bool = false
    ) {
        self.workspace = workspace
        self.show = show
        self.episode = episode
        self.stages = stages
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
            return try tool.references(StageContext(planner: self, stage: stage, item: nil, element: nil, steps: [:], index: 0))
        }
        graph = found
        return found
    }

    /// The stages that a build of everything asks for: those that nothing else reads, and those that are delivered.
    private func finalStages() throws -> [StageName] {
        let unread = Set(try stageGraph().unread)
        return stages.filter { unread.contains($0.name) || isDelivered($0) }.map(\.name)
    }

    /// Adds every step that can be named by now.
    /// - Parameter goals: stages, or items of stages; empty: everything.
    /// - Returns: true if the whole plan of the goals is known.
    public func expand(goals: [Target]) throws -> Bool {
        awaitedSteps = [:]
        awaitedPrograms = []
        triedThisRound = []
        foundGates = [:]
        let isEverything = goals.isEmpty
        let finals = try finalStages()
        let goals = goals.isEmpty ? finals.map { Target(stage: $0) } : goals
        var isComplete = true
        wholeStages.formUnion(goals.filter { $0.item == nil }.map(\.stage))
        onlyItems = [:]
        for goal in goals where !wholeStages.contains(goal.stage) {
            if let item = goal.item { onlyItems[goal.stage, default: []].insert(Path(item)) }
        }
        for goal in goals.filter({ $0.item == nil }) + goals.filter({ $0.item != nil }) {
            isComplete = try reached(goal.stage, isFinal: isEverything) && isComplete
        }
        try attempt {
            try checkDeliveries()
            return nil
        }
        return isComplete
    }

    /// A build of everything ends with an approval, too; one of a few targets shows them.
    private func reached(_ stage: StageName, isFinal: Bool) throws -> Bool {
        guard let found = try known(stage) else { return false }
        guard isFinal, let definition = definition(of: stage) else { return true }
        expanding.append(stage)
        defer { expanding.removeLast() }
        return try isApproved(definition, found)
    }

    /// What one item of a stage hands on, if that much is known of it.
    public func item(_ target: Target) -> ItemArtifacts? {
        (artifacts[target.stage]?.items ?? partial[target.stage]?.items.compactMap(\.self) ?? []).first { Target(stage: target.stage, item: $0.item) == target }
    }

    /// Stages that are needed, and cannot be named yet.
    public var awaitedStages: Set<StageName> { triedThisRound.filter { artifacts[$0] == nil } }

    /// The stages that read a stage, directly or through others; itself first, in the order of the pipeline.
    public func readers(of stage: StageName) -> [StageName] { graph?.readers(of: stage) ?? [stage] }

    public func definition(of stage: StageName) -> StageDefinition? { stages.first { $0.name == stage } }

    /// What a stage hands on; nil if that is not known yet, or not approved.
    func artifacts(of stage: StageName) throws -> StageArtifacts? {
        if onlyItems.removeValue(forKey: stage) != nil {
            wholeStages.insert(stage)
            artifacts[stage] = nil
            triedThisRound.remove(stage)
        }
        guard let found = try known(stage), let definition = definition(of: stage) else { return nil }
        return try isApproved(definition, found) ? found : nil
    }

    private func known(_ stage: StageName) throws -> StageArtifacts? {
        if let known = artifacts[stage] { return known }
        guard triedThisRound.insert(stage).inserted, let definition = definition(of: stage) else { return nil }
        expanding.append(stage)
        defer { expanding.removeLast() }
        let found = try attempt { try expand(definition) }
        if let found {
            artifacts[stage] = found
            if onlyItems[stage] == nil { partial[stage] = nil }
        }
        return found
    }

    /// - Throws: what `body` throws; if that is forgiven, only a damaged input.
    @discardableResult
    private func attempt(_ body: () throws -> StageArtifacts?) throws -> StageArtifacts? {
        do {
            return try body()
        } catch where isForgiving && !(error is DamagedInput) {
            problems.append(error)
            return nil
        }
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

    private func toolArtifacts(_ stage: StageDefinition, _ tool: any Tool) throws -> StageArtifacts? {
        guard let elements = try partial[stage.name]?.elements ?? elements(of: stage) else { return nil }
        var state = partial[stage.name] ?? PartialStage(elements: elements, items: Array(repeating: nil, count: elements.count))
        let only = onlyItems[stage.name]
        let pins = pins(of: stage, among: elements)
        let texts = try texts(of: stage, among: elements)
        // One step an item at least: doubling what there is would leave much of it unused.
        if elements.count > steps.count / 4, partial[stage.name] == nil { steps.reserveCapacity(steps.count + elements.count) }
        var isComplete = true
        for (index, element) in elements.enumerated() where state.items[index] == nil {
            let item = stage.each == nil ? nil : Self.itemName(element, among: elements)
            if let only, let item, !only.contains(Path(item)) { continue }
            if let text = texts?[index] {
                self.texts[Target(stage: stage.name, item: item)] = text
                if let edit = text.edit {
                    state.items[index] = ItemArtifacts(item: item, element: element, files: [ArtifactRef(name: stage.output ?? "", source: .file(edit))])
                    continue
                }
            }
            if let pin = pins[index] {
                state.items[index] = ItemArtifacts(item: item, element: element, files: pinnedFiles(pin, stage, item: item))
                continue
            }
            guard try isReadable(element, of: stage) else {
                isComplete = false
                continue
            }
            let context = StageContext(planner: self, stage: stage, item: item, element: stage.each == nil ? nil : element, steps: state.steps, index: index)
            let files = try tool.expand(context)
            state.steps = context.steps
            if let files {
                try check(files, of: stage)
                state.items[index] = ItemArtifacts(item: item, element: context.element, files: files)
                // A finished item is never expanded again: its step names need not be remembered.
                state.steps = state.steps.filter { $0.key.item != index }
            } else {
                isComplete = false
            }
        }
        partial[stage.name] = state
        if let only, let unknown = only.subtracting(elements.map { Path(Self.itemName($0, among: elements)) }).min() {
            throw unknownItem(unknown.text, stage, elements)
        }
        return isComplete ? StageArtifacts(isFanOut: stage.each != nil, items: state.items.compactMap { $0 }) : nil
    }

    /// False if the element is an item that a gate holds back.
    private func isReadable(_ element: Element, of stage: StageDefinition) throws -> Bool {
        guard let each = stage.each, each.path.isEmpty, let upstream = definition(of: each.stage), upstream.gate?.isPerItem == true,
            let artifacts = try known(each.stage), element.number <= artifacts.items.count
        else { return true }
        return try isApproved(upstream, artifacts.items[element.number - 1])
    }

    private func unknownItem(_ item: String, _ stage: StageDefinition, _ elements: [Element]) -> Diagnostic {
        let names = elements.map { Self.itemName($0, among: elements) }
        let remedy = elements.count > 12 ? "there are \(elements.count): \(names[0]) … \(names[names.count - 1])" : Suggestion.remedy(for: item, in: names)
        return Diagnostic(.usage, "stage \"\(stage.name)\" has no item \"\(item)\"", remedy: remedy)
    }

    /// What the stage fans out over; one empty element if it does not.
    private func elements(of stage: StageDefinition) throws -> [Element]? {
        guard let each = stage.each else { return [Element(number: 1, value: .null)] }
        // Items that are approved one by one are held back one by one.
        let isPerItem = each.path.isEmpty && definition(of: each.stage)?.gate?.isPerItem == true
        guard let upstream = try isPerItem ? known(each.stage) : artifacts(of: each.stage) else { return nil }
        if each.path.isEmpty {
            return upstream.items.enumerated().map { index, item in
                let name = item.item.map { Value.Member("name", .string($0)) }
                let value = Value.object(name.map { [$0] } ?? [])
                return Element(number: index + 1, value: value, subject: item.element?.subject, files: item.files, location: item.element?.location)
            }
        }
        guard let file = upstream.files.first, upstream.files.count == 1 else {
            throw Diagnostic(
                .badInput, "`each: \(each.stage).\(each.path.joined(separator: "."))` reads one file, but \"\(each.stage)\" has \(upstream.files.count)",
                at: each.location, remedy: "write `each: \(each.stage)` to fan out over its files")
        }
        guard let bytes = try bytes(of: file) else { return nil }
        return try Elements.select(each.path, from: bytes, named: file.name, shown: shown(file, of: each.stage), at: each.location)
    }

    /// A file's name where each element is a file with a name of its own, else its number.
    static func itemName(_ element: Element, among elements: [Element]) -> String {
        if let name = element.value["name"]?.string, element.files.count == 1, Int(name) == nil { return name }
        return String(element.number)
    }

    // MARK: what stages ask for

    func add(_ step: Step) -> StepID {
        steps.append(step)
        return StepID(steps.count - 1)
    }

    /// Puts the next placeholder of a step in its place, under the same number.
    /// - Returns: what it is; nil if there is none.
    public func standIn(for id: StepID) -> Placeholder? {
        guard let placeholder = steps[id.index].placeholders.first, let step = steps[id.index].stoodIn else { return nil }
        steps[id.index] = step
        return placeholder
    }

    func digest(of source: ArtifactSource) -> Digest? {
        switch source {
        case .literal(let bytes): return Digest(of: bytes)
        case .file(let file): return file.digest
        case .output(let step, let path):
            if let digest = progress.output(path, of: step) { return digest }
            if let stage = expanding.last { awaitedSteps[stage, default: []].insert(step) }
            return nil
        }
    }

    func bytes(of file: ArtifactRef) throws -> [UInt8]? {
        switch file.source {
        case .literal(let bytes): return bytes
        case .file(let source): return try sources.bytes(source)
        case .output: return try digest(of: file.source).map(progress.bytes)
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

    func version(of program: Program) -> String? {
        if let version = progress.version(of: program) { return version }
        awaitedPrograms.insert(program)
        return nil
    }

    /// How messages name an artifact: the file that a person can open, or the stage.
    func shown(_ file: ArtifactRef, of stage: StageName) -> String {
        if case .file(let source) = file.source { return source.shown }
        return "\(stage)/\(file.name)"
    }

    static func lastComponent(_ path: String) -> String { Path(path).name }
}
