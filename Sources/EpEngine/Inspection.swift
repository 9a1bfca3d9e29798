import EpCache
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

    public struct StepView: Sendable {
        public let target: Target
        public let name: String
        public let tool: ToolName
        public let state: State
        /// Nil if its inputs are not known.
        public let takeFree: ActionDigest?
        public let address: ActionDigest?
        /// The rendition that is in use.
        public let take: Take
        /// Its first take; nil if its inputs are not known, or it is pinned.
        let action: Action?
        public let result: ActionResult?
        /// The element that its item was made for; nil for a stage that does not fan out.
        public let element: Value?
        /// Where the element is written; nil if it stands in no file.
        public let place: SourceLocation?
        public let question: Digest?
        /// What it asks of a service; nil: nothing.
        public let call: ProviderCall?
        public let isPinned: Bool
        /// True if an earlier result stands for what it would make, as a person has accepted that.
        public let isAccepted: Bool
        /// The first step of the plan that is the same action, if that is another: what that comes to is this one's, too.
        public let twin: (target: Target, name: String)?
        let id: StepID
        /// What is different from when it was last up to date.
        public let changes: [InputChange]
    }

    /// How much the plan can say of a stage.
    public enum Knowledge: Sendable {
        case known
        /// It depends on artifacts that are not built, or not approved.
        case notYet
        /// Nothing that is asked for reads it: an edit stands for what would.
        case notNeeded
    }

    public struct StageView {
        public let definition: StageDefinition
        public let knowledge: Knowledge
    }

    public let place: EpisodePlace
    /// Stage by stage, each after those that it reads, and item by item.
    public let steps: [StepView]
    /// In the order of the pipeline.
    public let stages: [StageView]
    /// Every gated artifact that is known, with the state of its gate.
    public let gates: [(subject: GateSubject, state: GateState)]
    /// Hand edits that stand for stages.
    public let edits: [EditReport]
    /// Pins whose item is gone.
    public let lostPins: [Target]
    public let workspace: Workspace
    /// What the person probably did not mean.
    public let warnings: [Diagnostic]
    let lock: EpisodeLock
    let pass: BuildPass
    let trace: Trace

    /// What may go wrong with what a build would run now.
    public var forewarnings: [Diagnostic] { pass.forewarnings() }

    public func steps(of target: Target) -> [StepView] {
        steps.filter { target.covers($0.target) }
    }

    /// Where a step waits for its turn.
    public func pool(of step: StepView) -> Pool { pass.planner.steps[step.id.index].pool }

    /// Targets besides these whose actions are the same as some of theirs: what is decided about these takes is decided about those, too.
    public func sharing(actionsOf targets: [Target]) -> [Target] {
        func isNamed(_ step: StepView) -> Bool { targets.contains { $0.covers(step.target) } }
        let actions = Set(steps.filter(isNamed).compactMap { $0.action == nil ? nil : $0.takeFree })
        var seen: Set<Target> = []
        return steps.filter { step in
            step.takeFree.map(actions.contains) == true && step.action != nil && !isNamed(step) && seen.insert(step.target).inserted
        }.map(\.target)
    }

    /// True if a person has changed a stage's text, or that of any of its items.
    public func isEdited(_ target: Target) -> Bool { pass.planner.isEdited(target) }

    /// A stage and every stage that reads it, as far as they have actions that are known.
    public func stages(from stage: StageName) -> [StageName] {
        pass.planner.readers(of: stage).filter { name in steps.contains { $0.target.stage == name && $0.action != nil } }
    }

    /// The items that a speaker says, within some stages or in all.
    /// - Throws: `Diagnostic` (usage) if nobody of that name says anything.
    public func items(spokenBy speaker: String, in stages: [StageName]) throws(Diagnostic) -> [Target] {
        var seen: Set<Target> = []
        let spoken = steps.filter {
            $0.element?["speaker"]?.string != nil && (stages.isEmpty || stages.contains($0.target.stage)) && seen.insert($0.target).inserted
        }
        let found = spoken.filter { $0.element?["speaker"]?.string?.lowercased() == speaker.lowercased() }
        guard found.isEmpty else { return found.map(\.target) }
        let names = Set(spoken.compactMap { $0.element?["speaker"]?.string }).sorted()
        throw Diagnostic(
            .usage, "nobody called \"\(speaker)\" says anything here",
            remedy: names.isEmpty ? "the script is not known yet: build it first" : Suggestion.remedy(for: speaker, in: names))
    }

    /// - Throws: `Diagnostic` (usage) if there is no such stage.
    public func definition(of target: Target) throws(Diagnostic) -> StageDefinition {
        try view(of: target).definition
    }

    /// - Throws: `Diagnostic` (usage) if there is no such stage.
    public func view(of target: Target) throws(Diagnostic) -> StageView {
        if let stage = stages.first(where: { $0.definition.name == target.stage }) { return stage }
        throw Diagnostic(
            .usage, "there is no stage \"\(target.stage)\"",
            remedy: Suggestion.remedy(for: target.stage.text, in: stages.map(\.definition.name.text)))
    }

    init(_ planned: BuildSession.Planned, _ place: EpisodePlace, trace: Trace, edits: [EditReport], warnings: [Diagnostic]) {
        self.warnings = warnings
        self.edits = edits
        self.place = place
        let pass = planned.pass
        (lock, workspace, gates) = (planned.unit.lock, planned.unit.workspace, pass.planner.gates)
        (self.pass, self.trace) = (pass, trace)
        lostPins = pass.planner.lostPins.sorted { $0.description < $1.description }
        let awaited = pass.planner.awaitedStages
        stages = planned.unit.stages.map { stage in
            StageView(
                definition: stage,
                knowledge: pass.planner.isKnown(stage.name) ? .known : awaited.contains(stage.name) ? .notYet : .notNeeded)
        }
        let due = pass.planner.steps.indices.filter { pass.results[$0] == nil || pass.addresses[$0]?.isAccepted == true }.map {
            Trace.key(pass.planner.steps[$0])
        }
        let known = trace.inputs(of: Set(due))
        let elements = Self.elements(pass.planner)
        let twins = pass.firstTwins()
        let moved = MovedElements(pass)
        steps = Self.order(of: pass.planner).map { index in
            let step = pass.planner.steps[index]
            let address = pass.addresses[index]
            let before = known[Trace.key(step)]
            let changes =
                address == nil || before.map { moved.has($0, of: step) } ?? true
                ? [] : before.map { InputChange.changes(from: $0, to: pass.inputs(of: index)) } ?? []
            let state: State =
                if pass.results[index] != nil { .upToDate } else if address == nil { .unknown } else {
                    before.map { moved.has($0, of: step) } ?? true ? .missing : .stale
                }
            return StepView(
                target: step.target, name: step.name, tool: step.tool, state: state, takeFree: address?.takeFree, address: address?.digest,
                take: address?.take ?? .first, action: address.flatMap { _ in StepWorker.firstTake(of: pass.resolveFirst(StepID(index))) },
                result: pass.results[index],
                element: elements[step.target]?.value, place: elements[step.target]?.location, question: step.question, call: step.call,
                isPinned: step.isPinned,
                isAccepted: address?.isAccepted == true,
                twin: twins[index] == index ? nil : (pass.planner.steps[twins[index]].target, pass.planner.steps[twins[index]].name),
                id: StepID(index), changes: changes)
        }
    }

    /// The plan's steps are in the order in which they could be named; people go through them stage by stage.
    private static func order(of planner: Planner) -> [Int] {
        let ranks = Dictionary(uniqueKeysWithValues: planner.stagesInOrder.enumerated().map { ($1, $0) })
        var places: [Target: Int] = [:]
        for stage in planner.stages where stage.fansOut {
            for (place, item) in planner.items(of: stage.name).enumerated() { places[Target(stage: stage.name, item: item.item)] = place }
        }
        let keys = planner.steps.map { (rank: ranks[$0.target.stage] ?? 0, place: places[$0.target] ?? .max) }
        return keys.indices.sorted { (keys[$0].rank, keys[$0].place, $0) < (keys[$1].rank, keys[$1].place, $1) }
    }

    private static func elements(_ planner: Planner) -> [Target: Element] {
        var elements: [Target: Element] = [:]
        for stage in planner.stages where stage.fansOut {
            for item in planner.items(of: stage.name) { elements[Target(stage: stage.name, item: item.item)] = item.element }
        }
        return elements
    }
}

