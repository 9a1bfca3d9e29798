import ArgumentParser
import EpCore
import EpEngine
import EpPlan

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Says what would run, and why; runs nothing.", usage: "epbuild plan PATH… [TARGET…] [--json]")

    @Argument(help: "Episodes, shows or workspaces, then targets.", completion: .targets)
    var words: [String] = []

    @Flag(help: "Print one JSON object for each episode.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let (places, targets) = try Words(words).split(composition)
        try await PlanView.show(places, targets, composition, json: json)
    }
}

/// What would run: the steps that are stale or missing, with what changed, and the stages that are not known yet.
struct PlanView {
    private let inspection: Inspection
    private let name: String
    /// Steps shown of each stage; the rest are counted.
    private static let shownSteps = 5

    init(_ inspection: Inspection, shownFrom base: String) {
        self.inspection = inspection
        name = inspection.place.shown(from: base)
    }

    /// Prints what would run for each episode.
    static func show(_ places: [EpisodePlace], _ targets: [Target], _ composition: Composition, json: Bool) async throws {
        let builder = try composition.builder()
        var options = BuildOptions()
        options.targets = targets
        for place in places {
            // Most episodes of a workspace are up to date, and their memos can tell.
            if targets.isEmpty, let report = builder.upToDateReport(of: place) {
                Console.answer(json ? upToDate(report).json() : "\(report.episode): up to date, nothing would run")
                continue
            }
            let inspection = try await builder.inspect(place, options, observer: Unobserved())
            let view = PlanView(inspection, shownFrom: composition.setting.directory)
            if json { Console.answer(view.value.json()) } else { view.lines.forEach(Console.answer) }
        }
    }

    private static func upToDate(_ report: BuildReport) -> Value {
        ["episode": .string(report.episode), "upToDate": .int(Int64(report.actions.total)), "run": [], "dependent": 0, "notKnownYet": []]
    }

    private var due: [Inspection.StepView] { inspection.steps.filter { $0.state == .stale || $0.state == .missing } }
    private var unknownSteps: Int { inspection.steps.count { $0.state == .unknown } }
    private var unknownStages: [String] { inspection.stages.filter { $0.knowledge == .notYet }.map(\.definition.name.text) }

    var lines: [String] {
        guard !due.isEmpty || unknownSteps > 0 || !unknownStages.isEmpty else { return ["\(name): up to date, nothing would run"] }
        var lines = ["\(name): \(due.count) to run, \(inspection.steps.count { $0.state == .upToDate }) up to date"]
        for stage in inspection.stages.map(\.definition.name) {
            let steps = due.filter { $0.target.stage == stage }
            for step in steps.prefix(Self.shownSteps) { lines.append("  \(step.label)  \(Self.reason(step))") }
            if steps.count > Self.shownSteps { lines.append("  … and \(steps.count - Self.shownSteps) more of \(stage)") }
        }
        if unknownSteps > 0 { lines.append("  \(unknownSteps) more depend on these") }
        if !unknownStages.isEmpty { lines.append("  not known yet: \(unknownStages.joined(separator: ", "))") }
        return lines
    }

    private static func reason(_ step: Inspection.StepView) -> String {
        if step.state == .missing { return "never built" }
        guard let change = step.changes.first else { return "its result is not in the cache" }
        let more = step.changes.count > 1 ? " (and \(step.changes.count - 1) more)" : ""
        return "\(change.label): \(change.old) → \(change.new)\(more)"
    }

    var value: Value {
        [
            "episode": .string(name),
            "upToDate": .int(Int64(inspection.steps.count { $0.state == .upToDate })),
            "run": .list(due.map { step in
                [
                    "target": .string(step.target.description), "step": .string(step.name), "state": .string(step.state.rawValue),
                    "changes": .list(step.changes.map(\.value)),
                ]
            }),
            "dependent": .int(Int64(unknownSteps)),
            "notKnownYet": .list(unknownStages.map { .string($0) }),
        ]
    }
}

extension Inspection.StepView {
    var label: String { name.isEmpty ? "\(target)" : "\(target) (\(name))" }
}

extension EpisodePlace {
    func shown(from base: String) -> String {
        directory.hasPrefix(base + "/") ? String(directory.dropFirst(base.count + 1)) : directory
    }
}
