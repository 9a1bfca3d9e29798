import EpCore
import EpPlan

/// `use: openai` for `transcribe`: every service that hears as OpenAI's does (Groq, speaches, faster-whisper-server by `base_url`).
///
/// Wire facts: `POST /audio/transcriptions`, openai-python 3.57.0: a form with the sound as a file. Newer models of OpenAI's tell no times.
struct OpenAITranscriber: RemoteTranscriberVendor {
    let name: String
    let usualURL: String?
    let usualKeyVariable: String?
    let usualModel: String?

    init(_ name: String = "openai", url: String = OpenAI.url, keyVariable: String? = OpenAI.keyVariable, model: String? = nil) {
        (self.name, usualURL, usualKeyVariable, usualModel) = (name, url, keyVariable, model)
    }

    let shaping: [RemoteSetting] = [.number("temperature", 0...1), .text("prompt")]

    func failure(_ reply: Reply) -> ProviderFailure { OpenAI.failure(reply) }

    func request(_ recording: SpeechRecording) -> RemoteRequest {
        let tellsTimes = !recording.model.hasPrefix("gpt-")
        var parts = [FormPart("file", recording.wav, file: "speech.wav", type: "audio/wav"), FormPart("model", recording.model)]
        parts.append(FormPart("response_format", tellsTimes ? "verbose_json" : "json"))
        if tellsTimes { parts += ["word", "segment"].map { FormPart("timestamp_granularities[]", $0) } }
        for key in ["language", "temperature", "prompt"] {
            if let value = recording.settings[key] {
                parts.append(FormPart(key == "language" && !tellsTimes ? "languages[]" : key, value))
            }
        }
        return RemoteRequest("audio/transcriptions", .form(parts))
    }

    func read(_ reply: Reply) throws(ProviderFailure) -> HeardSpeech {
        if let error = reply.json?["error"], error != .null { throw failure(reply) }
        return try .of(reply)
    }

    /// Either by the second or by tokens.
    func usage(_ reply: Reply) -> Usage? {
        if let seconds = reply.json?.at("usage", "seconds")?.number { return Usage(input: Int64(seconds.rounded(.up))) }
        return reply.json.flatMap(OpenAI.usage)
    }
}

/// `use: openrouter` for `transcribe`: it takes the sound as text within JSON.
struct OpenRouterTranscriber: RemoteTranscriberVendor {
    let name = "openrouter"
    let usualURL: String? = "https://openrouter.ai/api/v1"
    let usualKeyVariable: String? = "OPENROUTER_API_KEY"
    let shaping: [RemoteSetting] = [.number("temperature", 0...1)]

    func failure(_ reply: Reply) -> ProviderFailure { OpenAI.failure(reply) }

    func request(_ recording: SpeechRecording) -> RemoteRequest {
        var body: [Value.Member] = [
            .init("model", .string(recording.model)), .init("input_audio", ["data": .string(recording.wav.base64), "format": "wav"]),
        ]
        for key in ["language", "temperature"] { if let value = recording.settings[key] { body.append(.init(key, value)) } }
        return RemoteRequest("audio/transcriptions", json: .object(body))
    }

    func read(_ reply: Reply) throws(ProviderFailure) -> HeardSpeech {
        if let error = reply.json?["error"], error != .null { throw failure(reply) }
        return try .of(reply)
    }
}
