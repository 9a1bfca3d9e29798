public import EpCore
public import EpEngine
import EpPlan

/// What one action of a target is made from.
public struct ActionAnswer {
    public let action: Inspection.ActionView

    /// What runs, in a line.
    public var command: String {
        switch action.operation {
        case .program(let arguments, let environment):
            (environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(action.passedVariables.contains($0.key) ? "…" : $0.value)" }
                + arguments)
                .joined(separator: " ")
        case .builtIn(let tool, let operation, let revision): "\(tool).\(operation), revision \(revision)"
        case .stored: "nothing: it is pinned"
        }
    }

    /// What the result depends on besides the inputs, by name.
    public var versions: [(name: String, version: String)] { action.platform.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    /// As `inspect --json` gives it.
    public var value: Value {
        func blob(_ name: String, _ digest: Digest) -> Value {
            ["name": .string(name), "sha256": .string(digest.hex), "size": .int(digest.size)]
        }
        let step = action.step
        return [
            "target": .string(step.target.description), "step": .string(step.name), "state": .string(step.state.rawValue),
            "action": .string(step.address?.hex ?? ""), "command": .string(command),
            "versions": .object(versions.map { .init($0.name, .string($0.version)) }),
            "inputs": .list(action.inputs.map { blob($0.label, $0.digest) }),
            "outputs": .list((step.result?.outputs ?? []).map { blob($0.path, $0.digest) }),
            "servedBy": .string(step.result?.servedBy ?? ""),
        ]
    }
}

extension Desk {
    /// What the actions of a target are made from; at least one.
    /// - Throws: `Diagnostic` (usage) if it has none whose inputs are known.
    public func actions(of target: Target, in inspection: Inspection) throws -> [ActionAnswer] {
        let actions = inspection.actions(of: target).map(ActionAnswer.init)
        guard !actions.isEmpty else { throw try inspection.absence(of: target) }
        return actions
    }
}
