import EpCore
import EpHTTP
import EpPlan
import FoundationEssentials

/// `use: gemini` for `image`. Wire facts: `generateContent` with the modality IMAGE, google-genai 3.6.1.
struct GeminiImages: ImageVendor {
    let name = "gemini"
    let aliases = ["google"]
    let usualURL: String? = Gemini.url
    let usualKeyVariable: String? = Gemini.keyVariable
    let shaping: [RemoteSetting] = [
        .word("aspect_ratio", ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]), .number("temperature", 0...2),
        .whole("seed", 0...Int(Int32.max)),
    ]

    func authorization(_ key: String) -> [HTTPHeaders.Field] { [.init("x-goog-api-key", key)] }
    func failure(_ reply: Reply) -> ProviderFailure { Gemini.failure(reply) }
    func usage(_ reply: Value) -> Usage? { GeminiModel().usage(reply) }

    func request(_ question: ImageQuestion) -> RemoteRequest {
        var generation: [Value.Member] = [.init("responseModalities", ["IMAGE"])]
        if let ratio = question.settings["aspect_ratio"] { generation.append(.init("imageConfig", ["aspectRatio": ratio])) }
        if let temperature = question.settings["temperature"] { generation.append(.init("temperature", temperature)) }
        if let seed = question.settings["seed"]?.count { generation.append(.init("seed", .int(seed + Int64(question.take - 1)))) }
        return RemoteRequest("models/\(question.model):generateContent", json: [
            "contents": [["role": "user", "parts": [["text": .string(question.prompt)]]]], "generationConfig": .object(generation),
        ])
    }

    func read(_ reply: Reply) throws(ProviderFailure) -> [UInt8] {
        guard let json = reply.json else { throw ProviderFailure(.badAnswer, "its answer is no JSON: \(reply.excerpt)") }
        if json["error"] != nil { throw failure(reply) }
        if let reason = Gemini.refusal(json) { throw ProviderFailure(.refused, "its filters have kept the picture back: \(reason)") }
        let parts = json.at("candidates", "0", "content", "parts")?.list ?? []
        if let bytes = parts.lazy.compactMap({ $0.at("inlineData", "data")?.string.flatMap { Data(base64Encoded: $0) } }).first {
            return Array(bytes)
        }
        let reason = json.at("candidates", "0", "finishReason")?.string
        throw ProviderFailure(reason == "MAX_TOKENS" ? .cutOff : .badAnswer, "its answer has no picture\(reason.map { " (\($0))" } ?? "")")
    }
}
