public import EpCore
public import EpScript

/// What a tool sees of the plan while it says which steps a stage consists of.
///
/// Questions about things that are not known yet answer nil; the tool then returns nil, and is asked again later.
public final class StageContext {
    public let stage: StageDefinition
    /// The item's name; nil for a stage that does not fan out.
    public let item: String?
    public let element: Element?

    private let planner: Planner
    /// Those that were added for the item, by name.
    private(set) var steps: [String: StepID]

    init(planner: Planner, stage: StageDefinition, item: String?, element: Element?, steps: [String: StepID]) {
        self.planner = planner
        self.stage = stage
        self.item = item
        self.element = element
        self.steps = steps
    }

    public var show: Show { planner.show }
    public var episode: Episode { planner.episode }
    public var workspace: Workspace { planner.workspace }
    public var blueprint: Value { planner.episode.blueprint }
    public var target: Target { Target(stage: stage.name, item: item) }
    /// True if the build is a draft: what is delivered must say so.
    public var isDraft: Bool { planner.isDraft }
    /// The lists inside this stage's artifact that other stages fan out over: `["beats"]`.
    public var listsRead: [[String]] { planner.stages.compactMap(\.each).filter { $0.stage == stage.name && !$0.path.isEmpty }.map(\.path) }

    /// The stage's own keys. The tool reads what it knows; unknown keys have been reported before.
    public func fields() throws -> Fields { try Fields(stage.node, subject: "stage \"\(stage.name)\"") }

    // MARK: reading

    /// What a stage hands on.
    public func artifacts(of stage: StageName) throws -> StageArtifacts? { try planner.artifacts(of: stage) }

    /// What all stages in `from:` hand on, in that order.
    public func upstreams() throws -> [(stage: StageName, artifacts: StageArtifacts)]? {
        var found: [(stage: StageName, artifacts: StageArtifacts)] = []
        var isComplete = true
        for reference in stage.from {
            if let artifacts = try planner.artifacts(of: reference.stage) {
                found.append((reference.stage, artifacts))
            } else {
                isComplete = false
            }
        }
        return isComplete ? found : nil
    }

    public func bytes(of file: ArtifactRef) throws -> [UInt8]? { try planner.bytes(of: file) }
    /// An artifact as a script, read once for all stages.
    public func script(_ file: ArtifactRef, of stage: StageName) throws -> Script? { try planner.script(file, of: stage) }

    public func digest(of source: ArtifactSource) -> Digest? { planner.digest(of: source) }

    /// What a file of a stage says: of YAML and JSON its value, of anything else its text.
    /// - Throws: `Diagnostic` if a text is not UTF-8.
    public func value(of file: ArtifactRef, of stage: StageName) throws -> Value? { try planner.value(of: file, shown: planner.shown(file, of: stage)) }

    /// The bytes of several files; nil if any of them is not known, having asked for all.
    public func bytes(of files: [ArtifactRef]) throws -> [[UInt8]]? {
        let found = try files.map { try planner.bytes(of: $0) }
        return found.contains { $0 == nil } ? nil : found.compactMap { $0 }
    }

    /// A step that is part of the plan, as it stands by now.
    public func step(_ id: StepID) -> Step { planner.steps[id.index] }

    public func definition(of stage: StageName) -> StageDefinition? { planner.definition(of: stage) }

    /// How messages name an artifact.
    public func shown(_ file: ArtifactRef, of stage: StageName) -> String { planner.shown(file, of: stage) }

    /// A file that the person keeps with the show (a prompt, a schema).
    /// - Parameter location: where the person named it.
    public func showFile(_ path: String, at location: SourceLocation?) throws -> SourceFile {
        guard RelativePath.isClean(path) else {
            throw Diagnostic(.badInput, "\"\(path)\" must be a path below the show, without `..`", at: location)
        }
        for directory in [planner.episode.directory, planner.show.directory] {
            if let file = try planner.sources.file("\(directory)/\(path)") { return file }
        }
        throw Diagnostic(.badInput, "there is no file \"\(path)\" in the show or the episode", at: location, remedy: "create \(planner.show.directory)/\(path)")
    }

    // MARK: other episodes

    /// Every episode of the show, this one too, in the order of their numbers.
    public func episodes() throws -> [Neighbour] { try planner.sources.episodes(of: planner.show) }

    /// What an episode has told; nil if it has told nothing yet.
    public func told(_ telling: Telling, by neighbour: Neighbour) throws -> [UInt8]? { try planner.progress.told(telling, by: neighbour) }

    /// Tells the other episodes of the show something about this one.
    public func tell(_ telling: Telling, _ source: ArtifactSource) { planner.told[telling] = (stage.name, source) }

    /// A file that an episode has delivered, as it is now.
    public func delivered(_ name: String, of neighbour: Neighbour) throws -> SourceFile? { try planner.sources.file("\(neighbour.directory)/out/\(name)") }

    /// True if a moment (seconds since 1970) has come.
    public func hasCome(_ moment: Int64) -> Bool { planner.progress.hasCome(moment) }

    /// Tells the person of something that is doubtful. Once, however often the stage is expanded.
    public func warn(_ message: String, at location: SourceLocation?, remedy: String) {
        planner.warn(Diagnostic(.badInput, message, at: location, remedy: remedy, severity: .warning))
    }

    public func bytes(of file: SourceFile) throws -> [UInt8] { try planner.sources.bytes(file) }

    /// A program's version line, or nil until it has been asked.
    public func version(of program: Program) -> String? { planner.version(of: program) }