extension Inspection {
    /// The action of one step, as far as it can be looked into.
    public struct ActionView {
        public let step: StepView
        /// By label: what each input is, and how its bytes are had.
        public let inputs: [(label: String, digest: Digest)]
        public let operation: Step.Operation
        /// Versions of the programs and libraries that it relies on.
        public let platform: [String: String]
        /// The variables of its environment whose values nobody is shown.
        public var passedVariables: Set<String> { resolved.step.passedVariables }
        let resolved: ResolvedStep
    }

    /// The actions of a target; those whose inputs are not known yet are left out.
    public func actions(of target: Target) -> [ActionView] {
        steps.filter { pass.addresses[$0.id.index] != nil && target.covers($0.target) }.map { step in
            let resolved = pass.resolve(step.id)
            let inputs = zip(resolved.step.inputs, resolved.inputs).map { (label: $0.label, digest: $1) }
            return ActionView(
                step: step, inputs: inputs.sorted { $0.label < $1.label }, operation: resolved.step.operation,
                platform: resolved.step.platform, resolved: resolved)
        }
    }

    /// Pins for the results that a target has now, an item each.
    /// - Throws: `Diagnostic` if it is not built, or nothing generates it.
    func pins(of target: Target) throws -> [Target: Pin] {
        _ = try view(of: target)
        if isEdited(target) {
            throw Diagnostic(.usage, "\(target) is edited by hand, so it stands as it is", remedy: "there is nothing to pin")
        }
        let places = Dictionary(pass.planner.places(of: target.stage).map { (Path($0.item), $0.place) }) { first, _ in first }
        var pins: [Target: Pin] = [:]
        for item in pass.planner.items(of: target.stage)
        where target.covers(Target(stage: target.stage, item: item.item)) && !item.isSkipped {
            let place = item.item.flatMap { places[Path($0)] } ?? ItemPlace([])
            let files = item.files.compactMap(file)
            guard files.count == item.files.count, !files.isEmpty else { throw notBuilt(target) }
            pins[Target(stage: target.stage, item: item.item)] = Pin(item: item.item, place: place, files: files)
        }
        guard !pins.isEmpty else { throw notBuilt(target) }
        return pins
    }

