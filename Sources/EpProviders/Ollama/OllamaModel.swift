import EpCore
import EpPlan

/// `use: ollama`: models on this machine, by Ollama's own interface (`POST /api/chat`): the compatible one would cut long prompts in
/// silence.
struct OllamaModel: RemoteModelVendor {
    let name = "ollama"
    let usualURL: String? = "http://127.0.0.1:11434"
    let usualKeyVariable: String? = nil

    let shaping: [RemoteSetting] = [
        .whole("max_tokens", 1...10_000_000), .number("temperature", 0...2), .number("top_p", 0...1), .whole("top_k", 0...1_000_000),
        .whole("seed", 0...Int(Int32.max)), .texts("stop"), .text("system"), .whole("context_tokens", 256...10_000_000),
    ]

    func failure(_ reply: Reply) -> ProviderFailure {
        let message = reply.json?["error"]?.string ?? reply.excerpt
        if reply.status == 404 {
            return ProviderFailure(.wrongQuestion, message, remedy: "ollama pull MODEL, or correct `model` of the provider")
        }
        return OpenAI.failure(status: reply.status, [], message)
    }

    func request(_ question: ModelQuestion, isUsualPlace: Bool) -> RemoteRequest {
        let settings = question.settings
        var options: [Value.Member] = [.init("num_ctx", settings?["context_tokens"] ?? .int(Self.window(question)))]
        for (key, name) in [("max_tokens", "num_predict"), ("temperature", "temperature"), ("top_p", "top_p"), ("top_k", "top_k")] {
            if let value = settings?[key] { options.append(.init(name, value)) }
        }
        if let seed = question.seed { options.append(.init("seed", .int(seed))) }
        if let stop = settings?["stop"] { options.append(.init("stop", .list(stop.list ?? [stop]))) }
        var messages: [Value] = [["role": "user", "content": .string(question.words)]]
        if let system = settings?["system"] { messages.insert(["role": "system", "content": system], at: 0) }
        var body: [Value.Member] = [
            .init("model", .string(question.model)), .init("messages", .list(messages)), .init("stream", false), .init("truncate", false),
            .init("options", .object(options)),
        ]
        if let schema = question.schema { body.append(.init("format", schema)) }
        return RemoteRequest("api/chat", json: .object(body))
    }

    /// Room for the prompt and the answer, in steps, so that the model is not loaded again for each prompt.
    private static func window(_ question: ModelQuestion) -> Int64 {
        let needed = question.mostTokens / 2 + (question.settings?["max_tokens"]?.count ?? 0)
        return max(8192, (needed + 8191) / 8192 * 8192)
    }

    func read(_ reply: Reply, to question: ModelQuestion) throws(ProviderFailure) -> RemoteAnswer {
        guard let json = reply.json, json.members != nil else {
            throw ProviderFailure(.badAnswer, "its answer is no JSON: \(reply.excerpt)")
        }
        if json["error"] != nil { throw ProviderFailure(.transient, json["error"]?.string ?? "it broke off with an error") }
        if json["done_reason"]?.string == "length" { throw ProviderFailure(.cutOff, "its answer is cut off by the limit of tokens") }
        guard json["done"]?.bool != false else { throw ProviderFailure(.transient, "its answer broke off") }
        return RemoteAnswer(json.at("message", "content")?.string ?? "", model: json["model"]?.string, usage: usage(json) ?? Usage())
    }

    func usage(_ reply: Value) -> Usage? {
        guard let output = reply["eval_count"]?.count else { return nil }
        return Usage(input: reply["prompt_eval_count"]?.count ?? 0, output: output)
    }
}