    /// The same of a program that another does without if it is not there: then the version that it last had here.
    public func version(ifThere program: Program) -> String? {
        isMissing(program) ? planner.progress.lastVersion(of: program) : planner.version(of: program)
    }

    /// True if the plan goes on without the program, as it is not on this machine.
    public func isMissing(_ program: Program) -> Bool { planner.progress.isMissing(program) }

    /// The provider of the stage's tool: the one that it names by `provider:`, else the workspace's first.
    public func provider() throws -> ProviderConfiguration? {
        guard case .tool(let tool) = stage.kind else { return nil }
        let name = stage.node["provider"]
        return try planner.workspace.provider(named: name?.value.string, for: tool, at: name?.location)
    }

    /// The values that a template may name: `show`, `episode`, `item`, and every stage by its name.
    /// Only what the template mentions is looked up.
    public func scope(for template: Template) throws -> [String: Value]? {
        var scope: [String: Value] = [:]
        var isComplete = true
        for root in template.roots {
            guard let value = try value(of: root.name, in: template, at: root.location) else {
                isComplete = false
                continue
            }
            scope[root.name] = value
        }
        return isComplete ? scope : nil
    }

    /// What people said when they rejected earlier answers to the same question, as templates name it; nil if nobody has.
    public func rejection(of question: Digest) -> Value? {
        let rejections = planner.progress.rejections(of: question, in: stage.name)
        return rejections.last.map { ["note": .string($0.note), "by": .string($0.by), "notes": .list(rejections.map { .string($0.note) })] }
    }

    /// The stages among the variables of a template.
    public func stages(in template: Template) -> [StageReference] {
        planner.mentioned.formUnion(template.mentions.map { Array($0.prefix(2)) })
        return template.roots.filter { root in planner.stages.contains { $0.name.text == root.name } }
            .map { StageReference(parsing: $0.name, at: $0.location) }
    }

    private func value(of root: String, in template: Template, at location: SourceLocation) throws -> Value? {
        // A file whose name alone is mentioned is not read: it may be no text.
        let isNameOnly = template.mentions(of: root) == [["name"]]
        switch root {
        case "show": return blueprint
        case "episode": return episode.value
        case "item" where element != nil: return try itemValue(isNameOnly: isNameOnly)
        case "rejection": return .object([])
        default: break
        }
        let name = StageName(root)
        guard planner.definition(of: name) != nil, name != stage.name else {
            let known = ["show", "episode", "rejection"] + (element == nil ? [] : ["item"]) + planner.stages.map(\.name.text).filter { $0 != stage.name.text }
            throw Diagnostic(.badInput, "`\(root)` is not defined", at: location, remedy: Suggestion.remedy(for: root, in: known))
        }
        guard let artifacts = try planner.artifacts(of: name) else { return nil }
        let isSource = if case .source? = planner.definition(of: name)?.kind { true } else { false }
        let values = try artifacts.files.map { file -> Value? in
            if isSource, isNameOnly, Elements.format(file.name) != .structured { return ["name": .string(file.name)] }
            let value = try planner.value(of: file, shown: shown(file, of: name))
            // A person's files are objects, so that a template can also name them.
            return isSource ? value.map { Self.object($0, named: file.name) } : value
        }
        guard !values.contains(where: { $0 == nil }) else { return nil }
        return artifacts.isFanOut ? .list(values.compactMap { $0 }) : values.first ?? .null
    }

    /// The element, with the text of its file as `text` and its item's name, or the fields of its YAML or JSON.
    private func itemValue(isNameOnly: Bool) throws -> Value? {
        guard let element, let file = element.files.first else { return element?.value }
        let name = itemName(element, file)
        if isNameOnly, Elements.format(file.name) != .structured { return ["name": .string(name)] }
        guard let value = try planner.value(of: file, shown: element.location?.file ?? file.name) else { return nil }
        return Self.object(value, named: name)
    }

    /// A file of the person's is called as it is; what a stage has made, all under one name, as its item.
    private func itemName(_ element: Element, _ file: ArtifactRef) -> String {
        if case .file = file.source { return file.name }
        return element.value["name"]?.string ?? file.name
    }

    /// A text as an object with `text` and `name`; what YAML or JSON holds as it is.
    private static func object(_ value: Value, named name: String) -> Value {
        value.string == nil ? value : ["text": value, "name": .string(name)]
    }

    // MARK: adding steps

    /// Adds a step to the plan, or finds it if it was added before.
    /// - Parameters:
    ///   - name: tells the step from the others of the same target (`part 3`); "" if it is the only one.
    ///   - provider: who serves it, for people.
    ///   - call: what it asks of a service beyond this machine.
    ///   - fallbacks: who serves in its place if it fails, in order.
    public func add(
        _ name: String = "", operation: Step.Operation, inputs: [Step.Input], outputs: [String],
        emptyDirectories: [String] = [], platform: [String: String] = [:], pool: Pool = .cpu, reasons: [Step.Reason] = [],
        question: Digest? = nil, provider: String? = nil, call: ProviderCall? = nil, fallbacks: [Alternative] = []
    ) -> StepID {
        if let known = steps[name] { return known }
        var step = Step(
            target: target, tool: stage.tool, name: name, operation: operation, inputs: inputs, outputs: outputs, platform: platform, pool: pool,
            at: element?.location ?? stage.location, emptyDirectories: emptyDirectories, reasons: reasons, question: question,
            provider: fallbacks.isEmpty && call == nil ? nil : provider, call: call)
        step.alternatives = fallbacks + (isDraft ? planner.tools[stage.tool]?.placeholders(for: step, in: self) ?? [] : [])
        let id = planner.add(step)
        steps[name] = id
        return id
    }
}
