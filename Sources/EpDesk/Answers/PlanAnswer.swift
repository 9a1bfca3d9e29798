public import EpCore
public import EpEngine
import EpHistory
import EpPlan

/// An action that a plan of several episodes runs, by where it is met first.
public struct PlannedAction: Sendable {
    public let episode: String
    /// The target, and which step of it.
    public let label: String
}

/// What a build of an episode would run now, and what that would take and cost.
public struct PlanAnswer {
    /// As it is named on a command line.
    public let episode: String
    /// How many actions need not run.
    public let upToDate: Int
    /// What will run: its inputs are known, and it has no result.
    public let run: [Inspection.StepView]
    /// What runs if what it depends on comes out different.
    public let dependent: [Inspection.StepView]
    /// The same actions as some of these: they are made, and paid for, once.
    public let shared: [Inspection.StepView]
    /// The same actions as some that an episode before this one runs, by the same plan.
    public let runBefore: [(step: Inspection.StepView, by: PlannedAction)]
    /// Targets whose gate is open.
    public let waiting: [Target]
    /// Stages that cannot be planned before others are made.
    public let notKnownYet: [StageName]
    /// All stages, in the order of the pipeline; none if the memo has answered.
    public let stages: [StageName]
    public let estimate: Estimate
    /// What the person probably did not mean.
    public let warnings: [Diagnostic]

    /// What is to be spoken, by speaker, in the order in which they speak first. What two items share is counted once.
    public var speakers: [(name: String, lines: Int, characters: Int)] {
        var found: [(name: String, lines: Int, characters: Int)] = []
        var seen: Set<Target> = []
        for step in run {
            guard let title = step.title, let speaker = title.speaker, seen.insert(step.target).inserted else { continue }
            let index = found.firstIndex { $0.name == speaker } ?? found.count
            if index == found.count { found.append((speaker, 0, 0)) }
            found[index].lines += 1
            found[index].characters += title.words.count
        }
        return found
    }

    /// What will run, by address.
    fileprivate var actions: [ActionDigest: PlannedAction] {
        Dictionary(
            run.compactMap { step in step.address.map { ($0, PlannedAction(episode: episode, label: step.label)) } }
        ) { first, _ in first }
    }

    /// True if nothing would run.
    public var isUpToDate: Bool { run.isEmpty && runBefore.isEmpty && dependent.isEmpty && notKnownYet.isEmpty }

    /// - Parameters:
    ///   - durations: what like actions took.
    ///   - widths: how many run at once in each pool.
    ///   - earlier: what episodes before it run, by the same plan.
    init(
        _ episode: String, _ inspection: Inspection, durations: [ActionKind: RecordedDuration], widths: [Pool: Int],
        earlier: [ActionDigest: PlannedAction]
    ) {
        self.episode = episode
        let open = inspection.steps.filter { $0.state != .upToDate }
        upToDate = inspection.steps.count - open.count
        let due = open.filter { $0.state != .unknown && $0.twin == nil }
        func maker(of step: Inspection.StepView) -> PlannedAction? { step.address.flatMap { earlier[$0] } }
        run = due.filter { maker(of: $0) == nil }
        runBefore = due.compactMap { step in maker(of: step).map { (step, $0) } }
        dependent = open.filter { $0.state == .unknown && $0.twin == nil }
        shared = open.filter { $0.twin != nil }
        waiting = inspection.gates.filter { !$0.state.isClosed }.map(\.subject.target)
        notKnownYet = inspection.stages.filter { $0.knowledge == .notYet }.map(\.definition.name)
        stages = inspection.stages.map(\.definition.name)
        estimate = Estimate(sure: run, possible: dependent, durations: durations, in: .init(pool: inspection.pool(of:), widths: widths))
        warnings = inspection.warnings + inspection.forewarnings
    }

    /// Of an episode whose memo says that nothing has changed.
    init(_ episode: String, upToDate report: BuildReport) {
        self.episode = episode
        upToDate = report.actions.total
        (run, dependent, shared, runBefore, waiting, notKnownYet, stages) = ([], [], [], [], [], [], [])
        estimate = .none
        warnings = report.warnings
    }

    private func sharedValues(_ members: (Inspection.StepView) -> [Value.Member]) -> [Value] {
        shared.map { .object(members($0) + [.init("sameAs", .string($0.twinLabel ?? ""))]) }
            + runBefore.map { step, maker in
                .object(members(step) + [.init("sameAs", .string(maker.label)), .init("episode", .string(maker.episode))])
            }
    }

