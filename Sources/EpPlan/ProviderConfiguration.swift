public import EpCore

/// Who serves a tool, and with which settings.
public struct ProviderConfiguration: Sendable {
    public let name: String
    public let tool: String
    /// The kind of provider: `espeak`, `offline`.
    public let use: String
    public let location: SourceLocation
    /// How many steps it serves at once; nil: as many as its tool may.
    public let limit: Int?
    /// Who serves if it fails; nil: nobody.
    public let fallback: Fallback?
    /// All other keys, for the provider to read.
    public let settings: Value
    /// Absolute path of the directory of its workspace.
    public let directory: String
    /// What the workspace says of prices.
    public let prices: [PriceRow]
    /// How often it is asked, as far as it or its workspace says.
    public let retry: RetrySettings
    private let node: Node
    /// Read here, for every provider.
    private static let own = ["tool", "use", "limit", "fallback"]

    init(name: String, _ node: Node, in directory: String, prices: [PriceRow], retry: RetrySettings) throws {
        var fields = try Fields(node, subject: "provider \"\(name)\"")
        let tool = fields.required("tool", fields.string("tool"))
        let use = fields.required("use", fields.string("use"))
        limit = fields.int("limit", in: 1...1024)
        fallback = try fields.node("fallback").map { try Fallback($0, of: name) }
        fields.allow(node.value.members?.map(\.key) ?? [])
        try fields.finish()
        self.name = name
        self.tool = tool ?? ""
        self.use = use ?? ""
        location = node.location
        (self.node, self.directory, self.prices) = (node, directory, prices)
        self.retry = RetrySettings(unchecked: node.value).over(retry)
        settings = .object(node.value.members?.filter { !Self.own.contains($0.key) } ?? [])
    }

    /// Where its steps wait for their turn, if it has a limit of its own.
    public var pool: Pool? { limit == nil ? nil : Pool("provider \(name)") }

    /// Where one of its settings is written; the provider itself if it is not.
    public func place(of setting: String) -> SourceLocation { node[setting]?.location ?? location }

    /// A tool that has no providers, a kind that it does not have, and what that kind finds wrong.
    func problems(_ kinds: [String: [ProviderKind]]) -> [Diagnostic] {
        guard let known = kinds[tool] else {
            return [Diagnostic(
                .badInput, "provider \"\(name)\" serves \"\(tool)\", which is no tool that has providers", at: node["tool"]?.location,
                remedy: Suggestion.remedy(for: tool, in: kinds.keys.sorted()))]
        }
        guard let kind = known.first(where: { $0.names.contains(use) }) else {
            return [Diagnostic(
                .badInput, "provider \"\(name)\" uses \"\(use)\", which is no kind of \(tool) provider here", at: node["use"]?.location,
                remedy: Suggestion.remedy(for: use, in: known.flatMap(\.names).sorted()))]
        }
        do {
            var fields = try Fields(node, subject: "provider \"\(name)\"")
            fields.allow(Self.own + ["api_key_env"])
            kind.check(&fields)
            try fields.finish()
            return []
        } catch {
            return [Diagnostic](describing: error)
        }
    }

    /// Providers that are not there, that serve another tool, or that are this one.
    func fallbackProblems(_ providers: [ProviderConfiguration]) -> [Diagnostic] {
        let others = providers.filter { $0.tool == tool && $0.name != name }.map(\.name)
        return (fallback?.entries ?? []).compactMap { entry in
            guard let words = wrong(entry.name, providers.first { $0.name == entry.name }) else { return nil }
            let remedy =
                others.isEmpty
                ? "there is no other provider of \(tool): take the fallback out, or add one"
                : Suggestion.remedy(for: entry.name, in: others)
            return Diagnostic(.badInput, "provider \"\(name)\" falls back on \(words)", at: entry.location, remedy: remedy)
        }
    }

    /// What to say of a fallback; nil if nothing is wrong with it.
    private func wrong(_ fallback: String, _ found: ProviderConfiguration?) -> String? {
        if fallback == name { return "itself" }
        guard let found else { return "\"\(fallback)\", which is no provider of this workspace" }
        return found.tool == tool ? nil : "\"\(fallback)\", which serves \(found.tool)"
    }
}
