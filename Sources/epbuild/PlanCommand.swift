import ArgumentParser
import EpCore
import EpEngine
import EpHistory
import EpPlan

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Says what would run, why, and what it would take and cost; runs nothing.",
        usage: "epbuild plan PATH… [TARGET…] [--all] [--json]")

    @Argument(help: "Episodes, shows or workspaces, then targets.", completion: .targets)
    var words: [String] = []

    @Flag(help: "Name every action; else the first of each stage, and how many more.")
    var all = false

    @Flag(help: "Print one JSON object for each episode.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let (places, targets) = try Words(words).split(composition)
        try await PlanView.show(places, targets, composition, json: json, all: all)
    }
}

/// What would run: the actions that are stale or missing, with what changed, and what is not known yet.
struct PlanView {
    private let inspection: Inspection
    private let name: String
    private let estimate: Estimate
    private let warnings: [Diagnostic]
    /// Actions shown of each stage; the rest are counted.
    private let shownSteps: Int

    private let due: [Inspection.StepView]
    private let dependent: [Inspection.StepView]
    /// The same actions as some of these: they are made, and paid for, once.
    private let shared: [Inspection.StepView]

    private init(_ inspection: Inspection, name: String, durations: [ActionKind: RecordedDuration], width: Int, warnings: [Diagnostic], all: Bool) {
        self.inspection = inspection
        self.name = name
        self.warnings = warnings
        shownSteps = all ? .max : 5
        let open = inspection.steps.filter { $0.state != .upToDate }
        due = open.filter { $0.state != .unknown && $0.twin == nil }
        dependent = open.filter { $0.state == .unknown && $0.twin == nil }
        shared = open.filter { $0.twin != nil }
        estimate = Estimate(sure: due, possible: dependent, durations: durations, width: width)
    }

    /// Prints what would run for each episode. One whose memo says that nothing has changed is not looked up.
    static func show(_ places: [EpisodePlace], _ targets: [Target], _ composition: Composition, json: Bool, all: Bool = false) async throws {
        let builder = try composition.builder()
        var options = BuildOptions()
        options.targets = targets
        // One question a workspace.
        var recorded: [String: [ActionKind: RecordedDuration]] = [:]
        var round = EpisodeRound()
        let told = round.told
        for place in places {
            let name = place.shown(from: composition.setting.directory)
            // Most episodes of a workspace are up to date, and their memos can tell.
            if targets.isEmpty, let report = builder.upToDateReport(of: place) {
                report.warnings.forEach { told.tell($0) }
                Console.answer(json ? upToDate(name, report).json() : "\(name): up to date, nothing would run")
                continue
            }
            do {
                let inspection = try await builder.inspect(place, options) { told.tell($0) }
                let durations = try recorded[place.stateDirectory] ?? History(stateDirectory: place.stateDirectory) { Console.report($0) }.durations()
                recorded[place.stateDirectory] = durations
                let view = PlanView(inspection, name: name, durations: durations, width: builder.width(inspection.workspace, options), warnings: inspection.warnings, all: all)
                if json { Console.answer(view.value.json()) } else { view.lines.forEach(Console.answer) }
            } catch {
                let trouble = Trouble(error)
                round.note(trouble)
                if json { Console.answer(trouble.value(of: name).json()) } else if places.count > 1 { Console.answer("\(name): \(Trouble.state)") }
            }
        }
        if targets.isEmpty { await builder.lookAtShows(of: places, &round) }
        try round.end()
    }

    private var waiting: [Target] { inspection.gates.filter { !$0.state.isClosed }.map(\.subject.target) }
    private var unknownStages: [String] { inspection.stages.filter { $0.knowledge == .notYet }.map(\.definition.name.text) }

