import EpCore
import EpHTTP
import EpPlan

/// `use: anthropic`: Claude. Wire facts: `POST /v1/messages`, anthropic-python 2.14.0.
///
/// Temperature and its like are refused by the interface of 2026-10-21, which is the one asked; who needs them names the older by
/// `version`.
struct AnthropicModel: RemoteModelVendor {
    let name = "anthropic"
    let aliases = ["claude"]
    let usualURL: String? = "https://api.anthropic.com/v1"
    let usualKeyVariable: String? = "ANTHROPIC_API_KEY"
    private static let newest = "2026-10-21"

    let shaping: [RemoteSetting] = [
        .word("version", ["2026-10-21", "2023-06-01"]), .whole("max_tokens", 1...10_000_000), .text("system"), .texts("stop"),
        .word("effort", ["low", "medium", "high", "xhigh", "max"]), .word("thinking", ["adaptive", "disabled", "enabled"]),
        .whole("thinking_tokens", 1024...1_000_000),
        .number("temperature", 0...1), .number("top_p", 0...1), .whole("top_k", 0...1_000_000),
    ]

    func checkSettings(_ fields: inout Fields) {
        _ = fields.text("model")
        for setting in shaping { setting.check(&fields) }
        guard fields.text("version") != "2023-06-01" else { return }
        for key in ["temperature", "top_p", "top_k"] {
            guard let node = fields.node(key) else { continue }
            fields.report(Diagnostic(
                .badInput, "`\(key)` of \(fields.subject) is refused by this interface of Anthropic's", at: node.location,
                remedy: "take it out, or write `version: 2023-06-01` for a model that still takes it"))
        }
    }

    func authorization(_ key: String) -> [HTTPHeaders.Field] { [.init("x-api-key", key)] }

    func request(_ question: ModelQuestion, isUsualPlace: Bool) -> RemoteRequest {
        let settings = question.settings
        var body: [Value.Member] = [
            .init("model", .string(question.model)), .init("max_tokens", settings?["max_tokens"] ?? .int(usualMostTokens)),
            .init("messages", [["role": "user", "content": .string(question.words)]]),
        ]
        for key in ["system", "temperature", "top_p", "top_k"] { if let value = settings?[key] { body.append(.init(key, value)) } }
        if let stop = settings?["stop"] { body.append(.init("stop_sequences", .list(stop.list ?? [stop]))) }
        let tokens = settings?["thinking_tokens"]
        // Who says how long it may think wants it to.
        if let thinking = settings?["thinking"]?.string ?? tokens.map({ _ in "enabled" }) {
            let budget = tokens.map { [Value.Member("budget_tokens", $0)] } ?? []
            body.append(.init("thinking", .object([.init("type", .string(thinking))] + budget)))
        }
        var output: [Value.Member] = []
        if let effort = settings?["effort"] { output.append(.init("effort", effort)) }
        if let schema = question.schema { output.append(.init("format", ["type": "json_schema", "schema": Self.adapted(schema)])) }
        if !output.isEmpty { body.append(.init("output_config", .object(output))) }
        let version = settings?["version"]?.string ?? Self.newest
        return RemoteRequest("messages", headers: [.init("anthropic-version", version)], json: .object(body))
    }

    private static func adapted(_ schema: Value) -> Value {
        StrictSchema.adapted(
            schema,
            knowing: [
                "type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "description", "format",
                "minItems", "additionalProperties",
            ],
            closesObjects: true)
    }

    func read(_ reply: Reply, to question: ModelQuestion) throws(ProviderFailure) -> RemoteAnswer {
        guard let json = reply.json, json.members != nil else {
            throw ProviderFailure(.badAnswer, "its answer is no JSON: \(reply.excerpt)")
        }
        if json["type"]?.string == "error" { throw failure(reply) }
        switch json["stop_reason"]?.string {
        case "max_tokens", "model_context_window_exceeded": throw ProviderFailure(.cutOff, "its answer is cut off by the limit of tokens")
        case "refusal":
            let why = json.at("stop_details", "explanation")?.string ?? json.at("stop_details", "category")?.string
            throw ProviderFailure(.refused, "it refuses\(why.map { ": \($0)" } ?? "")")
        case "tool_use", "pause_turn": throw ProviderFailure(.badAnswer, "it wants to call a tool, and has none")
        default: break
        }
        let texts = (json["content"]?.list ?? []).filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }
        return RemoteAnswer(texts.joined(), model: json["model"]?.string, usage: usage(json) ?? Usage())
    }

    /// Its input does not count what it had in its cache, or puts there.
    func usage(_ reply: Value) -> Usage? {
        guard let usage = reply["usage"], let input = usage["input_tokens"]?.count else { return nil }
        let (cached, written) = (usage["cache_read_input_tokens"]?.count ?? 0, usage["cache_creation_input_tokens"]?.count ?? 0)
        return Usage(
            input: input + cached + written, output: usage["output_tokens"]?.count ?? 0, cached: cached, cacheWrite: written,
            reasoning: usage.at("output_tokens_details", "thinking_tokens")?.count ?? 0)
    }

    func failure(_ reply: Reply) -> ProviderFailure {
        let error = reply.json?["error"]
        let message = error?["message"]?.string ?? (reply.json == nil ? reply.excerpt : "")
        let words = [error?["type"], error?.at("details", "error_code")].compactMap { $0?.string }
        let said = message.lowercased()
        let isMoney = words.contains { ["billing_error", "enforced_spend_limit_reached", "contract_spend_limit_reached"].contains($0) }
            || said.contains("credit balance is too low") || said.contains("you have reached your specified")
        if isMoney { return ProviderFailure(.money, message) }
        if words.contains("overloaded_error") || words.contains("timeout_error") { return ProviderFailure(.transient, message) }
        return OpenAI.failure(status: (200...299).contains(reply.status) ? 500 : reply.status, words, message)
    }
}
