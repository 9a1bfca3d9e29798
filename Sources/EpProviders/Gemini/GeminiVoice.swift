import EpCore
import EpHTTP
import EpPlan
import EpSound
import FoundationEssentials

/// `use: gemini` for `tts`. Wire facts: `generateContent` with the modality AUDIO, google-genai 3.6.1: raw samples, whose rate stands in
/// their type.
struct GeminiVoice: RemoteVoiceVendor {
    let name = "gemini"
    let aliases = ["google"]
    let usualURL: String? = Gemini.url
    let usualKeyVariable: String? = Gemini.keyVariable
    let usualVoice = "Kore"
    let usualModel: String? = "gemini-3.8-flash-tts"
    let longest = 8000
    let speeds: ClosedRange<Double>? = nil
    let shaping: [RemoteSetting] = [.text("instructions"), .number("temperature", 0...2), .whole("seed", 0...Int(Int32.max))]

    func stressing(_ words: [String], _ settings: Value) -> Value? { instructed(toStress: words, settings) }
    func authorization(_ key: String) -> [HTTPHeaders.Field] { [.init("x-goog-api-key", key)] }
    func failure(_ reply: Reply) -> ProviderFailure { Gemini.failure(reply) }

    func request(_ line: SpokenLine) -> RemoteRequest {
        let instructions = line.settings["instructions"]?.string.map { "\($0):\n" } ?? ""
        var generation: [Value.Member] = [
            .init("responseModalities", ["AUDIO"]),
            .init("speechConfig", ["voiceConfig": ["prebuiltVoiceConfig": ["voiceName": .string(line.voice)]]]),
        ]
        if let temperature = line.settings["temperature"] { generation.append(.init("temperature", temperature)) }
        if let seed = line.seed { generation.append(.init("seed", .int(seed))) }
        return RemoteRequest("models/\(line.model):generateContent", json: [
            "contents": [["role": "user", "parts": [["text": .string(instructions + line.text)]]]], "generationConfig": .object(generation),
        ])
    }

    func read(_ reply: Reply, of line: SpokenLine) throws(ProviderFailure) -> SpokenSound {
        guard let json = reply.json else { throw ProviderFailure(.badAnswer, "its answer is no JSON: \(reply.excerpt)") }
        if json["error"] != nil { throw failure(reply) }
        if let reason = Gemini.refusal(json) { throw ProviderFailure(.refused, "its filters have kept the answer back: \(reason)") }
        let parts = json.at("candidates", "0", "content", "parts")?.list ?? []
        guard let sound = parts.lazy.compactMap({ $0["inlineData"] }).first,
            let data = sound["data"]?.string.flatMap({ Data(base64Encoded: $0) })
        else {
            let reason = json.at("candidates", "0", "finishReason")?.string
            throw ProviderFailure(
                reason == "MAX_TOKENS" ? .cutOff : .badAnswer, "its answer has no sound\(reason.map { " (\($0))" } ?? "")")
        }
        let usage = GeminiModel().usage(json)
        if data.starts(with: Array("RIFF".utf8)) { return SpokenSound(Array(data), usage: usage) }
        let rate = sound["mimeType"]?.string.flatMap { $0.firstMatch(of: /rate=([0-9]+)/) }.flatMap { Int($0.output.1) } ?? 24_000
        return SpokenSound(PCM(signed16: data, sampleRate: rate).wav(), usage: usage)
    }
}
