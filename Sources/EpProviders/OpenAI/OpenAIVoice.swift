import EpCore
import EpPlan
import EpSound

/// `use: openai` for `tts`: voices of every service that speaks as OpenAI's does (Kokoro-FastAPI, speaches, OpenRouter, Groq by
/// `base_url`).
///
/// Wire facts: `POST /audio/speech`, openai-python 3.57.0. The body is the sound; nobody says what it has cost.
struct OpenAIVoice: RemoteVoiceVendor {
    let name: String
    let usualURL: String?
    let usualKeyVariable: String?
    let usualVoice: String
    let usualModel: String?
    let longest: Int
    /// As Kokoro-FastAPI does, at a place of its own.
    let canTellWords: Bool

    init(
        _ name: String = "openai", url: String? = OpenAI.url, keyVariable: String? = OpenAI.keyVariable, voice: String = "alloy",
        model: String? = nil, longest: Int = 4096, canTellWords: Bool = false
    ) {
        (self.name, usualURL, usualKeyVariable, usualVoice, usualModel) = (name, url, keyVariable, voice, model)
        (self.longest, self.canTellWords) = (longest, canTellWords)
    }

    let speeds: ClosedRange<Double>? = 0.25...4
    let shaping: [RemoteSetting] = [.text("instructions")]

    /// Its oldest models have no instructions, and others' models that speak as OpenAI's do need not have any.
    func stressing(_ words: [String], _ settings: Value) -> Value? {
        let model = settings["model"]?.letters ?? ""
        return name == "openai" && model.hasPrefix("gpt-") ? instructed(toStress: words, settings) : nil
    }

    func failure(_ reply: Reply) -> ProviderFailure { OpenAI.failure(reply) }

    func request(_ line: SpokenLine) -> RemoteRequest {
        var body: [Value.Member] = [
            .init("model", .string(line.model)), .init("input", .string(line.text)), .init("voice", .string(line.voice)),
            .init("response_format", "wav"),
            .init("stream", false),
        ]
        if let instructions = line.settings["instructions"] { body.append(.init("instructions", instructions)) }
        if let speed = line.speed { body.append(.init("speed", .double(speed))) }
        // OpenAI's own refuses what it does not know.
        if name == "openai", line.settings["service"]?.string == "api.openai.com" { body.removeAll { $0.key == "stream" } }
        guard tellsWords(line.settings) else { return RemoteRequest("audio/speech", json: .object(body)) }
        var captioned = RemoteRequest("dev/captioned_speech", json: .object(body + [.init("return_timestamps", true)]))
        captioned.isBesideVersion = true
        return captioned
    }

    func read(_ reply: Reply, of line: SpokenLine) throws(ProviderFailure) -> SpokenSound {
        if let error = reply.json?["error"], error != .null { throw OpenAI.failure(reply) }
        if tellsWords(line.settings), let captioned = try CaptionedSpeech.read(reply) { return captioned }
        return SpokenSound(try SoundBody.of(reply))
    }
}

/// The body of a reply that must be a sound, whatever its type is called.
enum SoundBody {
    static func of(_ reply: Reply) throws(ProviderFailure) -> [UInt8] {
        guard !reply.bytes.isEmpty else { throw ProviderFailure(.badAnswer, "its answer is empty") }
        guard SoundFormat.of(reply.bytes) != nil else { throw ProviderFailure(.badAnswer, "its answer is no sound: \(reply.excerpt)") }
        return reply.bytes
    }
}
