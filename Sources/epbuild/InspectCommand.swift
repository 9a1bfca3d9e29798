import ArgumentParser
import EpCore
import EpEngine
import EpPlan

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
        let session = try TargetSession(words, needsTarget: true)
        let inspection = try await session.inspect()
        for target in session.targets {
            let actions = inspection.actions(of: target)
            guard !actions.isEmpty else { throw try inspection.absence(of: target) }
            if let cat {
                let action = actions.first { action in action.inputs.contains { $0.label == cat } } ?? actions[0]
                Console.answer(bytes: try session.builder.content(of: cat, in: action))
            } else {
                for action in actions { json ? Console.answer(action.value.json()) : action.lines.forEach(Console.answer) }
            }
        }
    }
}

extension Inspection.ActionView {
    fileprivate var command: String {
        switch operation {
        case .program(let arguments, let environment):
            (environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + arguments).joined(separator: " ")
        case .builtIn(let tool, let operation, let revision): "\(tool).\(operation), revision \(revision)"
        case .stored: "nothing: it is pinned"
        }
    }

    fileprivate var lines: [String] {
        let width = inputs.map(\.label.count).max() ?? 0
        var lines = [Console.styled("\(step.label): \(step.state.rawValue)", .bold), "  action   \(step.address?.hex ?? "")", "  command  \(command)"]
        lines += platform.sorted { $0.key < $1.key }.map { "  version  \($0.key): \($0.value)" }
        lines += inputs.map { "  input    \($0.label)\(String(repeating: " ", count: width - $0.label.count))  \($0.digest.hex.prefix(16))  \(Size.text($0.digest.size))" }
        lines += (step.result?.outputs ?? []).map { "  output   \($0.path)  \($0.digest.hex.prefix(16))  \(Size.text($0.digest.size))" }
        if let servedBy = step.result?.servedBy, !servedBy.isEmpty { lines.append("  made by  \(Provider.shown(servedBy))") }
        return lines
    }

    fileprivate var value: Value {
        func blob(_ name: String, _ digest: Digest) -> Value { ["name": .string(name), "sha256": .string(digest.hex), "size": .int(digest.size)] }
        return [
            "target": .string(step.target.description), "step": .string(step.name), "state": .string(step.state.rawValue),
            "action": .string(step.address?.hex ?? ""), "command": .string(command),
            "versions": .object(platform.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
            "inputs": .list(inputs.map { blob($0.label, $0.digest) }), "outputs": .list((step.result?.outputs ?? []).map { blob($0.path, $0.digest) }),
            "servedBy": .string(step.result?.servedBy ?? ""),
        ]
    }
}
