import EpCore
import EpPlan
import FoundationEssentials

/// `use: openai` for `image`: every service that draws as OpenAI's does. Wire facts: `POST /images/generations`, openai-python 3.57.0.
struct OpenAIImages: ImageVendor {
    let name = "openai"
    let usualURL: String? = OpenAI.url
    let usualKeyVariable: String? = OpenAI.keyVariable

    let shaping: [RemoteSetting] = [
        .text("size"), .word("quality", ["low", "medium", "high", "xhigh", "max", "auto"]),
        .word("background", ["transparent", "opaque", "auto"]),
        .word("output_format", ["png", "jpeg"]), .word("moderation", ["low", "auto"]),
    ]

    func failure(_ reply: Reply) -> ProviderFailure { OpenAI.failure(reply) }
    func usage(_ reply: Value) -> Usage? { OpenAI.usage(reply) }

    func request(_ question: ImageQuestion) -> RemoteRequest {
        var body: [Value.Member] = [.init("model", .string(question.model)), .init("prompt", .string(question.prompt)), .init("n", 1)]
        for key in shaping.map(\.key) { if let value = question.settings[key] { body.append(.init(key, value)) } }
        // Of OpenAI's own, none sends an address by now; others do unless they are told.
        if question.settings["service"]?.string != "api.openai.com" { body.append(.init("response_format", "b64_json")) }
        return RemoteRequest("images/generations", json: .object(body))
    }

    func read(_ reply: Reply) throws(ProviderFailure) -> [UInt8] {
        if let error = reply.json?["error"], error != .null { throw failure(reply) }
        guard let picture = reply.json?.at("data", "0") else {
            throw ProviderFailure(.badAnswer, "its answer has no picture: \(reply.excerpt)")
        }
        if let bytes = picture["b64_json"]?.string.flatMap({ Data(base64Encoded: $0) }) { return Array(bytes) }
        let what = picture["url"]?.string == nil ? "is no picture" : "is an address and no picture, and nothing is fetched from elsewhere"
        throw ProviderFailure(.badAnswer, "what it has sent \(what)")
    }
}
