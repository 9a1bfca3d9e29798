import EpCore
import EpHTTP
import EpPlan
import EpSound
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import EpProviders

@Suite struct VoiceVendorTests {
    /// What is paid by the second or by tokens is never taken for nothing, though the service counts neither.
    @Test(arguments: ["seconds", "tokens", "characters"]) func whatIsNotCountedIsPaidForAtItsMost(_ unit: String) throws {
        let text = "providers: { v: { tool: tts, use: openai, model: m } }\nprices: { openai: { m: { unit: \(unit), in: 100 } } }\n"
        let workspace = try Workspace(directory: "/w", Node(parsing: Array(text.utf8), file: "epbuild.yaml"))
        let (vendor, provider) = (OpenAIVoice(), workspace.providers[0])
        let line = SpokenLine("Hello there, everybody.", settings: vendor.settings(of: provider, [:], Manner("", [:])))
        #expect(vendor.call(line, by: provider, PriceTable(workspace.prices), on: "2026-11-25").isPaid)
    }

    @Test func servicesAreToldInWordsWhatStandsOut() {
        let old = ["model": "tts-1"] as Value, new = ["instructions": "Be calm.", "model": "gpt-4o-mini-tts", "voice": "v"] as Value
        #expect(OpenAIVoice().stressing(["big"], old) == nil && OpenAIVoice("kokoro").stressing(["big"], new) == nil)
        let told = "Be calm. Put clear stress on these words: “big”, “the dog.”."
        #expect(
            OpenAIVoice().stressing(["big", "the dog."], new) == ["instructions": .string(told), "model": "gpt-4o-mini-tts", "voice": "v"])
        #expect(GeminiVoice().stressing(["big"], [:])?["instructions"]?.string == "Put clear stress on these words: “big”.")
        #expect(ElevenLabsVoice().stressing(["big"], new) == nil)
    }

    @Test func theLexiconIsAskedForEachStretch() throws {
        let text = StressedText("the Charon & Io", stressed: [1, 2]).said { $0.replacing("Charon", with: "Care on") }
        #expect(text.text == "the Care on & Io" && text.stressed == ["Care on &"])
        let voice = Voice(["rate": 160], Manner("", [:]), usualName: "en-gb")
        let command = EspeakVoice().stressing(try text.spelled(by: EspeakVoice(), voice: "en-gb"), voice)
        #expect(command?.arguments.suffix(3) == ["-f", "line.ssml", "-m"] && command?.file.name == "line.ssml")
        #expect(
            command?.file.text == "<speak>the <emphasis><prosody pitch='+20%' rate='85%' volume='+20%'>Care on &amp;</prosody></emphasis> Io</speak>")
        #expect(FliteVoice().stressing(text, voice) == nil && StressedText("a b").stressed == [])
    }

    /// A tone that swells and fades, as long as somebody would speak so many letters.
    private static func speech(_ seconds: Double, rate: Int = 24_000, level: Float = 0.3) -> PCM {
        let count = Int(seconds * Double(rate))
        return PCM(sampleRate: rate, channels: [(0..<count).map { index in
            let time = Float(index) / Float(rate)
            return level * sinf(time * 2 * .pi * 180) * (0.6 + 0.4 * sinf(time * 2 * .pi * 3))
        }])
    }

    private static func raw(_ sound: PCM) -> [UInt8] { Array(sound.wav().dropFirst(44)) }

    private func speak(
        _ vendor: any RemoteVoiceVendor, _ reply: (status: Int, headers: HTTPHeaders, bytes: [UInt8]), _ yaml: String = "model: m",
        _ voice: Value = [:], text: String = "The bees fly home."
    )
        async throws -> (wav: [UInt8], servedBy: String, request: HTTPRequest?, cost: Cost)
    {
        let client = OneReply(reply)
        let services = Services(client: client, secrets: Secrets { _ in "sk-secret" })
        let configuration = try Scene.provider("use: \(vendor.name), \(yaml), attempts: 1", tool: "tts")
        let line = SpokenLine(
            text, settings: vendor.settings(of: configuration, voice, Manner("slowly", ["delivery": ["slowly": ["rate": -20]]])))
        let spoken = try await vendor.speak(line, Serving(configuration, services, call: nil, door: OpenDoor(), isPatient: true))
        return (spoken.wav, spoken.servedBy, client.last, spoken.cost)
    }

    @Test func openaiSendsTheSoundAsItIs() async throws {
        let wav = Self.speech(1.5).wav()
        let spoken = try await speak(
            OpenAIVoice(), (200, ["Content-Type": "audio/wav"], wav), "model: tts-1", ["voice": "nova", "instructions": "calm"])
        #expect(spoken.wav == wav && spoken.servedBy == "openai tts-1 nova" && spoken.cost == Cost(microUSD: 270))
        #expect(
            spoken.request?.json == [
                "input": "The bees fly home.", "instructions": "calm", "model": "tts-1", "response_format": "wav", "speed": 0.8,
                "voice": "nova",
            ])
    }

    @Test func elevenlabsSendsSamplesInText() async throws {
        let sound = Self.speech(1.5)
        let body = "{\"audio_base64\":\"\(Data(Self.raw(sound)).base64EncodedString())\",\"alignment\":null}"
        let spoken = try await speak(
            ElevenLabsVoice(), (200, ["Content-Type": "application/json", "character-cost": "9"], Array(body.utf8)),
            "stability: 0.5, seed: 3", ["voice": "a b/c"])
        #expect(try PCM(wav: spoken.wav, named: "x").count == sound.count && spoken.cost == Cost(microUSD: 720))
        #expect(spoken.request?.url == "https://api.elevenlabs.io/v1/text-to-speech/a%20b%2Fc/with-timestamps?output_format=pcm_24000")
        #expect(
            spoken.request?.json?.at("voice_settings", "stability") == 0.5 && spoken.request?.json?.at("voice_settings", "speed") == 0.8
                && spoken.request?.json?["seed"] == 3)
        #expect(spoken.request?.headers["xi-api-key"] == "sk-secret")
    }

    @Test func elevenlabsTellsWhenEachWordIsHeard() async throws {
        let text = "The bees  fly home."
        let moments = text.indices.enumerated().map { Double($0.offset) / 10 }
        let alignment: Value = [
            "characters": .list(text.map { .string(String($0)) }), "character_start_times_seconds": .list(moments.map(Value.double)),
            "character_end_times_seconds": .list(moments.map { .double($0 + 0.1) }),
        ]
        let body = Value.object([
            .init("audio_base64", .string(Data(Self.raw(Self.speech(1.9))).base64EncodedString())), .init("alignment", alignment),
        ]).json()
        let spoken = try ElevenLabsVoice().read(Reply(status: 200, bytes: Array(body.utf8)), of: SpokenLine(text, settings: [:]))
        #expect(
            spoken.words.map(\.text) == ["The", "bees", "fly", "home."] && spoken.words[1].start == 0.4
                && abs(spoken.words[1].end - 0.8) < 1e-9, "\(spoken.words)")
    }

    /// Asked for words, Kokoro's server is asked at another place; whole or in pieces, its answer is one sound. One that has no such place
    /// speaks without.
    @Test(arguments: ["whole", "pieces", "sound alone", "no such place", "broken off"]) func kokoroTellsWhenEachWordIsHeard(
        _ form: String
    ) async throws {
        let wav = Self.speech(1.5).wav(), half = wav.count / 2 / 3 * 3
        func json(_ bytes: some Sequence<UInt8>, _ words: [(String, Double, Double)]) -> String {
            let list = words.map {
                Value.object([.init("word", .string($0.0)), .init("start_time", .double($0.1)), .init("end_time", .double($0.2))])
            }
            return Value.object([
                .init("audio", .string(Data(bytes).base64EncodedString())), .init("audio_format", "audio/wav"),
                .init("timestamps", .list(list)),
            ]).json()
        }
        let words = [("The", 0.0, 0.2), ("bees", 0.2, 0.6), ("fly", 0.6, 0.9), ("home", 0.9, 1.3), (".", 1.3, 1.4)]
        let pieces = json(wav[..<half], Array(words[..<2])) + "\n" + json(wav[half...], Array(words[2...])) + "\n"
        let whole = json(wav, words)
        let client = Replies { request in
            guard request.url == "http://127.0.0.1:8880/dev/captioned_speech" else { return (200, ["Content-Type": "audio/wav"], wav) }
            switch form {
            case "whole": return (200, ["Content-Type": "application/json"], Array(whole.utf8))
            case "pieces": return (200, ["Content-Type": "application/json"], Array(pieces.utf8))
            case "sound alone": return (200, ["Content-Type": "audio/wav", "X-Timestamps-Path": "tmp1.json"], wav)
            case "broken off": return (200, ["Content-Type": "application/json"], Array(pieces.utf8.dropLast(40)))
            default: return (404, ["Content-Type": "application/json"], Array(#"{"detail":"Not Found"}"#.utf8))
            }
        }
        let vendor = try #require(Vendors.shipped.voice(named: "kokoro") as? any RemoteVoiceVendor)
        let configuration = try Scene.provider("use: kokoro, attempts: 1", tool: "tts")
        let settings = vendor.settings(of: configuration, [:], Manner("", [:]), words: true)
        #expect(vendor.tellsWords(settings) && !vendor.tellsWords(vendor.settings(of: configuration, [:], Manner("", [:]))))
        let serving = Serving(
            configuration, Services(client: client, secrets: Secrets { _ in nil }), call: nil, door: OpenDoor(), isPatient: true)
        let line = SpokenLine("The bees fly home.", settings: settings)
        guard form != "broken off" else {
            let failure = await #expect(throws: StepFailure.self) { try await vendor.speak(line, serving) }
            #expect(failure?.diagnostic.code == .providerFailed, "\(String(describing: failure))")
            return
        }
        let spoken = try await vendor.speak(line, serving)
        let isTold = ["whole", "pieces"].contains(form)
        #expect(spoken.wav == wav && spoken.words.map(\.text) == (isTold ? words.map(\.0) : []), "\(spoken.words)")
        #expect(client.requests.first?.json?["return_timestamps"] == true && client.requests.count == (form == "no such place" ? 2 : 1))
        #expect(
            form != "no such place"
                || client.requests.last?.url == "http://127.0.0.1:8880/v1/audio/speech"
                    && client.requests.last?.json?["return_timestamps"] == nil
        )
    }

    @Test func geminiTellsTheRateInTheType() async throws {
        let sound = Self.speech(1.5, rate: 16_000)
        let data = Data(Self.raw(sound)).base64EncodedString()
        let body =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/L16;codec=pcm;rate=16000\",\"data\":\"\(data)\"}}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":40}}"
        let spoken = try await speak(
            GeminiVoice(), (200, ["Content-Type": "application/json"], Array(body.utf8)), "instructions: Say cheerfully")
        #expect(try PCM(wav: spoken.wav, named: "x").sampleRate == 16_000 && spoken.cost == Cost(microUSD: 365))
        #expect(spoken.request?.json?.at("contents", "0", "parts", "0", "text") == "Say cheerfully:\nThe bees fly home.")
    }

    /// What has come in place of a sound: some are millions of bytes, which nobody wants to see.
    struct NoSpeech: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let message: String

        init(_ what: String, _ bytes: [UInt8], _ message: String) { (testDescription, self.bytes, self.message) = (what, bytes, message) }
    }

    @Test(arguments: [
        NoSpeech("silence", PCM(sampleRate: 24_000, channels: [[Float](repeating: 0, count: 36_000)]).wav(), "its sound is silent"),
        NoSpeech("nothing", [], "its answer is empty"),
        NoSpeech("a page", Array("<html>oops</html>".utf8), "its answer is no sound: oops"),
        NoSpeech("a cut MP3", [0x49, 0x44, 0x33, 4, 0, 0], "the sound is damaged or cut short: it begins as MP3"),
        NoSpeech("too short", speech(0.1).wav(), "its sound is far too short for the text"),
        NoSpeech("too long", speech(40).wav(), "its sound is far too long for the text"),
        NoSpeech("cut short", Array(speech(1.5).wav().prefix(9000)), "the sound is cut short"),
        NoSpeech("clipped", speech(1.5, level: 40).wav(), "its sound is clipped"),
    ])
    func whatIsNoSpeechIsNotKept(_ answer: NoSpeech) async throws {
        let failure = await #expect(throws: StepFailure.self) {
            try await speak(OpenAIVoice(), (200, [], answer.bytes), text: "The bees fly home in the evening.")
        }
        #expect(
            failure?.diagnostic.code == .badAnswer && failure?.diagnostic.message.contains(answer.message) == true,
            "\(String(describing: failure?.diagnostic.message))")
    }

    @Test(arguments: [
        (401, #"{"detail":{"status":"invalid_api_key","message":"no"}}"#, Diagnostic.Code.keyRejected),
        (401, #"{"detail":{"status":"quota_exceeded","message":"no"}}"#, .spendLimit),
        (402, #"{"detail":{"type":"payment","code":"insufficient_credits","message":"no"}}"#, .spendLimit),
        (429, #"{"detail":{"code":"system_busy","message":"no"}}"#, .providerFailed),
        (429, #"{"detail":{"status":"too_many_concurrent_requests","message":"no"}}"#, .providerFailed),
        (400, #"{"detail":{"code":"text_too_long","message":"no"}}"#, .tooLong),
        (404, #"{"detail":{"code":"voice_not_found","message":"no"}}"#, .actionFailed),
        (422, #"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, .actionFailed), (503, "", .providerFailed),
    ])
    func elevenlabsErrors(_ status: Int, _ body: String, _ code: Diagnostic.Code) async throws {
        let failure = await #expect(throws: StepFailure.self) {
            try await speak(ElevenLabsVoice(), (status, ["Content-Type": "application/json"], Array(body.utf8)))
        }
        #expect(failure?.diagnostic.code == code, "\(String(describing: failure?.diagnostic))")
    }

    @Test func whatAVoiceCanAndWhatItsAddressHas() throws {
        let vendor = ElevenLabsVoice()
        let configuration = try Scene.provider("use: elevenlabs, voice: house, stability: 0.2, attempts: 9, limit: 2", tool: "tts")
        let settings = vendor.settings(
            of: configuration, ["stability": 0.9, "provider": "mine"], Manner("fast", ["delivery": ["fast": ["rate": 90, "volume": 3]]]))
        #expect(
            settings == [
                "model": "eleven_v4", "service": "api.elevenlabs.io", "speed": 1.2, "stability": 0.9, "vendor": "elevenlabs",
                "voice": "house",
            ])
    }
}

/// A server that says one thing.
private final class OneReply: HTTPClient {
    private let reply: (status: Int, headers: HTTPHeaders, bytes: [UInt8])
    private let requests = Mutex<[HTTPRequest]>([])

    init(_ reply: (status: Int, headers: HTTPHeaders, bytes: [UInt8])) { self.reply = reply }

    var last: HTTPRequest? { requests.withLock(\.last) }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        requests.withLock { $0.append(request) }
        let isWanted = request.wanted.contains(reply.status)
        return HTTPResponse(
            HTTPHead(status: reply.status, headers: reply.headers), body: .bytes(isWanted ? reply.bytes : []),
            errorBody: isWanted ? [] : reply.bytes)
    }
}

/// A server that answers each request by what it is.
private final class Replies: HTTPClient {
    private let reply: @Sendable (HTTPRequest) -> (status: Int, headers: HTTPHeaders, bytes: [UInt8])
    private let asked = Mutex<[HTTPRequest]>([])

    init(_ reply: @escaping @Sendable (HTTPRequest) -> (status: Int, headers: HTTPHeaders, bytes: [UInt8])) { self.reply = reply }

    var requests: [HTTPRequest] { asked.withLock(\.self) }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        asked.withLock { $0.append(request) }
        let (status, headers, bytes) = reply(request), isWanted = request.wanted.contains(status)
        return HTTPResponse(
            HTTPHead(status: status, headers: headers), body: .bytes(isWanted ? bytes : []), errorBody: isWanted ? [] : bytes)
    }
}
