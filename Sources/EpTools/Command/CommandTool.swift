import EpCore
public import EpPlan

/// `tool: command`: any program as a stage, with declared inputs and outputs.
///
/// ```yaml
/// upper: { tool: command, each: texts, run: [sh, -c, "tr a-z A-Z < in.txt > out.txt"], inputs: { in.txt: item }, outputs: [out.txt] }
/// ```
public struct CommandTool: Tool {
    public let name = ToolName("command")
    public let keys = ["run", "inputs", "outputs", "env", "pass_env", "may_read", "depfile", "version"]

    public init() {}

    public func references(_ stage: StageContext) throws -> [StageReference] {
        try CommandTexts.templates(of: stage).flatMap(stage.stages)
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let texts = try stage.shared { try CommandTexts(stage) }
        let command = try texts.rendered(for: stage)
        let platform = Self.platform(texts.version, stage)
        let inputs = try CommandInputs(stage).read(stage.stage.node["inputs"])
        guard var command, let platform, let inputs else { return nil }
        try Self.checkOutput(of: stage, among: command.outputs)
        try inputs.checkRoom(for: command.outputs, at: stage.stage.node["outputs"]?.location)
        var question: Digest?
        if texts.asksForRejection {
            guard let asked = Self.question(command, texts, inputs.files, stage) else { return nil }
            question = asked
            if let rejection = stage.rejection(of: asked) { command = try texts.rendered(for: stage, rejection: rejection) ?? command }
        }
        for name in texts.passed { command.environment[name] = stage.variable(name) }
        let step = stage.add(
            operation: .program(arguments: command.arguments, environment: command.environment),
            inputs: Self.executable(command.arguments.first, among: inputs.files), outputs: command.outputs,
            emptyDirectories: inputs.emptyDirectories, platform: platform, question: question, reading: texts.reading,
            passedVariables: Set(texts.passed))
        return Self.artifacts(command.outputs, of: step, in: stage)
    }

    /// - Throws: `Diagnostic` if `output:` names what the program does not make.
    private static func checkOutput(of stage: StageContext, among outputs: [String]) throws(Diagnostic) {
        guard let output = stage.stage.output, !outputs.contains(where: output.isByteForByte) else { return }
        throw Diagnostic(
            .badInput, "`output` of stage \"\(stage.stage.name)\" is \(output), which is not among its `outputs`",
            at: stage.stage.node["output"]?.location, remedy: Suggestion.remedy(for: output, in: outputs))
    }

    /// - Returns: nil if a directory has not been made yet: what is in it shows then.
    private static func artifacts(_ outputs: [String], of step: StepID, in stage: StageContext) -> [ArtifactRef]? {
        var artifacts: [ArtifactRef] = []
        for output in outputs {
            guard OutputPath.isDirectory(output) else {
                artifacts.append(ArtifactRef(name: output, source: .output(step, path: output)))
                continue
            }
            guard let files = stage.files(below: output, of: step) else { return nil }
            artifacts += files.map { ArtifactRef(name: $0, source: .output(step, path: $0), directory: OutputPath.bare(output)) }
        }
        return artifacts
    }

    /// - Returns: nil if the program has not been asked yet.
    private static func platform(_ version: [String]?, _ stage: StageContext) -> [String: String]? {
        guard let version, let program = version.first else { return [:] }
        let asked = Program(program, versionArguments: Array(version.dropFirst()), package: "")
        return stage.version(of: asked).map { [program: $0] }
    }

    /// A program that is brought along can be run, whatever its mode: a file's mode differs between machines.
    private static func executable(_ program: String?, among inputs: [Step.Input]) -> [Step.Input] {
        guard let program, program.utf8.contains(UInt8(ascii: "/")),
            let index = inputs.firstIndex(where: { $0.label == program.trimmingPrefix("./") })
        else { return inputs }
        var inputs = inputs
        inputs[index] = Step.Input(inputs[index].label, inputs[index].source, isExecutable: true)
        return inputs
    }

    /// What a program is asked, without any rejection in it; nil if an input is not made yet.
    private static func question(
        _ command: CommandTexts.Rendered, _ texts: CommandTexts, _ inputs: [Step.Input], _ stage: StageContext
    ) -> Digest? {
        let digests = inputs.map { stage.digest(of: $0.source) }
        guard !digests.contains(nil) else { return nil }
        var parts = command.arguments + zip(inputs, digests).flatMap { [$0.label, $1?.hex ?? ""] }
        if texts.hasFilledEnvironment { parts += command.environment.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] } }
        return Digest(of: Array(parts.joined(separator: "\0").utf8))
    }
}
