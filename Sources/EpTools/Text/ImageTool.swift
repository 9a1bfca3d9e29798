import EpCore
public import EpPlan
public import EpProviders

/// `tool: image`: a prompt, rendered, of which a service makes a picture; or a card, which this machine sets.
public struct ImageTool: Tool {
    public let name = ToolName("image")
    public let keys = ["card", "from", "prompt", "provider", "settings"]
    public var providerKinds: [String: [ProviderKind]] { vendors.kinds(of: "image") }
    public var programs: [Program] { [Self.drawer] }
    private let vendors: Vendors
    private let services: Services

    public init(_ vendors: Vendors, _ services: Services) { (self.vendors, self.services) = (vendors, services) }

    public func references(_ stage: StageContext) throws -> [StageReference] {
        if stage.stage.node["card"] != nil { return try cardReferences(stage) }
        return stage.stage.node["prompt"] == nil ? [] : try RenderedPrompt.references(stage)
    }

    public func expand(_ stage: StageContext) throws -> [ArtifactRef]? {
        if stage.stage.node["card"] != nil { return try card(stage) }
        guard let node = stage.stage.node["prompt"], node.value != .null else {
            throw Diagnostic(
                .badInput, "stage \"\(stage.stage.name)\" has no `prompt`, of which a picture could be made", at: stage.stage.location,
                remedy:
                    "add `prompt: prompts/picture.md`, or `card: {}`, which sets what a scene shows, or write `tool: cover`, which draws "
                        + "the title"
            )
        }
        guard let provider = try stage.provider(), let vendor = vendors.images(named: provider.use) else {
            throw Diagnostic(
                .badInput, "nobody makes pictures for stage \"\(stage.stage.name)\"", at: stage.stage.location,
                remedy: "add a provider with `tool: image` to epbuild.yaml; or write `tool: cover`, which draws the title on this machine")
        }
        guard let prompt = try RenderedPrompt.of(stage) else { return nil }
        let asked = Asked(vendor, provider, try stage.ownSettings(vendor.checkSettings), prompt.text)
        let step = stage.add(
            operation: operation(of: asked), inputs: asked.inputs, outputs: ["picture"], pool: provider.pool ?? .llm,
            reasons: prompt.reasons,
            question: prompt.question, service: service(asked, stage.workspace), fallbacks: fallbacks(of: asked, in: stage.workspace))
        return [ArtifactRef(name: stage.stage.output ?? "\(stage.stage.name).png", source: .output(step, path: "picture"))]
    }

    /// Who is asked, and for what.
    private struct Asked {
        let vendor: any ImageVendor
        let provider: ProviderConfiguration
        let question: ImageQuestion

        init(_ vendor: any ImageVendor, _ provider: ProviderConfiguration, _ own: Value?, _ prompt: String) {
            (self.vendor, self.provider) = (vendor, provider)
            question = ImageQuestion(prompt, settings: vendor.settings(of: provider, own))
        }

        var inputs: [Step.Input] {
            [Step.Input("prompt.md", text: question.prompt), Step.Input("model.json", text: question.settings.json(indented: true))]
        }
    }

    private func operation(of asked: Asked) -> Step.Operation {
        .builtIn(tool: name, operation: asked.vendor.name, revision: asked.vendor.revision)
    }

    private func service(_ asked: Asked, _ workspace: Workspace) -> Service {
        let call = asked.vendor.call(asked.question, by: asked.provider, PriceTable(workspace.prices), on: services.day)
        return Service(asked.provider, of: asked.vendor.name, call: call)
    }

    /// Those who serve if that fails, each with its own settings: the stage's are the first's.
    private func fallbacks(of asked: Asked, in workspace: Workspace) -> [Alternative] {
        workspace.fallbacks(of: asked.provider).compactMap { next, classes in
            guard let vendor = vendors.images(named: next.use) else { return nil }
            let own = Asked(vendor, next, nil, asked.question.prompt)
            let work = Alternative.Work(operation(of: own), inputs: own.inputs)
            return Alternative(service(own, workspace), after: classes, pool: next.pool ?? .llm) { _ in work }
        }
    }

    public func oversee(_ job: Job, _ run: @Sendable () async throws -> JobResult) async throws -> JobResult { try await overseeCard(run) }

    public func run(_ job: Job) async throws -> JobResult {
        guard case .builtIn(_, let operation, _) = job.step.operation, let vendor = vendors.images(named: operation),
            let settings = Value(json: try job.inputs.bytes("model.json"))
        else { throw StepFailure(Diagnostic(.unavailable, "this epbuild knows nobody who makes such pictures")) }
        let question = ImageQuestion(try job.inputs.text("prompt.md"), take: job.take.number, settings: settings)
        let picture = try await vendor.draw(question, Serving(job, services))
        return JobResult(outputs: ["picture": .bytes(picture.bytes)], servedBy: picture.servedBy, cost: picture.cost, usage: picture.usage)
    }
}
