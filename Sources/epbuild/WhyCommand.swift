import ArgumentParser
import EpCore
import EpEngine
import EpHistory
import EpPlan

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Names the inputs that changed, old and new; of what is up to date, why it ran last.",
        usage: "epbuild why PATH TARGET [--json]")

    @Argument(help: "An episode, then a target.", completion: .targets)
    var words: [String] = []

    @Flag(help: "Print one JSON object for each action.")
    var json = false

    func run() async throws {
        let session = try TargetSession(words, needsTarget: true)
        let inspection = try await session.inspect { Console.report($0) }
        let history = History(stateDirectory: session.place.stateDirectory) { Console.report($0) }
        for target in session.targets {
            let steps = inspection.steps(of: target)
            if steps.isEmpty { try silence(target, inspection) }
            let answers = try steps.map { Answer($0, last: try history.lastExecution(of: $0.target, step: $0.name, in: EpisodeName(session.place))) }
            if json { answers.forEach { Console.answer($0.value.json()) } } else { tell(target, answers) }
        }
    }

    private func tell(_ target: Target, _ answers: [Answer]) {
        let due = answers.filter { $0.step.state != .upToDate }
        if due.isEmpty, answers.count > 1 { Console.answer("\(target): all \(answers.count) are up to date") }
        for answer in due.isEmpty ? answers.prefix(Answer.shown) : due[...] { answer.lines.forEach(Console.answer) }
        if due.isEmpty, answers.count > Answer.shown { Console.answer("… and \(answers.count - Answer.shown) more: name one of them") }
    }

    /// Why there is nothing to ask about.
    private func silence(_ target: Target, _ inspection: Inspection) throws {
        let stage = try inspection.view(of: target)
        let waiting = inspection.gates.filter { !$0.state.isClosed }.map(\.subject.target.description)
        let reason = if inspection.isEdited(target) { "is edited by hand: nothing generates it" } else {
            switch stage.knowledge {
            case .known: target.item == nil ? "runs nothing" : "is no item of \(target.stage)"
            case .notYet where !waiting.isEmpty: "waits for a decision on \(waiting.joined(separator: ", "))"
            case .notYet: "is not known before what it depends on is built: see `epbuild plan`"
            case .notNeeded: "is not needed: an edit stands for what would read it"
            }
        }
        Console.answer(json ? Value.object([.init("target", .string(target.description)), .init("reason", .string(reason))]).json() : "\(target) \(reason)")
    }
}

/// Why one action would run, or why it does not and did the last time.
private struct Answer {
    static let shown = 3
    let step: Inspection.StepView
    let last: ActionRecord?

    init(_ step: Inspection.StepView, last: ActionRecord?) {
        self.step = step
        self.last = last
    }

    var lines: [String] {
        ["\(step.label): \(step.state.rawValue)\(reason.map { ", \($0)" } ?? "")"] + step.changes.flatMap { Self.change($0.label, $0.old, $0.new) } + history
    }

    private var reason: String? {
        switch step.state {
        case .upToDate where step.isPinned: "as it is pinned"
        case .upToDate: "none of its inputs changed"
        case .unknown: "what it depends on is not built"
        case .missing: "it was never built"
        case .stale where !step.changes.isEmpty: nil
        case .stale: step.takeFree == step.address ? "its result is not in the cache" : "another take is asked for"
        }
    }

    /// When it ran last, and why.
    private var history: [String] {
        guard let last else { return step.state == .upToDate && !step.isPinned ? ["  it came from the cache: it never ran here"] : [] }
        let took = "  last ran in build \(last.build) (\(TimeSpan.text(last.seconds)))"
        guard step.state == .upToDate, !last.reasons.isEmpty else { return [took] }
        return [took + ", because"] + last.reasons.flatMap { Self.change($0["input"]?.string ?? "", $0["old"]?.string ?? "", $0["new"]?.string ?? "") }
    }

    private static func change(_ label: String, _ old: String, _ new: String) -> [String] { ["  \(label)", "    - \(old)", "    + \(new)"] }

    var value: Value {
        var members: [Value.Member] = [
            .init("target", .string(step.target.description)), .init("step", .string(step.name)), .init("state", .string(step.state.rawValue)),
            .init("reason", reason.map { .string($0) } ?? .null), .init("changes", .list(step.changes.map(\.value))),
        ]
        if let last { members.append(.init("lastRun", .object([.init("build", .int(last.build)), .init("seconds", .double(last.seconds)), .init("changes", .list(last.reasons))]))) }
        return .object(members)
    }
}
