import EpCore
import EpOffline
public import EpPlan

/// `tool: llm`: a prompt, rendered, answered by a language model.
///
/// The rendered prompt is the input; a field of the blueprint that it does not mention cannot make it stale.
public struct LanguageModelTool: Tool {
    public let name = ToolName("llm")
    public let keys = ["from", "prompt", "provider"]
    public let providerKinds: [String: [String]]? = ["offline": []]

    public init() {}

    public func references(_ stage: StageContext) throws -> [StageReference] { stage.stages(in: try Self.template(of: stage).template) }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let use = try Self.provider(of: stage)
        let (template, file) = try Self.template(of: stage)
        try Self.checkFrom(of: stage, named: stage.stages(in: template).map(\.stage))
        guard var scope = try stage.scope(for: template) else { return nil }
        var prompt = try template.render(scope)
        let question = Digest(of: Array(prompt.utf8))
        if let rejection = stage.rejection(of: question) {
            scope["rejection"] = rejection
            prompt = try template.render(scope)
        }
        let wording = Step.Reason(stage.stage.node["prompt"]?.value.string ?? file.shown, String(decoding: try stage.bytes(of: file), as: UTF8.self), of: "prompt.md")
        let step = stage.add(
            operation: .builtIn(tool: name, operation: use, revision: OfflineWriter.revision),
            inputs: [Step.Input("prompt.md", text: prompt)], outputs: ["answer"], pool: .llm,
            reasons: [wording] + template.values(in: scope).map { Step.Reason($0.path, $0.json, of: "prompt.md") }, question: question)
        return [ArtifactRef(name: stage.stage.output ?? "\(stage.stage.name).txt", source: .output(step, path: "answer"))]
    }

    public func placeholders(for step: Step, in stage: StageContext) -> [Placeholder] {
        [Placeholder("a placeholder text", by: name, "text", inputs: [Step.Input("text", text: PlaceholderText(stage).text)])]
    }

    public func run(_ job: Job) async throws -> JobResult {
        if job.step.isPlaceholder { return JobResult(outputs: ["answer": .bytes(try job.inputs.bytes("text"))], servedBy: "epbuild placeholder") }
        let answer: String
        do {
            answer = try OfflineWriter.write(prompt: job.inputs.text("prompt.md"), take: job.take.number)
        } catch let problem as Diagnostic {
            // The prompt is no file that a person could open at that line.
            let place = problem.location.map { $0.line > 0 ? "line \($0.line) of the rendered prompt: " : "" } ?? ""
            throw StepFailure(Diagnostic(problem.code, place + problem.message, remedy: problem.remedy))
        }
        return JobResult(outputs: ["answer": .bytes(Array(answer.utf8))], servedBy: "offline writer \(OfflineWriter.revision)")
    }

    /// A stage that is named in vain would not even be built.
    private static func checkFrom(of stage: StageContext, named: [StageName]) throws(Diagnostic) {
        guard let vain = stage.stage.from.first(where: { !named.contains($0.stage) && $0.stage != stage.stage.each?.stage }) else { return }
        throw Diagnostic(
            .badInput, "stage \"\(stage.stage.name)\" has \"\(vain.stage)\" in its `from`, and its prompt does not name it", at: vain.location,
            remedy: "write {{ \(vain.stage) }} in the prompt, or take it out of `from`")
    }

    private static func template(of stage: StageContext) throws -> (template: Template, file: SourceFile) {
        var fields = try stage.fields()
        guard let path = fields.required("prompt", fields.string("prompt")) else { throw DiagnosticList(fields.problems) }
        let file = try stage.showFile(path, at: stage.stage.node["prompt"]?.location)
        return (try Template(parsing: stage.bytes(of: file), file: file.shown), file)
    }

    private static func provider(of stage: StageContext) throws -> String { try stage.provider()?.use ?? "offline" }
}
