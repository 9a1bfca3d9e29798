import EpCore
import EpPlan
import EpRemote

/// A step as an order for a cluster: what is run there, with which files, and where it leaves its outputs.
struct ClusterOrder {
    let order: ExecutionService.Order
    /// The inputs of the step itself, by where they lie there.
    let inputs: InputTree
    /// What runs, as a person knows it.
    let program: String
    let isBuiltIn: Bool
    /// As a result of this machine would tell it.
    let servedBy: String
    /// "" or ends with a slash.
    let outputDirectory: String

    /// - Parameter own: this epbuild, for what is built in.
    /// - Throws: `StepFailure`, and `FileError` if this epbuild cannot be read.
    init(_ job: Job, _ elsewhere: Job.Elsewhere, _ settings: ExecutionSettings, _ own: OwnProgram?) throws {
        let step = job.step
        if case .program(let arguments, let environment) = step.operation, let program = arguments.first {
            (self.program, isBuiltIn, outputDirectory) = (program, false, "")
            servedBy = step.platform[program] ?? program
            inputs = elsewhere.tree
            let command = ClusterCommand(arguments, environment, path: settings.path)
            order = Self.order(command, inputs, step.outputs, job, elsewhere, settings)
        } else if let sent = StepOrder(job), let own {
            (program, isBuiltIn, outputDirectory) = ("./\(StepOrder.Place.program)", true, "\(StepOrder.Place.outputs)/")
            servedBy = "epbuild \(sent.tool) \(sent.revision)"
            let moved = elsewhere.tree.entries.map {
                InputTree.Entry(label: "\(StepOrder.Place.inputs)/\($0.label)", digest: $0.digest, isExecutable: $0.isExecutable)
            }
            let program = InputTree.Entry(label: StepOrder.Place.program, digest: try own.digest(), isExecutable: true)
            let json = Array(sent.json.utf8)
            let description = InputTree.Entry(label: StepOrder.Place.order, digest: Digest(of: json))
            inputs = elsewhere.tree
            let command = ClusterCommand([self.program, "run-step"], [:], path: settings.path)
            let outputs = step.outputs.map { "\(StepOrder.Place.outputs)/\($0)" }
            order = Self.order(command, InputTree(moved + [program, description]), outputs, job, elsewhere, settings, [json])
        } else {
            throw StepFailure(Diagnostic(.actionFailed, "there is nothing that another machine could run"))
        }
    }

    /// - Parameter texts: files that only the order has.
    private static func order(
        _ command: ClusterCommand, _ inputs: InputTree, _ outputs: [String], _ job: Job, _ elsewhere: Job.Elsewhere,
        _ settings: ExecutionSettings,
        _ texts: [[UInt8]] = []
    ) -> ExecutionService.Order {
        let action = Action(
            arguments: command.arguments, environment: command.environment, outputs: outputs, inputs: tree(inputs, outputs),
            platform: settings.platform,
            take: job.take)
        return ExecutionService.Order(
            action.encodedForExecution(isKept: true), files: inputs.entries.map(\.digest), texts: texts, isFresh: elsewhere.isFresh)
    }

    /// The inputs, and the directories that are there when a program begins: those of its outputs.
    private static func tree(_ tree: InputTree, _ outputs: [String]) -> InputTree {
        let made = outputs.compactMap { output -> String? in
            if OutputPath.isDirectory(output) { return OutputPath.bare(output) }
            return output.contains("/") ? Path(output).parent : nil
        }
        return InputTree(tree.entries, emptyDirectories: Set((tree.emptyDirectories + made).map { Path($0) }).map(\.text))
    }
}
