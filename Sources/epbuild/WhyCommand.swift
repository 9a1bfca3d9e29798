import ArgumentParser
import EpCore
import EpDesk
import EpEngine
import EpHistory

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Names the inputs that changed, old and new; of what is up to date, why it ran last.",
        usage: "epbuild why PATH TARGET [--json]")

    @Argument(help: "An episode, then a target.", completion: .targets)
    var words: [String] = []

    @Flag(help: "Print one JSON object for each action.")
    var json = false

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        let inspection = try await session.inspect { Console.report($0) }
        for target in session.targets {
            let answer = try session.desk.why(target, in: inspection)
            if json { answer.values.forEach { Console.answer($0.json()) } } else { tell(answer) }
        }
    }

    private func tell(_ answer: WhyAnswer) {
        if let silence = answer.silence { return Console.answer("\(answer.target) \(silence)") }
        let due = answer.steps.filter { $0.step.state != .upToDate }
        if due.isEmpty, answer.steps.count > 1 { Console.answer("\(answer.target): all \(answer.steps.count) are up to date") }
        for step in due.isEmpty ? answer.steps.prefix(StepReason.shown) : due[...] { step.lines.forEach(Console.answer) }
        if due.isEmpty, answer.steps.count > StepReason.shown {
            Console.answer("… and \(answer.steps.count - StepReason.shown) more: name one of them")
        }
    }
}

extension StepReason {
    /// As many of a target that is up to date are told of.
    fileprivate static let shown = 3

    fileprivate var lines: [String] {
        ["\(step.label): \(step.state.rawValue)\(reason.map { ", \($0)" } ?? "")"]
            + step.changes.flatMap { Self.change($0.label, $0.old, $0.new) } + history
    }

    /// When it ran last, and why.
    private var history: [String] {
        guard let last else { return step.state == .upToDate && !step.isPinned ? ["  it came from the cache: it never ran here"] : [] }
        let took = "  last ran in build \(last.build) (\(TimeSpan.text(last.seconds)))"
        guard step.state == .upToDate, !last.reasons.isEmpty else { return [took] }
        return [took + ", because"]
            + last.reasons.flatMap { Self.change($0["input"]?.string ?? "", $0["old"]?.string ?? "", $0["new"]?.string ?? "") }
    }

    private static func change(_ label: String, _ old: String, _ new: String) -> [String] { ["  \(label)", "    - \(old)", "    + \(new)"] }
}
