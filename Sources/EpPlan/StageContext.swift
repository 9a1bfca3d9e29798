public import EpCore
public import EpScript

/// What a tool sees of the plan while it says which steps a stage consists of.
///
/// Questions about things that are not known yet answer nil; the tool then returns nil, and is asked again later.
public final class StageContext {
    public let stage: StageDefinition
    /// The item's name; nil for a stage that does not fan out.
    public let item: String?
    /// In the innermost dimension.
    public let element: Element?
    /// The elements of the other dimensions in which the item lies, outermost first.
    public let outer: Coordinates?

    private let planner: Planner
    private let position: Position
    /// Those that were added for the item, by name.
    private(set) var steps: NamedSteps

    init(
        planner: Planner, stage: StageDefinition, item: String? = nil, element: Element? = nil, outer: Coordinates? = nil,
        position: Position = .none, steps: NamedSteps = NamedSteps()
    ) {
        self.planner = planner
        self.outer = outer
        self.position = position
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
    public var listsRead: [[String]] {
        planner.stages.flatMap(\.each).map(\.list).filter { $0.stage == stage.name && !$0.path.isEmpty }.map(\.path)
    }

    /// The stage's own keys. The tool reads what it knows; unknown keys have been reported before.
    public func fields() throws -> Fields { try Fields(stage.node, subject: "stage \"\(stage.name)\"") }

    /// The stage that one of the stage's own keys names; nil if the key is not there.
    /// - Throws: `Diagnostic` if no stage has that name.
    public func stage(namedBy key: String) throws -> StageReference? {
        guard let node = stage.node[key], node.value != .null else { return nil }
        let known = planner.stages.map(\.name.text).filter { $0 != stage.name.text }
        guard let name = node.value.letters, known.contains(name) else {
            throw Diagnostic(
                .badInput,
                "`\(key)` of stage \"\(stage.name)\" must name a stage" + (node.value.letters.map { ", and \"\($0)\" is none" } ?? ""),
                at: node.location,
                remedy: Suggestion.remedy(for: node.value.letters ?? "", in: known))
        }
        return StageReference(parsing: name, at: node.location)
    }

    /// What a tool makes of a stage's own keys, or of the show: made once for all of its items, one of each type.
    /// - Parameter make: must depend on nothing but the stage, the show and the episode.
    public func shared<Value>(_ make: () throws -> Value) rethrows -> Value {
        let key = Planner.SharedKey(stage: stage.name, type: ObjectIdentifier(Value.self))
        if let known = planner.shared[key] as? Shared<Value> { return known.value }
        let made = try make()
        planner.shared[key] = Shared(made)
        return made
    }

    private final class Shared<Value> {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    // MARK: reading

    /// What a stage hands on: of one that fans out, the items that agree with this one in the dimensions that both have.
    public func artifacts(of stage: StageName) throws -> StageArtifacts? { try planner.artifacts(of: stage, at: position) }

    /// The same without regard to the lists that stages have made: all that belongs to this item's variants, its language for instance.
    public func wholeArtifacts(of stage: StageName) throws -> StageArtifacts? { try planner.artifacts(of: stage, at: position.written) }

    /// True if an item of another stage lies at the very place of this one, in the same lists.
    public func isTwin(_ other: ItemArtifacts, of stage: StageName) -> Bool {
        guard let element, let twin = other.element, planner.definition(of: stage)?.dimensions == self.stage.dimensions else {
            return false
        }
        return ((outer?.elements ?? []) + [element]).map(\.number) == ((other.outer?.elements ?? []) + [twin]).map(\.number)
    }

    /// True if templates call an element so.
    public func hasElement(called name: String) -> Bool { stage.elementNames.contains { $0.name == name } }

    /// All elements of the list that the stage goes through, each with what a template calls it; nil if they are not known yet, or lie in
    /// several lists.
    public func elements() throws -> (name: String, all: [Element])? {
        guard stage.dimensions.count == 1, let dimension = stage.dimensions.first,
            let name = stage.elementNames.first(where: { $0.stage == nil })
        else { return nil }
        return try planner.elements(of: dimension, at: .none, for: stage).map { (name.name, $0) }
    }

    /// True if another stage names something that lies in a directory.
    public func isNamedElsewhere(_ directory: String) -> Bool { planner.isNamed(directory, beside: stage) }

    /// The element that templates call so: of a list, or an item of another stage; nil if it is not known yet.
    public func element(called name: String) throws -> Element? {
        guard let name = stage.elementNames.first(where: { $0.name == name }) else { return nil }
        let coordinates = (outer?.elements ?? []) + [element].compactMap(\.self)
        guard name.dimension < coordinates.count else { return nil }
        let (element, dimension) = (coordinates[name.dimension], stage.dimensions[name.dimension])
        // Where the stage goes through items, its own element is what they hand on; the list's is what that was made of.
        if name.stage == nil, !dimension.path.isEmpty {
            let isOwn = stage.each.contains { $0.list.stage.text == dimension.root && $0.list.path == dimension.path }
            return Element(
                number: element.number, name: element.name, value: element.subject, files: isOwn ? element.files : [],
                location: element.location)
        }
        guard let item = try artifacts(of: name.stage ?? StageName(dimension.root))?.items.first else { return nil }
        return Element(
            number: element.number, name: element.name, value: ["name": .string(item.item ?? element.name)], files: item.files,
            location: item.element?.location)
    }

    /// What the stage has made for the item before this one, in the order of their coordinates, or for all before it.
    /// - Returns: nil if that is not known yet.
    public func before(all: Bool) throws -> [ItemArtifacts]? { try planner.items(before: position, of: stage, all: all) }

    /// What all stages in `from:` hand on, in that order.
    public func upstreams() throws -> [(stage: StageName, artifacts: StageArtifacts)]? {
        var found: [(stage: StageName, artifacts: StageArtifacts)] = []
        var isComplete = true
        for reference in stage.from {
            if let artifacts = try artifacts(of: reference.stage) {
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
    public func value(of file: ArtifactRef, of stage: StageName) throws -> Value? {
        try planner.value(of: file, shown: planner.shown(file, of: stage))
    }

    /// The bytes of several files; nil if any of them is not known, having asked for all.
    public func bytes(of files: [ArtifactRef]) throws -> [[UInt8]]? {
        let found = try files.map { try planner.bytes(of: $0) }
        return found.contains { $0 == nil } ? nil : found.compactMap { $0 }
    }

    /// A step that is part of the plan, as it stands by now.
    public func step(_ id: StepID) -> Step { planner.steps[id.index] }

    public func definition(of stage: StageName) -> StageDefinition? { planner.definition(of: stage) }

    /// Of all stages of the pipeline, in its order.
    public var stageNames: [StageName] { planner.stages.map(\.name) }

    /// How messages name an artifact.
    public func shown(_ file: ArtifactRef, of stage: StageName) -> String { planner.shown(file, of: stage) }

    /// A file that belongs to the pipeline (a prompt, a schema): the episode's, else the show's, else that of the pipeline that the show
    /// takes over.
    /// - Parameter location: where the person named it.
    public func showFile(_ path: String, at location: SourceLocation?) throws -> SourceFile {
        guard RelativePath.isClean(path) else {
            throw Diagnostic(.badInput, "\"\(path)\" must be a path below the show, without `..`", at: location)
        }
        for directory in [planner.episode.directory, planner.show.directory, planner.show.pipelineDirectory] {
            if let file = try planner.sources.file("\(directory)/\(path)") { return file }
        }
        let home = homes.first { planner.sources.near(path, in: $0) != nil } ?? planner.show.directory
        throw Diagnostic(
            .badInput, "there is no file \"\(path)\" in the show or the episode", at: location,
            remedy: planner.remedy(forMissing: path, in: home, else: "create \(planner.show.directory)/\(path)"))
    }

    /// What to do about a file of the episode that is not there: perhaps it is, under nearly that name.
    public func remedy(forMissing pattern: String, else usual: String) -> String {
        planner.remedy(forMissing: pattern, in: planner.episode.directory, else: usual)
    }

    /// The files of the episode that fit a pattern or a path; none that a build writes.
    public func episodeFiles(_ pattern: String) throws -> [SourceFile] {
        try planner.sources.glob(pattern, in: planner.episode.directory).filter { try planner.writer(of: Path($0.path)) == nil }
    }

    /// A file of this machine (a font), by its absolute path; nil if there is none.
    public func machineFile(_ path: String) throws -> SourceFile? { try planner.sources.file(path) }

    // MARK: other episodes

    /// Every episode of the show, this one too, in the order of their numbers.
    public func episodes() throws -> [Neighbour] { try planner.sources.episodes(of: planner.show) }

    /// What an episode has told; nil if it has told nothing yet.
    public func told(_ telling: Telling, by neighbour: Neighbour) throws -> [UInt8]? { try planner.progress.told(telling, by: neighbour) }

    /// Tells the other episodes of the show something about this one.
    public func tell(_ telling: Telling, _ source: ArtifactSource) { planner.told[telling] = (stage.name, source) }

    /// A file that an episode has delivered, as it is now.
    public func delivered(_ name: String, of neighbour: Neighbour) throws -> SourceFile? {
        try planner.sources.file("\(neighbour.directory)/out/\(name)")
    }

    /// True if a moment (seconds since 1970) has come.
    public func hasCome(_ moment: Int64) -> Bool { planner.progress.hasCome(moment) }

    /// Tells the person of something that is doubtful. Once, however often the stage is expanded.
    public func warn(_ warning: Diagnostic) { planner.warn(warning) }

    public func warn(_ message: String, at location: SourceLocation?, remedy: String) {
        planner.warn(Diagnostic(.badInput, message, at: location, remedy: remedy, severity: .warning))
    }

    public func bytes(of file: SourceFile) throws -> [UInt8] { try planner.sources.bytes(file) }

    /// What a file begins with, at most so many bytes: what it is, whatever it is called.
    public func start(of file: SourceFile, count: Int) throws -> [UInt8] { try planner.sources.start(of: file, count: count) }

    /// The files that a step has left in a directory, by their whole paths; nil until it has run.
    public func files(below directory: String, of step: StepID) -> [String]? { planner.files(below: directory, of: step) }

    /// The files that fit a pattern, with their paths below the episode; where none does, below the show. None that a build writes.
    public func homeFiles(_ pattern: String) throws -> [(path: String, file: SourceFile)] {
        for home in homes {
            let files = try planner.sources.glob(pattern, in: home).filter { try planner.writer(of: Path($0.path)) == nil }
            if !files.isEmpty { return files.compactMap { file in Path(file.path).below(home).map { (path: $0, file: file) } } }
        }
        return []
    }

    /// The directories of the episode and the show.
    public var homes: [String] { [planner.episode.directory, planner.show.directory] }

    /// A variable of the environment that epbuild was started in; nil if it is not set.
    public func variable(_ name: String) -> String? { planner.progress.variable(name) }

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

    /// The values that a template may name: `show`, `episode`, elements by their names, `previous`, `earlier`, and every stage by its name.
    /// Only what the template mentions is looked up.
    /// - Parameter own: what the tool has for some names.
    public func scope(for template: Template, with own: [String: Value] = [:]) throws -> [String: Value]? {
        var scope = own
        var isComplete = true
        for root in template.roots where own[root.name] == nil {
            guard let value = try Naming(self, planner).value(of: root.name, in: template, at: root.location) else {
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

    // MARK: adding steps

    /// Adds a step to the plan, or finds it if it was added before.
    /// - Parameters:
    ///   - name: tells the step from the others of the same target (`part 3`); "" if it is the only one.
    ///   - service: who serves it.
    ///   - fallbacks: who serves in its place if it fails, in order.
    ///   - reading: what its program may read beside its inputs, and tells of.
    ///   - passedVariables: those of its environment that come from outside.
    public func add(
        _ name: String = "", operation: Step.Operation, inputs: [Step.Input], outputs: [String],
        emptyDirectories: [String] = [], platform: [String: String] = [:], pool: Pool = .cpu, reasons: [Step.Reason] = [],
        question: Digest? = nil, service: Service? = nil, fallbacks: [Alternative] = [], reading: Step.Reading? = nil,
        passedVariables: Set<String> = []
    ) -> StepID {
        if let known = steps[name] { return known }
        var step = Step(
            target: target, tool: stage.tool, name: name, operation: operation, inputs: inputs, outputs: outputs, platform: platform,
            pool: pool == .cpu ? stage.pool ?? pool : pool, for: element, at: stage.location, emptyDirectories: emptyDirectories,
            reasons: reasons, question: question, service: fallbacks.isEmpty && service?.isNeeded != true ? nil : service,
            timeLimit: stage.timeLimit,
            retry: service?.configuration == nil ? stage.retry.over(workspace.retry) : stage.retry,
            reading: reading?.beside(inputs, outputs: outputs), passedVariables: passedVariables, like: planner.steps.last)
        step.alternatives = fallbacks + (isDraft ? planner.tools[stage.tool]?.placeholders(for: step, in: self) ?? [] : [])
        let id = planner.add(step)
        steps[name] = id
        return id
    }
}

extension Planner {
    struct SharedKey: Hashable {
        let stage: StageName
        let type: ObjectIdentifier
    }
}
