import EpCore
import EpHTTP
import EpPlan

/// `use: elevenlabs` for `transcribe`. Wire facts: `POST /v1/speech-to-text`, elevenlabs-python 2.78.0: a form with the sound as a file.
struct ElevenLabsTranscriber: RemoteTranscriberVendor {
    let name = "elevenlabs"
    let usualURL: String? = ElevenLabs.url
    let usualKeyVariable: String? = ElevenLabs.keyVariable
    let usualModel: String? = "scribe_v2"
    let shaping: [RemoteSetting] = [
        .number("temperature", 0...2), .whole("num_speakers", 1...32), .flag("diarize"), .whole("seed", 0...Int(Int32.max)),
    ]

    func authorization(_ key: String) -> [HTTPHeaders.Field] { ElevenLabs.authorization(key) }
    func failure(_ reply: Reply) -> ProviderFailure { ElevenLabs.failure(reply) }

    func request(_ recording: SpeechRecording) -> RemoteRequest {
        var parts = [
            FormPart("model_id", recording.model), FormPart("timestamps_granularity", "word"), FormPart("tag_audio_events", "false"),
            FormPart("file", recording.wav, file: "speech.wav", type: "audio/wav"),
        ]
        if let language = recording.language { parts.append(FormPart("language_code", language)) }
        for key in shaping.map(\.key) { if let value = recording.settings[key] { parts.append(FormPart(key, value)) } }
        return RemoteRequest("speech-to-text", .form(parts))
    }

    /// Between its words stand spaces, and what is heard beside speech.
    func read(_ reply: Reply) throws(ProviderFailure) -> HeardSpeech {
        guard let json = reply.json, let text = json["text"]?.string else {
            throw ProviderFailure(.badAnswer, "its answer is no transcript: \(reply.excerpt)")
        }
        let words = (json["words"]?.list ?? []).filter { ($0["type"]?.string ?? "word") == "word" }
        return HeardSpeech(["text": .string(text), "language": json["language_code"] ?? .null, "words": .list(words)]) ?? HeardSpeech(text)
    }
}
