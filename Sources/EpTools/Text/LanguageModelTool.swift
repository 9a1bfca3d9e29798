import EpCore
public import EpPlan
public import EpProviders

/// `tool: llm`: a prompt, rendered, answered by a language model.
///
/// The rendered prompt is the input; a field of the blueprint that it does not mention cannot make it stale.
public struct LanguageModelTool: Tool {
    public let name = ToolName("llm")
    public let keys = ["from", "prompt", "provider", "recall", "schema", "settings"]
    public var providerKinds: [String: [ProviderKind]] { vendors.kinds(of: "llm") }
    private let vendors: Vendors
    private let services: Services

    public init(_ vendors: Vendors, _ services: Services) { (self.vendors, self.services) = (vendors, services) }

    public func references(_ stage: StageContext) throws -> [StageReference] { try RenderedPrompt.references(stage) }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        let vendor = try vendor(of: stage)
        guard let prompt = try RenderedPrompt.of(stage) else { return nil }
        let provider = try stage.provider()
        let own = try stage.ownSettings(vendor.checkSettings)
        let asked = Asked(vendor, provider, own, prompt.text, try Self.form(of: stage))
        let fallbacks = fallbacks(of: asked, in: stage.workspace)
        var platform: [String: String] = [:]
        if let program = (vendor as? any ProgramModelVendor)?.program {
            guard let version = fallbacks.isEmpty ? stage.version(of: program) : stage.version(ifThere: program) else { return nil }
            platform[program.name] = version
        }
        let step = stage.add(
            operation: operation(of: asked), inputs: asked.inputs, outputs: [asked.output], platform: platform,
            pool: provider?.pool ?? .llm,
            reasons: prompt.reasons, question: prompt.question, service: service(asked, stage.workspace), fallbacks: fallbacks)
        return [ArtifactRef(name: stage.stage.output ?? "\(stage.stage.name).txt", source: .output(step, path: asked.output))]
    }

    /// Who is asked, and what.
    private struct Asked {
        let vendor: any LanguageModelVendor
        let provider: ProviderConfiguration?
        let question: ModelQuestion

        /// - Parameter own: the stage's `settings:`.
        init(_ vendor: any LanguageModelVendor, _ provider: ProviderConfiguration?, _ own: Value?, _ prompt: String, _ form: AnswerForm?) {
            (self.vendor, self.provider) = (vendor, provider)
            question = ModelQuestion(prompt, settings: vendor.settings(of: provider, own), form: form)
        }

        var inputs: [Step.Input] {
            [Step.Input("prompt.md", text: question.prompt)]
                + (question.settings.map { [Step.Input("model.json", text: $0.json(indented: true))] } ?? [])
                + (question.form.map { [Step.Input("schema.json", text: $0.schema.value.json(indented: true))] } ?? [])
        }

        /// Whether an answer is kept as JSON or YAML is a part of its address.
        var output: String { question.form.map { $0.isYAML ? "answer.yaml" : "answer.json" } ?? "answer" }
    }

    private func operation(of asked: Asked) -> Step.Operation {
        if let vendor = asked.vendor as? any ProgramModelVendor {
            return .program(arguments: vendor.command(asked.question), environment: [:])
        }
        return .builtIn(tool: name, operation: asked.vendor.name, revision: asked.vendor.revision(of: asked.question))
    }

    private func service(_ asked: Asked, _ workspace: Workspace) -> Service {
        let call = asked.vendor.call(asked.question, by: asked.provider, PriceTable(workspace.prices), on: services.day)
        return Service(asked.provider, of: asked.vendor.name, call: call, isChecked: asked.vendor is any ProgramModelVendor)
    }

    /// Those who serve if that fails, each with its own settings: the stage's are the first's.
    private func fallbacks(of asked: Asked, in workspace: Workspace) -> [Alternative] {
        workspace.fallbacks(of: asked.provider).compactMap { next, classes in
            guard let vendor = vendors.languageModel(named: next.use)?.configured(by: next) else { return nil }
            let own = Asked(vendor, next, nil, asked.question.prompt, asked.question.form)
            let (operation, program) = (operation(of: own), (vendor as? any ProgramModelVendor)?.program)
            return Alternative(service(own, workspace), after: classes, pool: next.pool ?? .llm, programs: program.map { [$0] } ?? []) {
                answers in
                Alternative.Work(operation, inputs: own.inputs, platform: program.map { [$0.name: answers[$0] ?? ""] } ?? [:])
            }
        }
    }

    /// What `schema:` names: a file of the show.
    private static func form(of stage: StageContext) throws -> AnswerForm? {
        guard let node = stage.stage.node["schema"], node.value != .null else { return nil }
        var fields = try stage.fields()
        guard let path = fields.string("schema") else { throw DiagnosticList(fields.problems) }
        let file = try stage.showFile(path, at: node.location)
        let schema = try JSONSchema(Node(parsing: stage.bytes(of: file), file: file.shown))
        let kind = (stage.stage.output ?? "").split(separator: ".").last?.lowercased() ?? ""
        return AnswerForm(schema, isYAML: ["yaml", "yml"].contains(kind))
    }

    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        [Alternative(placeholder: "a placeholder text", by: name, "text", inputs: [Step.Input("text", text: PlaceholderText(stage).text)])]
    }

    /// What a program answers is checked as a service's answer is.
    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult {
        let output = job.step.outputs.first ?? "answer"
        let form = try Self.form(of: job, output)
        return try await ProgramAttempts(job, services).run(run) { result in
            guard let bytes = try result.bytes(of: output), let kept = try AnswerForm.kept(ofProgram: bytes, form) else { return result }
            var checked = result
            checked.outputs[Path(output)] = .bytes(kept)
            return checked
        }
    }

    private static func form(of job: Job, _ output: String) throws -> AnswerForm? {
        let schema = job.inputs.labels.contains("schema.json") ? try job.inputs.bytes("schema.json") : nil
        return schema.flatMap { AnswerForm(json: $0, isYAML: output == "answer.yaml") }
    }

    public func run(_ job: Job) async throws -> JobResult {
        if job.step.isPlaceholder {
            return JobResult(
                outputs: [Path(job.step.outputs.first ?? "answer"): .bytes(try job.inputs.bytes("text"))], servedBy: "epbuild placeholder")
        }
        guard case .builtIn(_, let operation, _) = job.step.operation, let vendor = vendors.languageModel(named: operation) else {
            throw StepFailure(Diagnostic(.unavailable, "this epbuild has no such language model"))
        }
        let settings = job.inputs.labels.contains("model.json") ? Value(json: try job.inputs.bytes("model.json")) : nil
        let output = job.step.outputs.first ?? "answer"
        let question = ModelQuestion(
            try job.inputs.text("prompt.md"), take: job.take.number, settings: settings, form: try Self.form(of: job, output))
        let answer = try await vendor.answer(question, Serving(job, services))
        return JobResult(
            outputs: [Path(output): .bytes(Array(answer.text.utf8))], servedBy: answer.servedBy, cost: answer.cost, usage: answer.usage)
    }

    /// Who answers: the stage's provider, else the first vendor.
    private func vendor(of stage: StageContext) throws -> any LanguageModelVendor {
        let provider = try stage.provider(), use = provider?.use
        if let vendor = use.map(vendors.languageModel(named:)) ?? vendors.languageModels.first { return vendor.configured(by: provider) }
        throw Diagnostic(
            .badInput, "there is no language model \"\(use ?? "")\"", at: stage.stage.location,
            remedy: Suggestion.remedy(for: use ?? "", in: vendors.languageModels.map(\.name)))
    }
}
