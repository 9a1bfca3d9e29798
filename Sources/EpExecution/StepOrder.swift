import EpCore
import EpFiles
import EpPlan

/// A built-in step on its way to another machine, where `epbuild run-step` does it: what its tool asks of a job, and nothing else.
struct StepOrder: Sendable {
    /// What the directory holds there.
    enum Place {
        static let program = "epbuild"
        static let order = "step.json"
        static let inputs = "inputs"
        static let outputs = "outputs"
    }

    let tool: ToolName
    let operation: String
    let revision: String
    let outputs: [String]
    let platform: [String: String]
    let take: Take

    /// Nil for a step that is not built in.
    init?(_ job: Job) {
        guard case .builtIn(let tool, let operation, let revision) = job.step.operation else { return nil }
        (self.tool, self.operation, self.revision) = (tool, operation, revision)
        (outputs, platform, take) = (job.step.outputs, job.step.platform, job.take)
    }

    /// Reads what ``json`` has written.
    init(_ value: Value) throws(Diagnostic) {
        guard let tool = value["tool"]?.string, let operation = value["operation"]?.string, let revision = value["revision"]?.string,
            let outputs = value["outputs"]?.list?.compactMap(\.string), outputs.allSatisfy({ RelativePath.isClean(OutputPath.bare($0)) }),
            case .int(let take) = value["take"] ?? .null, take > 0, let number = Int(exactly: take)
        else {
            throw Diagnostic(
                .badInput, "\(Place.order) describes no step",
                remedy: "`run-step` is what epbuild runs on other machines, and of no use by hand")
        }
        (self.tool, self.operation, self.revision, self.outputs, self.take) = (ToolName(tool), operation, revision, outputs, Take(number))
        platform = Dictionary((value["platform"]?.members ?? []).map { ($0.key, $0.value.string ?? "") }) { first, _ in first }
    }

    var json: String {
        Value.object([
            .init("tool", .string(tool.text)), .init("operation", .string(operation)), .init("revision", .string(revision)),
            .init("outputs", .list(outputs.map(Value.string))), .init("take", .int(Int64(take.number))),
            .init("platform", .object(platform.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
        ]).json()
    }

    /// - Parameter labels: of the inputs, whose contents lie beside it.
    func step(_ labels: [String]) -> Step {
        Step(
            target: Target(stage: StageName(tool.text)), tool: tool, name: operation,
            operation: .builtIn(tool: tool, operation: operation, revision: revision), inputs: labels.map { Step.Input($0, .literal([])) },
            outputs: outputs, platform: platform, pool: .cpu)
    }
}
