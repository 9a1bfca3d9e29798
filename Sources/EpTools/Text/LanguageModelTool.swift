import EpCore
public import EpPlan
public import EpProviders

/// `tool: llm`: a prompt, rendered, answered by a language model.
///
/// The rendered prompt is the input; a field of the blueprint that it does not mention cannot make it stale.
public struct LanguageModelTool: Tool {
    public let name = ToolName("llm")
    public let keys = ["from", "prompt", "provider"]
    public var providerKinds: [String: [String]]? { vendors.languageModels.map { $0 as any Vendor }.kinds }
    private let vendors: Vendors

    public init(_ vendors: Vendors) { self.vendors = vendors }

    public func references(_ stage: StageContext) throws -> [StageReference] { stage.stages(in: try Self.template(of: stage).template) }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let vendor = try vendor(of: stage)
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
        let provider = try stage.provider()
        let inputs = [Step.Input("prompt.md", text: prompt)]
        let step = stage.add(
            operation: .builtIn(tool: name, operation: vendor.name, revision: vendor.revision),
            inputs: inputs, outputs: ["answer"], pool: provider?.pool ?? .llm,
            reasons: [wording] + template.values(in: scope).map { Step.Reason($0.path, $0.json, of: "prompt.md") }, question: question,
            provider: provider?.name ?? vendor.name, call: vendor.call(prompt),
            fallbacks: fallbacks(of: provider, prompt, inputs, in: stage.workspace))
        return [ArtifactRef(name: stage.stage.output ?? "\(stage.stage.name).txt", source: .output(step, path: "answer"))]
    }

    private func fallbacks(
        of provider: ProviderConfiguration?, _ prompt: String, _ inputs: [Step.Input], in workspace: Workspace
    ) -> [Alternative] {
        workspace.fallbacks(of: provider).compactMap { next, classes in
            guard let vendor = vendors.languageModel(named: next.use) else { return nil }
            let work = Alternative.Work(.builtIn(tool: name, operation: vendor.name, revision: vendor.revision), inputs: inputs)
            return Alternative(provider: next.name, after: classes, pool: next.pool ?? .llm, call: vendor.call(prompt)) { _ in work }
        }
    }

    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        [Alternative(placeholder: "a placeholder text", by: name, "text", inputs: [Step.Input("text", text: PlaceholderText(stage).text)])]
    }

    public func run(_ job: Job) async throws -> JobResult {
        if job.step.isPlaceholder { return JobResult(outputs: ["answer": .bytes(try job.inputs.bytes("text"))], servedBy: "epbuild placeholder") }
        guard case .builtIn(_, let operation, _) = job.step.operation, let vendor = vendors.languageModel(named: operation) else {
            throw StepFailure(Diagnostic(.unavailable, "this epbuild has no such language model"))
        }
        let answer = try await vendor.answer(job.inputs.text("prompt.md"), take: job.take.number)
        return JobResult(
            outputs: ["answer": .bytes(Array(answer.text.utf8))], servedBy: answer.servedBy, cost: answer.cost, usage: answer.usage)
    }

    /// A stage that is named in vain would not even be built.
    private static func checkFrom(of stage: StageContext, named: [StageName]) throws(Diagnostic) {
        let named = named + stage.stage.each.map(\.list.stage)
        guard let vain = stage.stage.from.first(where: { !named.contains($0.stage) }) else { return }
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

    /// Who answers: the stage's provider, else the first vendor.
    private func vendor(of stage: StageContext) throws -> any LanguageModelVendor {
        let use = try stage.provider()?.use
        if let vendor = use.map(vendors.languageModel(named:)) ?? vendors.languageModels.first { return vendor }
        throw Diagnostic(.badInput, "there is no language model \"\(use ?? "")\"", at: stage.stage.location, remedy: Suggestion.remedy(for: use ?? "", in: vendors.languageModels.map(\.name)))
    }
}
