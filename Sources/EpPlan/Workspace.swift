public import EpCore

/// What `epbuild.yaml` at the root of a workspace says.
public struct Workspace: Sendable {
    /// Absolute path of its directory.
    public let directory: String
    public let providers: [ProviderConfiguration]
    public let remotes: [RemoteSettings]
    /// Where programs run beside this machine; nil: nowhere.
    public let execution: ExecutionSettings?
    public let limits: Limits
    public let budget: Budget
    /// How often services are asked, where neither a stage nor a provider says.
    public let retry: RetrySettings
    /// What the person has written down of prices.
    public let prices: [PriceRow]
    /// Who is told over HTTP what happens.
    public let webhooks: [WebhookSettings]
    /// Whose signatures make an approval count; empty: approvals need none.
    public let approvers: [TrustedKey]

    /// - Parameter node: nil if there is no such file: everything is as by default.
    public init(directory: String, _ node: Node?) throws {
        self.directory = directory
        guard let node else {
            (providers, remotes, execution, limits, budget, retry, prices, webhooks, approvers) = (
                [], [], nil, Limits(), Budget(), RetrySettings(), [], [], []
            )
            return
        }
        var fields = try Fields(node, subject: "the workspace")
        prices = try fields.node("prices").map(PriceRow.rows) ?? []
        retry = try fields.node("retry").map { try RetrySettings($0, of: "the workspace") } ?? RetrySettings()
        providers = try Self.providers(fields.node("providers"), in: directory, prices, retry)
        remotes = try fields.node("cache").map(Self.remotes) ?? []
        execution = try fields.node("execution").map(ExecutionSettings.init)
        limits = try fields.node("limits").map(Limits.init) ?? Limits()
        budget = try fields.node("budget").map(Budget.init) ?? Budget()
        webhooks = try fields.node("webhooks").map(WebhookSettings.list) ?? []
        approvers = try fields.node("gates").map(Self.approvers) ?? []
        try fields.finish()
    }

    /// Checks every provider, whether a stage uses it or not, and what is to run elsewhere.
    /// - Parameters:
    ///   - kinds: of each tool that has providers.
    ///   - tools: all that there are.
    /// - Throws: `DiagnosticList`, with all mistakes.
    public func check(providerKinds kinds: [String: [ProviderKind]], tools: [ToolName]) throws {
        let problems = providers.flatMap { $0.problems(kinds) + $0.fallbackProblems(providers) } + (execution?.problems(tools) ?? [])
        if !problems.isEmpty { throw DiagnosticList(problems) }
    }

    /// The provider that a stage names, or else the first one of the tool.
    public func provider(named name: String?, for tool: ToolName, at location: SourceLocation?) throws(Diagnostic) -> ProviderConfiguration?
    {
        let candidates = providers.filter { $0.tool == tool.text }
        guard let name else { return candidates.first }
        if let provider = candidates.first(where: { $0.name == name }) { return provider }
        throw Diagnostic(
            .badInput, "there is no \(tool) provider \"\(name)\"", at: location,
            remedy: Suggestion.remedy(for: name, in: candidates.map(\.name)))
    }

    /// Who serves in the place of a provider that fails, in order, and after which failures. Their own fallbacks are not followed.
    public func fallbacks(of provider: ProviderConfiguration?) -> [(provider: ProviderConfiguration, classes: Set<FailureClass>)] {
        (provider?.fallback?.entries ?? []).compactMap { entry in providers.first { $0.name == entry.name }.map { ($0, entry.classes) } }
    }

    private static func providers(
        _ node: Node?, in directory: String, _ prices: [PriceRow], _ retry: RetrySettings
    ) throws -> [ProviderConfiguration] {
        guard let node else { return [] }
        guard case .object(let members) = node.content else {
            throw Diagnostic(.badInput, "`providers` must be a mapping from names to providers, not \(node.kind)", at: node.location)
        }
        return try members.map { try ProviderConfiguration(name: $0.key, $0.value, in: directory, prices: prices, retry: retry) }
    }

    private static func approvers(_ node: Node) throws -> [TrustedKey] {
        var fields = try Fields(node, subject: "`gates`")
        let keys = fields.publicKeys("signed_by")
        try fields.finish()
        return keys
    }

    private static func remotes(_ node: Node) throws -> [RemoteSettings] {
        var fields = try Fields(node, subject: "`cache`")
        let list = fields.node("remotes")
        try fields.finish()
        guard let list else { return [] }
        guard case .list(let nodes) = list.content else {
            throw Diagnostic(
                .badInput, "`remotes` must be a list, not \(list.kind)", at: list.location, remedy: "write `remotes: [ { url: … } ]`")
        }
        return try nodes.map(RemoteSettings.init)
    }
}

/// How much may run at once, and how often services beyond this machine may be asked.
public struct Limits: Sendable {
    /// Steps that keep a processor busy; nil: as many as there are processors.
    public var jobs: Int?
    public var llm = 4
    public var tts = 4
    /// Calls of providers in one build: a fuse, should something ask again and again.
    public var calls = 2000
    /// Steps of stages that name a pool, by its name.
    public var pools: [String: Int] = [:]

    public init() {}

    init(_ node: Node) throws {
        var fields = try Fields(node, subject: "`limits`")
        jobs = fields.int("jobs", in: 1...1024)
        llm = fields.int("llm", in: 1...1024) ?? llm
        tts = fields.int("tts", in: 1...1024) ?? tts
        calls = fields.int("calls", in: 0...1_000_000_000) ?? calls
        if let node = fields.node("pools") {
            var widths = try Fields(node, subject: "`pools` of `limits`")
            for name in node.value.members?.map(\.key) ?? [] {
                if [Pool.cpu, .llm, .tts, .remote].map(\.name).contains(name) {
                    widths.report(
                        Diagnostic(
                            .badInput, "a pool cannot be called \"\(name)\"", at: node[name]?.location,
                            remedy: name == Pool.remote.name
                                ? "`jobs` of `execution` is what limits it" : "`jobs`, `llm` and `tts` stand in `limits` itself"))
                }
                pools[name] = widths.int(name, in: 1...1024)
            }
            try widths.finish()
        }
        try fields.finish()
    }
}
