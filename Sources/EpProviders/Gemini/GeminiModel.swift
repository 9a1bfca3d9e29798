import EpCore
import EpHTTP
import EpPlan

/// `use: gemini`: language models of Google. Wire facts: `models/{model}:generateContent`, google-genai 3.6.1.
struct GeminiModel: RemoteModelVendor {
    let name = "gemini"
    let aliases = ["google"]
    let usualURL: String? = Gemini.url
    let usualKeyVariable: String? = Gemini.keyVariable

    let shaping: [RemoteSetting] = [
        .whole("max_tokens", 1...10_000_000), .number("temperature", 0...2), .number("top_p", 0...1), .whole("top_k", 0...1_000_000),
        .whole("seed", 0...Int(Int32.max)), .texts("stop"), .text("system"),
        .word("thinking_level", ["minimal", "low", "medium", "high", "xhigh"]),
    ]

    func authorization(_ key: String) -> [HTTPHeaders.Field] { [.init("x-goog-api-key", key)] }
    func failure(_ reply: Reply) -> ProviderFailure { Gemini.failure(reply) }

    func request(_ question: ModelQuestion, isUsualPlace: Bool) -> RemoteRequest {
        let settings = question.settings
        var generation: [Value.Member] = []
        for (key, name) in [("max_tokens", "maxOutputTokens"), ("temperature", "temperature"), ("top_p", "topP"), ("top_k", "topK")] {
            if let value = settings?[key] { generation.append(.init(name, value)) }
        }
        if let seed = question.seed { generation.append(.init("seed", .int(seed))) }
        if let stop = settings?["stop"] { generation.append(.init("stopSequences", .list(stop.list ?? [stop]))) }
        if let level = settings?["thinking_level"]?.string {
            generation.append(.init("thinkingConfig", ["thinkingLevel": .string(level.uppercased())]))
        }
        if let schema = question.schema {
            generation += [.init("responseMimeType", "application/json"), .init("responseJsonSchema", Self.adapted(schema))]
        }
        var body: [Value.Member] = [.init("contents", [["role": "user", "parts": [["text": .string(question.words)]]]])]
        if let system = settings?["system"] { body.append(.init("systemInstruction", ["parts": [["text": system]]])) }
        body.append(.init("generationConfig", .object(generation)))
        return RemoteRequest("models/\(question.model):generateContent", json: .object(body))
    }

    private static func adapted(_ schema: Value) -> Value {
        StrictSchema.adapted(
            schema,
            knowing: [
                "$defs", "$ref", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems",
                "minimum", "maximum", "anyOf", "oneOf",
                "properties", "additionalProperties", "required",
            ],
            closesObjects: false)
    }

    func read(_ reply: Reply, to question: ModelQuestion) throws(ProviderFailure) -> RemoteAnswer {
        guard let json = reply.json, json.members != nil else {
            throw ProviderFailure(.badAnswer, "its answer is no JSON: \(reply.excerpt)")
        }
        if json["error"] != nil { throw failure(reply) }
        if let reason = Gemini.refusal(json) { throw ProviderFailure(.refused, "its filters have kept the answer back: \(reason)") }
        guard let candidate = json.at("candidates", "0") else { throw ProviderFailure(.badAnswer, "its answer has no `candidates`") }
        switch candidate["finishReason"]?.string {
        case "MAX_TOKENS", "CONTINUATION": throw ProviderFailure(.cutOff, "its answer is cut off by the limit of tokens")
        case "STOP", nil, "FINISH_REASON_UNSPECIFIED": break
        case let reason?: throw ProviderFailure(.badAnswer, "it has stopped because of \(reason)")
        }
        let parts = candidate.at("content", "parts")?.list ?? []
        let text = parts.filter { $0["thought"]?.bool != true }.compactMap { $0["text"]?.string }.joined()
        return RemoteAnswer(text, model: json["modelVersion"]?.string, usage: usage(json) ?? Usage())
    }

    /// What it has thought is billed as output, and counted apart.
    func usage(_ reply: Value) -> Usage? {
        guard let usage = reply["usageMetadata"] else { return nil }
        let thoughts = usage["thoughtsTokenCount"]?.count ?? 0
        return Usage(
            input: usage["promptTokenCount"]?.count ?? 0, output: (usage["candidatesTokenCount"]?.count ?? 0) + thoughts,
            cached: usage["cachedContentTokenCount"]?.count ?? 0, reasoning: thoughts)
    }
}
