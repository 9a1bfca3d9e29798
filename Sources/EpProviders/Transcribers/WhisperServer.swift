import EpCore
import EpPlan

/// `use: whisper.cpp`: whisper.cpp's own server on this machine. Wire facts: `POST /inference`, whisper.cpp of August 2026.
///
/// Its `words` are pieces of words; so each segment is asked to be one word.
struct WhisperServer: RemoteTranscriberVendor {
    let name = "whisper.cpp"
    let aliases = ["whispercpp"]
    let usualURL: String? = "http://127.0.0.1:8080"
    let usualKeyVariable: String? = nil
    /// The one that the server was started with.
    let usualModel: String? = ""
    let shaping: [RemoteSetting] = [.number("temperature", 0...1)]

    func failure(_ reply: Reply) -> ProviderFailure { OpenAI.failure(reply) }

    func request(_ recording: SpeechRecording) -> RemoteRequest {
        var parts = [FormPart("file", recording.wav, file: "speech.wav", type: "audio/wav"), FormPart("response_format", "verbose_json")]
        parts += [
            FormPart("max_len", "1"), FormPart("split_on_word", "true"),
            FormPart("temperature", recording.settings["temperature"] ?? .int(0)),
        ]
        if let language = recording.language { parts.append(FormPart("language", language)) }
        return RemoteRequest("inference", .form(parts))
    }

    func read(_ reply: Reply) throws(ProviderFailure) -> HeardSpeech {
        guard let json = reply.json, json["error"] == nil else { throw failure(reply) }
        guard let text = json["text"]?.string else { throw ProviderFailure(.badAnswer, "its answer is no transcript: \(reply.excerpt)") }
        let words = (json["segments"]?.list ?? []).compactMap { segment -> TimedWord? in
            guard let word = segment["text"]?.string?.trimmed, !word.isEmpty, let start = segment["start"]?.number,
                let end = segment["end"]?.number
            else { return nil }
            return TimedWord(word, from: start, to: end)
        }
        let joined = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return HeardSpeech(joined, words: words, language: json["language"]?.string)
    }
}
