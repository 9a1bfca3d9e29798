import EpCore
import EpHTTP
import EpPlan
import EpSound
import FoundationEssentials

/// `use: elevenlabs`. Wire facts: `POST /v1/text-to-speech/{voice}/with-timestamps`, elevenlabs-python 2.78.0.
struct ElevenLabsVoice: RemoteVoiceVendor {
    let name = "elevenlabs"
    let usualURL: String? = ElevenLabs.url
    let usualKeyVariable: String? = ElevenLabs.keyVariable
    let usualVoice = "21m00Tcm4TlvDq8ikWAM"
    let usualModel: String? = "eleven_v4"
    let longest = 10_000
    let speeds: ClosedRange<Double>? = 0.7...1.2
    /// Every account gets this one; higher rates are not everybody's.
    private static let sampleRate = 24_000

    let shaping: [RemoteSetting] = [
        .number("stability", 0...1), .number("similarity_boost", 0...1), .number("style", 0...1), .flag("use_speaker_boost"),
        .text("language_code"),
        .whole("seed", 0...Int(UInt32.max)),
    ]

    func authorization(_ key: String) -> [HTTPHeaders.Field] { ElevenLabs.authorization(key) }
    func failure(_ reply: Reply) -> ProviderFailure { ElevenLabs.failure(reply) }
    func tellsWords(_ settings: Value) -> Bool { true }

    func request(_ line: SpokenLine) -> RemoteRequest {
        var voice = ["stability", "similarity_boost", "style", "use_speaker_boost"].compactMap { key in
            line.settings[key].map { Value.Member(key, $0) }
        }
        if let speed = line.speed { voice.append(.init("speed", .double(speed))) }
        var body: [Value.Member] = [.init("text", .string(line.text)), .init("model_id", .string(line.model))]
        if let language = line.settings["language_code"] { body.append(.init("language_code", language)) }
        if !voice.isEmpty { body.append(.init("voice_settings", .object(voice))) }
        if let seed = line.seed { body.append(.init("seed", .int(seed))) }
        let voiceName = line.voice.addingPercentEncoding
        return RemoteRequest("text-to-speech/\(voiceName)/with-timestamps?output_format=pcm_\(Self.sampleRate)", json: .object(body))
    }

    func read(_ reply: Reply, of line: SpokenLine) throws(ProviderFailure) -> SpokenSound {
        guard let text = reply.json?["audio_base64"]?.string, let data = Data(base64Encoded: text) else {
            throw ProviderFailure(.badAnswer, "its answer has no sound: \(reply.excerpt)")
        }
        let characters = reply.headers["character-cost"].flatMap { Int64($0) }
        return SpokenSound(
            PCM(signed16: data, sampleRate: Self.sampleRate).wav(), usage: characters.map { Usage(input: $0) },
            words: Self.words(reply.json?["alignment"]))
    }

    /// It tells when each character is heard; a word is what stands between white space.
    private static func words(_ alignment: Value?) -> [TimedWord] {
        let characters = alignment?["characters"]?.list?.compactMap(\.string) ?? []
        let starts = alignment?["character_start_times_seconds"]?.list?.compactMap(\.number) ?? []
        let ends = alignment?["character_end_times_seconds"]?.list?.compactMap(\.number) ?? []
        guard characters.count == starts.count, characters.count == ends.count else { return [] }
        var words: [TimedWord] = []
        for word in characters.indices.split(whereSeparator: { characters[$0].allSatisfy(\.isWhitespace) }) {
            guard let first = word.first, let last = word.last else { continue }
            words.append(TimedWord(characters[first...last].joined(), from: starts[first], to: ends[last]))
        }
        return words
    }
}

extension String {
    /// As a part of a URL's path: all but letters, digits and `-._~` is written in hexadecimal.
    var addingPercentEncoding: String {
        utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80 && (scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~".unicodeScalars.contains(scalar))
            return isPlain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