    /// As `plan --json` gives it.
    public var value: Value {
        func step(_ step: Inspection.StepView) -> [Value.Member] {
            [.init("target", .string(step.target.description)), .init("step", .string(step.name))] + (step.title?.members ?? [])
        }
        return .object(
            [
                .init("episode", .string(episode)),
                .init("upToDate", .int(Int64(upToDate))),
                .init(
                    "run",
                    .list(
                        run.map { due in
                            .object(
                                step(due) + [
                                    .init("state", .string(due.state.rawValue)), .init("reason", .string(due.reasonToRun)),
                                    .init("changes", .list(due.changes.map(\.value))),
                                ])
                        })),
                .init("dependent", .list(dependent.map { .object(step($0)) })),
                .init("shared", .list(sharedValues(step))),
                .init("waiting", .list(waiting.map { .string($0.description) })),
                .init("notKnownYet", .list(notKnownYet.map { .string($0.text) })),
                .init(
                    "speakers",
                    .list(
                        speakers.map {
                            ["speaker": .string($0.name), "lines": .int(Int64($0.lines)), "characters": .int(Int64($0.characters))]
                        })),
                .init("estimate", estimate.value),
            ] + (warnings.isEmpty ? [] : [.init("warnings", .list(warnings.map(\.value)))]))
    }
}

extension Desk {
    /// What builds of some episodes would run. Runs nothing; an episode whose memo says that nothing has changed is not looked up.
    /// - Parameter tell: is given each episode's answer, or why there is none.
    public func plan(_ places: [EpisodePlace], _ options: BuildOptions, tell: (Result<PlanAnswer, Trouble>) -> Void) async {
        // One question a workspace.
        var recorded: [String: [ActionKind: RecordedDuration]] = [:]
        // What several episodes have in common is made once.
        var running: [ActionDigest: PlannedAction] = [:]
        for place in places {
            // Most episodes of a workspace are up to date, and their memos can tell.
            if let answer = upToDatePlan(of: place, options) {
                tell(.success(answer))
                continue
            }
            do {
                let inspection = try await builder.inspect(place, options, warn: warn)
                let durations = try recorded[place.stateDirectory] ?? history(of: place).durations()
                recorded[place.stateDirectory] = durations
                let answer = plan(of: inspection, options, durations, earlier: running)
                if places.count > 1 { running.merge(answer.actions) { first, _ in first } }
                tell(.success(answer))
            } catch {
                tell(.failure(Trouble(error, of: builder.shown(place))))
            }
        }
    }

    /// An episode as it stands, and what a build of all of it would run: by one look.
    /// - Throws: what keeps it from being planned.
    public func look(at place: EpisodePlace) async throws -> (plan: PlanAnswer, inspection: Inspection) {
        let (options, known) = (BuildOptions(), upToDatePlan(of: place, BuildOptions()))
        let inspection = try await builder.inspect(place, options, forgiving: known != nil, warn: warn)
        return (try known ?? plan(of: inspection, options, history(of: place).durations()), inspection)
    }

    private func plan(
        of inspection: Inspection, _ options: BuildOptions, _ durations: [ActionKind: RecordedDuration],
        earlier: [ActionDigest: PlannedAction] = [:]
    ) -> PlanAnswer {
        inspection.forewarnings.forEach(warn)
        return PlanAnswer(
            builder.shown(inspection.place), inspection, durations: durations, widths: builder.usefulWidths(inspection.workspace, options),
            earlier: earlier)
    }

    /// Nil if the memo cannot tell, or something else than everything is asked for.
    private func upToDatePlan(of place: EpisodePlace, _ options: BuildOptions) -> PlanAnswer? {
        guard options.targets.isEmpty, let report = builder.upToDateReport(of: place) else { return nil }
        report.warnings.forEach(warn)
        return PlanAnswer(builder.shown(place), upToDate: report)
    }
}

extension Inspection.StepView {
    /// The target, and which step of it.
    public var label: String { Self.label(target, name) }
    /// Of the first step that is the same action; nil if that is this one.
    public var twinLabel: String? { twin.map { Self.label($0.target, $0.name) } }

    private static func label(_ target: Target, _ name: String) -> String { name.isEmpty ? "\(target)" : "\(target) (\(name))" }

    /// Why it would run, on one line: of several changes the first.
    public var reasonToRun: String {
        if state == .missing { return "never built" }
        guard let change = changes.first else {
            return takeFree == address ? "its result is not in the cache" : "another take is asked for"
        }
        let more = changes.count > 1 ? " (and \(changes.count - 1) more)" : ""
        return "\(change.label): \(change.old) → \(change.new)\(more)"
    }
}
