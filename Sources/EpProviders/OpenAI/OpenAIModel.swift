import EpCore
import EpPlan

/// `use: openai`: language models of OpenAI, and of every service that speaks as it does (`base_url`).
///
/// Wire facts: `POST /chat/completions` and `POST /responses`, openai-python 3.57.0.
struct OpenAIModel: RemoteModelVendor {
    let name: String
    let aliases: [String]
    let usualURL: String?
    let usualKeyVariable: String?

    /// - Parameters:
    ///   - name: another service's that speaks as OpenAI's does.
    ///   - url: where that is; nil: a person must say.
    ///   - keyVariable: that has its key; nil: it wants none.
    init(_ name: String = "openai", aliases: [String] = [], url: String? = OpenAI.url, keyVariable: String? = OpenAI.keyVariable) {
        (self.name, self.aliases, usualURL, usualKeyVariable) = (name, aliases, url, keyVariable)
    }

    let shaping: [RemoteSetting] = [
        .word("api", ["chat", "responses"]), .whole("max_tokens", 1...10_000_000), .number("temperature", 0...2), .number("top_p", 0...1),
        .whole("seed", 0...Int(Int32.max)), .texts("stop"), .text("system"), .word("verbosity", ["low", "medium", "high"]),
        .word("reasoning_effort", ["none", "minimal", "low", "medium", "high", "xhigh", "max"]), .number("frequency_penalty", -2...2),
        .number("presence_penalty", -2...2),
    ]

    func failure(_ reply: Reply) -> ProviderFailure { OpenAI.failure(reply) }
    func usage(_ reply: Value) -> Usage? { OpenAI.usage(reply) }

    func request(_ question: ModelQuestion, isUsualPlace: Bool) -> RemoteRequest {
        Self.isResponses(question) ? responses(question) : chat(question, isUsualPlace: isUsualPlace)
    }

    func read(_ reply: Reply, to question: ModelQuestion) throws(ProviderFailure) -> RemoteAnswer {
        guard let json = reply.json, json.members != nil else {
            throw ProviderFailure(.badAnswer, "its answer is no JSON: \(reply.excerpt)")
        }
        if let error = json["error"], error != .null { throw OpenAI.failure(reply) }
        return try Self.isResponses(question) ? readResponses(json, reply, question) : readChat(json)
    }

    private static func isResponses(_ question: ModelQuestion) -> Bool { question.settings?["api"]?.string == "responses" }

    /// Those settings that stand in a request as they are called here.
    private func settings(_ keys: [String], of question: ModelQuestion) -> [Value.Member] {
        keys.compactMap { key in question.settings?[key].map { .init(key, $0) } }
    }

    // MARK: chat

    private func chat(_ question: ModelQuestion, isUsualPlace: Bool) -> RemoteRequest {
        var messages: [Value] = [["role": "user", "content": .string(question.words)]]
        if let system = question.settings?["system"] { messages.insert(["role": "system", "content": system], at: 0) }
        var body: [Value.Member] = [.init("model", .string(question.model)), .init("messages", .list(messages))]
        // The old name is refused by the newest models there, and the only one that some others know.
        if let most = question.settings?["max_tokens"] {
            body.append(.init(isUsualPlace && name == "openai" ? "max_completion_tokens" : "max_tokens", most))
        }
        body += settings(
            ["temperature", "top_p", "stop", "reasoning_effort", "verbosity", "frequency_penalty", "presence_penalty"], of: question)
        if let seed = question.seed { body.append(.init("seed", .int(seed))) }
        if let schema = question.schema {
            body.append(
                .init(
                    "response_format",
                    ["type": "json_schema", "json_schema": ["name": "answer", "strict": true, "schema": StrictSchema.adapted(schema)]]))
        }
        return RemoteRequest("chat/completions", json: .object(body))
    }

    private func readChat(_ json: Value) throws(ProviderFailure) -> RemoteAnswer {
        guard let choice = json.at("choices", "0") else { throw ProviderFailure(.badAnswer, "its answer has no `choices`") }
        if let error = choice["error"], error != .null {
            throw ProviderFailure(.transient, error["message"]?.string ?? "it broke off with an error")
        }
        let message = choice["message"]
        let text = message?["content"]?.string ?? message?["content"]?.list?.compactMap { $0["text"]?.string }.joined() ?? ""
        if let refusal = message?["refusal"]?.string, !refusal.isEmpty { throw ProviderFailure(.refused, "it refuses: \(refusal)") }
        switch choice["finish_reason"]?.string {
        case "length": throw ProviderFailure(.cutOff, "its answer is cut off by the limit of tokens")
        case "content_filter": throw ProviderFailure(.refused, "its filters have kept the answer back")
        case "tool_calls", "function_call": throw ProviderFailure(.badAnswer, "it wants to call a tool, and has none")
        case "error": throw ProviderFailure(.transient, "it broke off with an error")
        default: break
        }
        let usage = OpenAI.usage(json)
        return RemoteAnswer(
            text, model: json["model"]?.string, usage: usage ?? Usage(), cost: json.at("usage", "cost")?.number.map(Cost.init(usd:)))
    }

    // MARK: responses

    private func responses(_ question: ModelQuestion) -> RemoteRequest {
        var body: [Value.Member] = [.init("model", .string(question.model)), .init("input", .string(question.words)), .init("store", false)]
        if let system = question.settings?["system"] { body.append(.init("instructions", system)) }
        if let most = question.settings?["max_tokens"] { body.append(.init("max_output_tokens", most)) }
        body += settings(["temperature", "top_p"], of: question)
        if let effort = question.settings?["reasoning_effort"] { body.append(.init("reasoning", ["effort": effort])) }
        var text = settings(["verbosity"], of: question)
        if let schema = question.schema {
            text.append(.init("format", ["type": "json_schema", "name": "answer", "strict": true, "schema": StrictSchema.adapted(schema)]))
        }
        if !text.isEmpty { body.append(.init("text", .object(text))) }
        return RemoteRequest("responses", json: .object(body))
    }

    private func readResponses(_ json: Value, _ reply: Reply, _ question: ModelQuestion) throws(ProviderFailure) -> RemoteAnswer {
        let parts = (json["output"]?.list ?? []).filter { $0["type"]?.string == "message" }.flatMap { $0["content"]?.list ?? [] }
        if let refusal = parts.first(where: { $0["type"]?.string == "refusal" }) {
            throw ProviderFailure(.refused, "it refuses: \(refusal["refusal"]?.string ?? "")")
        }
        let usage = OpenAI.usage(json) ?? Usage()
        switch json["status"]?.string {
        case "incomplete":
            switch json.at("incomplete_details", "reason")?.string {
            case "content_filter": throw ProviderFailure(.refused, "its filters have kept the answer back")
            default: throw ProviderFailure(.cutOff, "its answer is cut off by the limit of tokens")
            }
        case "failed": throw OpenAI.failure(reply)
        case "completed", nil:
            // llama.cpp says so of what it has cut off, too.
            if let most = question.settings?["max_tokens"]?.count, usage.output >= most {
                throw ProviderFailure(.cutOff, "its answer is cut off by the limit of tokens")
            }
        case let status?: throw ProviderFailure(.transient, "its answer is \(status), not complete")
        }
        let text = parts.filter { $0["type"]?.string == "output_text" }.compactMap { $0["text"]?.string }.joined()
        return RemoteAnswer(text, model: json["model"]?.string, usage: usage)
    }
}
