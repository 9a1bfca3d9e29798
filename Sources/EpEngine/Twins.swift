import EpCore
import EpPlan

/// Steps of one plan that are the same action: one of them is done, and the others take what comes of it.
struct Twins {
    /// By the action that is being done: the steps that wait for it.
    private var waiting: [ActionDigest: [StepID]] = [:]

    /// True if another step does the action already: then this one waits for it. Else this one does it.
    mutating func waits(_ id: StepID, for action: ActionDigest) -> Bool {
        guard waiting[action] != nil else {
            waiting[action] = []
            return false
        }
        waiting[action]?.append(id)
        return true
    }

    /// The action has come to its end.
    /// - Returns: the steps that have waited for it, in the order in which they came.
    mutating func end(_ action: ActionDigest) -> [StepID] { waiting.removeValue(forKey: action) ?? [] }
}

extension BuildPass {
    /// For every step the first one that is the same action: itself, for most. Of steps whose inputs are not known yet, those
    /// are the same that do the same with the same.
    func firstTwins() -> [Int] {
        var first: [Twin: Int] = [:]
        var twins: [Int] = []
        twins.reserveCapacity(planner.steps.count)
        for (index, step) in planner.steps.enumerated() {
            let twin = addresses[index].map { Twin.known($0.digest) } ?? .unknown(shape(of: step, twins))
            twins.append(first[twin] ?? index)
            first[twin] = first[twin] ?? index
        }
        return twins
    }

    /// What tells one action from another.
    private enum Twin: Hashable {
        case known(ActionDigest)
        case unknown(Shape)
    }

    private struct Shape: Hashable {
        let operation: Step.Operation
        let outputs: [String]
        let platform: [String: String]
        let inputs: [Input]
    }

    private struct Input: Hashable {
        let label: String
        let isExecutable: Bool
        let source: Source
    }

    private enum Source: Hashable {
        case known(Digest)
        case output(step: Int, path: String)
    }

    private func shape(of step: Step, _ twins: [Int]) -> Shape {
        let inputs = step.inputs.map { input in
            let source: Source = switch input.source {
            case .literal(let bytes): .known(Digest(of: bytes))
            case .file(let file): .known(file.digest)
            case .output(let upstream, let path):
                results[upstream.index]?[path].map(Source.known) ?? .output(step: twins[upstream.index], path: path)
            }
            return Input(label: input.label, isExecutable: input.isExecutable, source: source)
        }
        return Shape(operation: step.operation, outputs: step.outputs, platform: step.platform, inputs: inputs.sorted { $0.label < $1.label })
    }
}
