import EpCore
public import EpPlan
public import EpProviders

/// `tool: llm`: a prompt, rendered, answered by a language model.
///
/// The rendered prompt is the input; a field of the blueprint that it does not mention cannot make it stale.
public struct LanguageModelTool: Tool {
    public let name = ToolName("llm")
    public let keys = ["from", "prompt", "provider", "schema", "settings"]
    public var providerKinds: [ProviderKind]? { vendors.languageModels.map { $0 as any Vendor }.kinds }
    private let vendors: Vendors
    private let services: Services

    public init(_ vendors: Vendors, _ services: Services) { (self.vendors, self.services) = (vendors, services) }

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
        let own = try Self.settings(of: stage, for: vendor)
        let asked = Asked(vendor, provider, own, prompt, try Self.form(of: stage))
        let fallbacks = fallbacks(of: asked, in: stage.workspace)
        var platform: [String: String] = [:]
        if let program = (vendor as? any ProgramModelVendor)?.program {
            if asked.question.form != nil {
                throw Diagnostic(
                    .badInput, "what a program answers is not checked, and stage \"\(stage.stage.name)\" has a `schema`",
                    at: stage.stage.node["schema"]?.location, remedy: "take another provider for it, or take `schema` out")
            }
            guard let version = fallbacks.isEmpty ? stage.version(of: program) : stage.version(ifThere: program) else { return nil }
            platform[program.name] = version
        }
        let step = stage.add(
            operation: operation(of: asked), inputs: asked.inputs, outputs: [asked.output], platform: platform, pool: provider?.pool ?? .llm,
            reasons: [wording] + template.values(in: scope).map { Step.Reason($0.path, $0.json, of: "prompt.md") }, question: question,
            service: service(asked, stage.workspace), fallbacks: fallbacks)
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
            [Step.Input("prompt.md", text: question.prompt)] + (question.settings.map { [Step.Input("model.json", text: $0.json(indented: true))] } ?? [])
                + (question.form.map { [Step.Input("schema.json", text: $0.schema.value.json(indented: true))] } ?? [])
        }

        /// Whether an answer is kept as JSON or YAML is a part of its address.
        var output: String { question.form.map { $0.isYAML ? "answer.yaml" : "answer.json" } ?? "answer" }
    }

    private func operation(of asked: Asked) -> Step.Operation {
        if let vendor = asked.vendor as? any ProgramModelVendor { return .program(arguments: vendor.command(asked.question), environment: [:]) }
        return .builtIn(tool: name, operation: asked.vendor.name, revision: asked.vendor.revision)
    }

    private func service(_ asked: Asked, _ workspace: Workspace) -> Service {
        let call = asked.vendor.call(asked.question, by: asked.provider, PriceTable(workspace.prices), on: services.day)
        return Service(asked.provider, of: asked.vendor.name, call: call)
    }

    /// Those who serve if that fails, each with its own settings: the stage's are the first's.
    private func fallbacks(of asked: Asked, in workspace: Workspace) -> [Alternative] {
        workspace.fallbacks(of: asked.provider).compactMap { next, classes in
            guard let vendor = vendors.languageModel(named: next.use)?.configured(by: next) else { return nil }
            let own = Asked(vendor, next, nil, asked.question.prompt, asked.question.form)
            let (operation, program) = (operation(of: own), (vendor as? any ProgramModelVendor)?.program)
            // What a program answers is not checked.
            if program != nil, asked.question.form != nil { return nil }
            return Alternative(service(own, workspace), after: classes, pool: next.pool ?? .llm, programs: program.map { [$0] } ?? []) { answers in
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

    /// The stage's own `settings:`, which go before the provider's.
    private static func settings(of stage: StageContext, for vendor: any LanguageModelVendor) throws -> Value? {
        guard let node = stage.stage.node["settings"], node.value != .null else { return nil }
        var fields = try Fields(node, subject: "`settings` of stage \"\(stage.stage.name)\"")
        vendor.checkSettings(&fields)
        try fields.finish()
        return node.value
    }

    public func placeholders(for step: Step, in stage: StageContext) -> [Alternative] {
        [Alternative(placeholder: "a placeholder text", by: name, "text", inputs: [Step.Input("text", text: PlaceholderText(stage).text)])]
    }

    public func run(_ job: Job) async throws -> JobResult {
        if job.step.isPlaceholder { return JobResult(outputs: [job.step.outputs.first ?? "answer": .bytes(try job.inputs.bytes("text"))], servedBy: "epbuild placeholder") }
        guard case .builtIn(_, let operation, _) = job.step.operation, let vendor = vendors.languageModel(named: operation) else {
            throw StepFailure(Diagnostic(.unavailable, "this epbuild has no such language model"))
        }
        let settings = job.inputs.labels.contains("model.json") ? Value(json: try job.inputs.bytes("model.json")) : nil
        let output = job.step.outputs.first ?? "answer"
        let schema = job.inputs.labels.contains("schema.json") ? try job.inputs.bytes("schema.json") : nil
        let question = ModelQuestion(
            try job.inputs.text("prompt.md"), take: job.take.number, settings: settings,
            form: schema.flatMap { AnswerForm(json: $0, isYAML: output == "answer.yaml") })
        let answer = try await vendor.answer(question, Serving(job, services))
        return JobResult(
            outputs: [output: .bytes(Array(answer.text.utf8))], servedBy: answer.servedBy, cost: answer.cost, usage: answer.usage)
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
        let provider = try stage.provider(), use = provider?.use
        if let vendor = use.map(vendors.languageModel(named:)) ?? vendors.languageModels.first { return vendor.configured(by: provider) }
        throw Diagnostic(
            .badInput, "there is no language model \"\(use ?? "")\"", at: stage.stage.location,
            remedy: Suggestion.remedy(for: use ?? "", in: vendors.languageModels.map(\.name)))
    }
}
