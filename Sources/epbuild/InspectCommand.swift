import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Prints what a target is made from: the command and the tree of its inputs.",
        usage: "epbuild inspect PATH TARGET [--cat LABEL] [--json]")

    @Argument(help: "An episode, then a target.", completion: .targets)
    var words: [String] = []

    @Option(help: "Print the content of this input, and nothing else.")
    var cat: String?

    @Flag(help: "Print one JSON object for each action.")
    var json = false

    func run() async throws {
        let session = try await TargetSession(words, needsTarget: true)
        let inspection = try await session.inspect()
        for target in session.targets {
            let answers = try session.desk.actions(of: target, in: inspection)
            if let cat {
                let actions = answers.map(\.action)
                let action = actions.first { action in action.inputs.contains { $0.label == cat } } ?? actions[0]
                Console.answer(bytes: try session.builder.content(of: cat, in: action))
            } else {
                for answer in answers { json ? Console.answer(answer.value.json()) : answer.lines.forEach(Console.answer) }
            }
        }
    }
}

extension ActionAnswer {
    fileprivate var lines: [String] {
        let (step, inputs) = (action.step, action.inputs)
        let width = inputs.map(\.label.count).max() ?? 0
        var lines = [
            Console.styled("\(step.label): \(step.state.rawValue)", .bold), "  action   \(step.address?.hex ?? "")",
            "  command  \(command)",
        ]
        lines += versions.map { "  version  \($0.name): \($0.version)" }
        lines += inputs.map {
            "  input    \($0.label)\(String(repeating: " ", count: width - $0.label.count))  \($0.digest.hex.prefix(16))  "
                + "\(Size.text($0.digest.size))"
        }
        lines += (step.result?.outputs ?? []).map { "  output   \($0.path)  \($0.digest.hex.prefix(16))  \(Size.text($0.digest.size))" }
        if let servedBy = step.result?.servedBy, !servedBy.isEmpty { lines.append("  made by  \(Provider.shown(servedBy))") }
        return lines
    }
}
