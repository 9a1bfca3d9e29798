public import EpCore

/// A cluster that runs programs for this machine, as the workspace names it. Credentials are names of environment variables.
public struct ExecutionSettings: Sendable, Hashable {
    /// `grpc://host:port` or `grpcs://…`, with the name of the instance behind it.
    public let url: String
    /// What workers must be, as the cluster calls it.
    public let platform: [String: String]
    /// The tools whose programs run there, each with its place.
    public let stages: [Stage]
    /// Steps that are there at once.
    public let jobs: Int
    /// Where workers look for programs, as in `PATH`.
    public let path: String
    public let tokenVariable: String?
    public let userVariable: String?
    public let passwordVariable: String?
    /// Further headers, by their names.
    public let headerVariables: [String: String]
    public let location: SourceLocation

    public struct Stage: Sendable, Hashable {
        public let tool: ToolName
        public let location: SourceLocation
    }

    /// What any system has.
    public static let usualPath = "/usr/local/bin:/usr/bin:/bin"

    init(_ node: Node) throws {
        var fields = try Fields(node, subject: "`execution`")
        let address = fields.required("url", fields.string("url")) ?? ""
        let instance = fields.string("instance")
        platform = try fields.texts("platform")
        stages = (fields.required("stages", fields.located("stages")) ?? []).map { Stage(tool: ToolName($0.text), location: $0.location) }
        jobs = fields.int("jobs", in: 1...1000) ?? 16
        path = fields.string("path") ?? Self.usualPath
        tokenVariable = fields.string("token_env")
        userVariable = fields.string("user_env")
        passwordVariable = fields.string("password_env")
        headerVariables = try fields.texts("headers_env")
        url = instance.map { "\(address)/\($0)" } ?? address
        location = node["url"]?.location ?? node.location
        if !address.hasPrefix("grpc://"), !address.hasPrefix("grpcs://"), !address.isEmpty {
            fields.report(
                Diagnostic(
                    .badInput, "a cluster is reached by gRPC, not at \"\(address)\"", at: location,
                    remedy: "write `url: grpcs://host:port`, or without encryption grpc://"))
        }
        let host = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? ""
        if instance != nil, host.contains("/") {
            fields.report(
                Diagnostic(
                    .badInput, "the instance is named twice, in `url` and in `instance`", at: node["instance"]?.location,
                    remedy: "take one of them out"))
        }
        if (userVariable == nil) != (passwordVariable == nil) {
            fields.report(
                Diagnostic(
                    .badInput, "`user_env` and `password_env` belong together",
                    at: node[userVariable == nil ? "password_env" : "user_env"]?.location,
                    remedy: "write both, or neither"))
        }
        try fields.finish()
    }

    /// - Parameter tools: those that have steps.
    /// - Returns: what is named and is none.
    func problems(_ tools: [ToolName]) -> [Diagnostic] {
        stages.filter { !tools.contains($0.tool) }.map { stage in
            Diagnostic(
                .badInput, "`stages` of `execution` names \"\(stage.tool)\", which is no tool", at: stage.location,
                remedy: Suggestion.remedy(for: stage.tool.text, in: tools.map(\.text)))
        }
    }
}

extension Fields {
    /// A mapping from names to texts; none if it is not there.
    mutating func texts(_ key: String) throws -> [String: String] {
        guard let node = node(key) else { return [:] }
        var (texts, names) = ([String: String](), try Fields(node, subject: "`\(key)`"))
        for name in node.value.members?.map(\.key) ?? [] { texts[name] = names.string(name) }
        try names.finish()
        return texts
    }
}