    private func file(_ ref: ArtifactRef) -> Pin.File? {
        guard case .output(let step, let path) = ref.source, pass.results[step.index] != nil, let address = pass.addresses[step.index]
        else { return nil }
        return Pin.File(name: ref.name, action: address.digest, path: path)
    }

    private func notBuilt(_ target: Target) -> Diagnostic {
        Diagnostic(.usage, "\(target) has no result that could be pinned", remedy: "build it first")
    }
}

extension Step {
    var isPinned: Bool { if case .stored = operation { true } else { false } }
}

extension Builder {
    /// What a person sees of an episode's state without anything being run: from its memo if that can tell, else by looking it up.
    /// - Parameter warn: is told of what the person probably did not mean, even if the episode cannot be looked at.
    public func overview(_ place: EpisodePlace, warn: @escaping @Sendable (Diagnostic) -> Void) async throws -> EpisodeOverview {
        if try !hasAccepted(at: place), let report = upToDateReport(of: place) {
            report.warnings.forEach(warn)
            return EpisodeOverview(report)
        }
        let inspection = try await inspect(place, forgiving: true, warn: warn)
        // What cannot be read is told of, unless it is a merge that somebody is at.
        if let error = inspection.pass.planner.problems.diagnostics.error, inspection.edits.worst != .conflicting { throw error }
        return EpisodeOverview(
            inspection, name: SourceFiles(shownFrom: shownFrom).shown(place.directory), warnings: inspection.warnings)
    }

    /// Looks an episode up without running or writing anything.
    /// - Parameters:
    ///   - forgiving: a stage that cannot be planned is not known, and no error: to give up an edit that is broken must be possible.
    ///   - warn: is told of what the person probably did not mean, even if the episode cannot be looked at.
    /// - Throws: `Diagnostic` or `DiagnosticList` if what the person wrote is wrong. Conflict marks are not: they are told of by the edit's
    ///   state.
    public func inspect(
        _ place: EpisodePlace, _ options: BuildOptions = BuildOptions(), forgiving: Bool = false,
        warn: @escaping @Sendable (Diagnostic) -> Void = { _ in }
    ) async throws -> Inspection {
        var options = options
        options.isForgiving = true
        options.isDryRun = true
        options.isOffline = true
        let events = BuildEvents(of: place, surroundings) { if case .warning(let problem) = $0.kind { warn(problem) } }
        var recall: Task? = recalling(place)
        return try await settled {
            let last = try LastBuild(of: place, fingerprint: fingerprint)
            let session = BuildSession(builder: self, place: place, options: options, events: events, last: last, recall: recall.take())
            let planned = try await session.pass()
            if let reason = planned.reason { throw DamagedInput(reason) }
            let problems = planned.pass.failures.map(\.diagnostic) + (forgiving ? [] : planned.pass.planner.problems.diagnostics)
            if let error = problems.error { throw error }
            return Inspection(
                planned, place, trace: try Trace(of: place), edits: try await session.edits(planned), warnings: events.warnings)
        }
    }

    /// The bytes of one output of a result.
    public func content(of path: String, in result: ActionResult) throws -> [UInt8] {
        guard let digest = result[path], let bytes = try cache.bytes(digest) else {
            throw Diagnostic(.damagedCache, "\(path) is damaged, and was set aside", remedy: "build again: it is made anew")
        }
        return bytes
    }

    /// One output of a result, to read stretches of it.
    public func open(_ path: String, in result: ActionResult) throws -> any RandomAccessBytes {
        guard let digest = result[path], let file = try cache.open(digest) else {
            throw Diagnostic(.damagedCache, "\(path) is damaged, and was set aside", remedy: "build again: it is made anew")
        }
        return file
    }

    /// An input's bytes.
    /// - Throws: `Diagnostic` (usage) if the action has no such input.
    public func content(of label: String, in action: Inspection.ActionView) throws -> [UInt8] {
        guard action.inputs.contains(where: { $0.label == label }) else {
            throw Diagnostic(
                .usage, "\(action.step.target) has no input \"\(label)\"",
                remedy: Suggestion.remedy(for: label, in: action.inputs.map(\.label)))
        }
        do {
            return try StoredInputs(action.resolved, cache).bytes(label)
        } catch let damage as DamagedInput {
            throw Diagnostic(.damagedCache, damage.what, remedy: "build again: it is made anew")
        }
    }
}
