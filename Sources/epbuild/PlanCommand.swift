import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpPlan

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Says what would run, why, and what it would take and cost; runs nothing.",
        usage: "epbuild plan PATH… [TARGET…] [--only NAME=VALUE] [--all] [--json]")

    @Argument(help: "Episodes, shows or workspaces, then targets.", completion: .targets)
    var words: [String] = []

    @Flag(help: "Name every action; else the first of each stage, and how many more.")
    var all = false

    @Flag(help: "Print one JSON object for each episode.")
    var json = false

    @OptionGroup var part: PartOptions

    func run() async throws {
        let composition = Composition()
        let (places, targets) = try await Words(words).split(composition)
        try part.check(targets)
        var options = BuildOptions()
        (options.targets, options.excerpt) = (targets, part.excerpt)
        try await PlanView.show(places, options, composition, json: json, all: all)
    }
}

/// What would run, for a person: the actions that are stale or missing, with what changed, and what is not known yet.
struct PlanView {
    private let answer: PlanAnswer
    /// Actions shown of each stage; the rest are counted.
    private let shownSteps: Int

    private init(_ answer: PlanAnswer, all: Bool) {
        self.answer = answer
        shownSteps = all ? .max : 5
    }

    /// Prints what would run for each episode.
    static func show(
        _ places: [EpisodePlace], _ options: BuildOptions, _ composition: Composition, json: Bool, all: Bool = false
    ) async throws {
        var round = EpisodeRound()
        let desk = try composition.desk { [told = round.told] in told.tell($0) }
        await desk.plan(places, options) { result in
            switch result {
            case .success(let answer):
                if json { Console.answer(answer.value.json()) } else { PlanView(answer, all: all).lines.forEach(Console.answer) }
            case .failure(let trouble):
                round.note(trouble)
                if json {
                    Console.answer(trouble.value.json())
                } else if places.count > 1 {
                    Console.answer("\(trouble.episode): \(Trouble.state)")
                }
            }
        }
        if options.isWhole { await desk.showTroubles(of: places).forEach { round.note($0) } }
        try round.end()
    }

    private var lines: [String] {
        let name = answer.episode
        guard !answer.isUpToDate else { return ["\(name): up to date, nothing would run"] }
        var lines = ["\(name): \(answer.run.count) to run, \(answer.upToDate) up to date"]
        for stage in answer.stages {
            let steps = answer.run.filter { $0.target.stage == stage }
            for step in steps.prefix(shownSteps) { lines.append("  \(heading(of: step))  \(step.reasonToRun)") }
            if steps.count > shownSteps { lines.append("  … and \(steps.count - shownSteps) more of \(stage)") }
            let twins = answer.shared.filter { $0.target.stage == stage && $0.state != .unknown }
            for step in twins.prefix(shownSteps) { lines.append("  \(heading(of: step))  the same as \(step.twinLabel ?? ""), made once") }
            if twins.count > shownSteps { lines.append("  … and \(twins.count - shownSteps) more of \(stage), the same as others") }
            let before = answer.runBefore.filter { $0.step.target.stage == stage }
            for (step, maker) in before.prefix(shownSteps) {
                lines.append("  \(heading(of: step))  the same as \(maker.label) of \(maker.episode), made once")
            }
            if before.count > shownSteps {
                lines.append("  … and \(before.count - shownSteps) more of \(stage), the same as in other episodes")
            }
        }
        lines += dependentLines
        for group in StageGroups.of(answer.waiting) { lines.append("  \(group.wait): epbuild approve \(name) \(group.target)") }
        if !answer.notKnownYet.isEmpty {
            lines.append("  not known yet, as they depend on what is not made: \(answer.notKnownYet.map(\.text).joined(separator: ", "))")
        }
        if !answer.speakers.isEmpty { lines.append("  to be spoken: \(speakers)") }
        if let estimate = answer.estimate.line { lines.append("  would \(estimate)") }
        return lines
    }

    /// `PIP 2 lines (61 characters), OLIVER 1 line (40 characters)`.
    private var speakers: String {
        answer.speakers.map { "\($0.name) \(Number.of($0.lines, "line")) (\(Number.of($0.characters, "character")))" }.joined(
            separator: ", ")
    }

    /// The target; of a line who says what, and where it is written.
    private func heading(of step: Inspection.StepView) -> String {
        guard let title = step.title else { return step.label }
        let place =
            title.place.flatMap { $0.line == 0 ? nil : $0 }.map {
                " (\(Path($0.file).name):\($0.line))"
            } ?? ""
        return "\(step.label)  \(title.text())\(place)"
    }

    /// What depends on the others: it runs if they come out different from before.
    private var dependentLines: [String] {
        var counts: [(stage: StageName, count: Int)] = []
        for step in answer.dependent {
            if let index = counts.firstIndex(where: { $0.stage == step.target.stage }) {
                counts[index].count += 1
            } else {
                counts.append((step.target.stage, 1))
            }
        }
        guard !counts.isEmpty else { return [] }
        return [
            "  then what depends on these, if they come out different: "
                + "\(counts.map { "\($0.count) of \($0.stage)" }.joined(separator: ", "))"
        ]
    }
}

extension Estimate {
    /// One line for a person; nil if nothing like it was ever run and it costs nothing.
    fileprivate var line: String? {
        let range =
            cost.lowerBound == cost.upperBound ? cost.upperBound.shown : "\(cost.lowerBound.shownOrZero) to \(cost.upperBound.shown)"
        let money = cost.upperBound == .zero ? "" : range
        guard let seconds else { return money.isEmpty ? nil : "cost \(money); how long it takes nobody knows yet" }
        let (low, high) = (TimeSpan.text(seconds.lowerBound), TimeSpan.text(seconds.upperBound))
        let rest = unknown == 0 ? "" : ", without the time of \(Number.of(unknown, "action")) of a kind that was never run"
        return "take \(low == high ? "about \(low)" : "\(low) to \(high)")\(money.isEmpty ? "" : ", \(money)")\(rest)"
    }
}