    private var lines: [String] {
        guard !due.isEmpty || !dependent.isEmpty || !unknownStages.isEmpty else { return ["\(name): up to date, nothing would run"] }
        var lines = ["\(name): \(due.count) to run, \(inspection.steps.count { $0.state == .upToDate }) up to date"]
        for stage in inspection.stages.map(\.definition.name) {
            let steps = due.filter { $0.target.stage == stage }
            for step in steps.prefix(shownSteps) { lines.append("  \(step.label)  \(Self.reason(step))") }
            if steps.count > shownSteps { lines.append("  … and \(steps.count - shownSteps) more of \(stage)") }
            let twins = shared.filter { $0.target.stage == stage && $0.state != .unknown }
            for step in twins.prefix(shownSteps) { lines.append("  \(step.label)  the same as \(step.twinLabel ?? ""), made once") }
            if twins.count > shownSteps { lines.append("  … and \(twins.count - shownSteps) more of \(stage), the same as others") }
        }
        lines += dependentLines
        for group in StageGroups.of(waiting) { lines.append("  \(group.wait): epbuild approve \(name) \(group.target)") }
        if !unknownStages.isEmpty { lines.append("  not known yet, as they depend on what is not made: \(unknownStages.joined(separator: ", "))") }
        if let estimate = estimate.line { lines.append("  would take \(estimate)") }
        return lines
    }

    /// What depends on the others: it runs if they come out different from before.
    private var dependentLines: [String] {
        var counts: [(stage: StageName, count: Int)] = []
        for step in dependent {
            if let index = counts.firstIndex(where: { $0.stage == step.target.stage }) { counts[index].count += 1 } else { counts.append((step.target.stage, 1)) }
        }
        guard !counts.isEmpty else { return [] }
        return ["  then what depends on these, if they come out different: \(counts.map { "\($0.count) of \($0.stage)" }.joined(separator: ", "))"]
    }

    static func reason(_ step: Inspection.StepView) -> String {
        if step.state == .missing { return "never built" }
        guard let change = step.changes.first else { return step.takeFree == step.address ? "its result is not in the cache" : "another take is asked for" }
        let more = step.changes.count > 1 ? " (and \(step.changes.count - 1) more)" : ""
        return "\(change.label): \(change.old) → \(change.new)\(more)"
    }

    private var value: Value {
        func step(_ step: Inspection.StepView) -> [Value.Member] { [.init("target", .string(step.target.description)), .init("step", .string(step.name))] }
        return .object([
            .init("episode", .string(name)),
            .init("upToDate", .int(Int64(inspection.steps.count { $0.state == .upToDate }))),
            .init("run", .list(due.map { due in
                .object(step(due) + [
                    .init("state", .string(due.state.rawValue)), .init("reason", .string(Self.reason(due))), .init("changes", .list(due.changes.map(\.value))),
                ])
            })),
            .init("dependent", .list(dependent.map { .object(step($0)) })),
            .init("shared", .list(shared.map { .object(step($0) + [.init("sameAs", .string($0.twinLabel ?? ""))]) })),
            .init("waiting", .list(waiting.map { .string($0.description) })),
            .init("notKnownYet", .list(unknownStages.map { .string($0) })),
            .init("estimate", estimate.value),
        ] + Self.members(warnings))
    }

    private static func members(_ warnings: [Diagnostic]) -> [Value.Member] {
        warnings.isEmpty ? [] : [.init("warnings", .list(warnings.map(\.value)))]
    }

    private static func upToDate(_ name: String, _ report: BuildReport) -> Value {
        .object([
            .init("episode", .string(name)), .init("upToDate", .int(Int64(report.actions.total))), .init("run", []), .init("dependent", []), .init("shared", []), .init("waiting", []),
            .init("notKnownYet", []), .init("estimate", ["costUSDLow": 0.0, "costUSDHigh": 0.0, "neverRun": 0]),
        ] + members(report.warnings))
    }
}

extension Inspection.StepView {
    var label: String { Self.label(target, name) }
    /// Of the first step that is the same action; nil if that is this one.
    var twinLabel: String? { twin.map { Self.label($0.target, $0.name) } }

    private static func label(_ target: Target, _ name: String) -> String { name.isEmpty ? "\(target)" : "\(target) (\(name))" }
}

extension EpisodePlace {
    func shown(from base: String) -> String {
        directory.hasPrefix(base + "/") ? String(directory.dropFirst(base.count + 1)) : directory
    }
}
