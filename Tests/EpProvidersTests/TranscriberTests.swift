import EpCore
import EpHTTP
import EpPlan
import FoundationEssentials
import Testing

@testable import EpProviders

/// What is asked of those who listen, and what is read out of what they say.
@Suite struct TranscriberTests {
    private static let wav: [UInt8] = Array("RIFFsound".utf8)

    private func hear(_ vendor: any RemoteTranscriberVendor, _ yaml: String, _ body: String, status: Int = 200, language: String? = "en")
        async throws -> (heard: HeardSpeech, request: HTTPRequest)
    {
        let scene = Scene(status, body, headers: ["Content-Type": "application/json"])
        let services = scene.services(["OPENAI_API_KEY": "sk-secret", "ELEVENLABS_API_KEY": "sk-secret", "OPENROUTER_API_KEY": "sk-secret"])
        let configuration = try Scene.provider("use: \(vendor.name), attempts: 1\(yaml)", tool: "transcribe")
        let recording = SpeechRecording(wav: Self.wav, seconds: 12.5, settings: vendor.settings(of: configuration, language: language))
        let call = vendor.call(recording, by: configuration, PriceTable(configuration.prices), on: "2026-11-25")
        let heard = try await vendor.transcribe(
            recording, Serving(configuration, services, call: call, door: scene, isPatient: true), NoPrograms())
        #expect(heard.cost.microUSD <= call?.atMost?.microUSD ?? .max)
        return (heard, try #require(scene.requests.first))
    }

    @Test func openaiIsSentAForm() async throws {
        let body =
            #"{"text":" The bees fly. ","language":"english","words":[{"word":"The","start":0.0,"end":0.2},{"word":"bees","start":0.2,"end":0.6}],"usage":{"type":"duration","seconds":13}}"#
        let (heard, request) = try await hear(OpenAITranscriber(), ", model: whisper-1, prompt: Oliver", body)
        #expect(
            heard.text == "The bees fly." && heard.words == [TimedWord("The", from: 0, to: 0.2), TimedWord("bees", from: 0.2, to: 0.6)])
        #expect(
            heard.servedBy == "openai whisper-1" && heard.cost == Cost(microUSD: 1300) && heard.usage == ["input_seconds": 13], "\(heard)")
        #expect(request.url == "https://api.openai.com/v1/audio/transcriptions" && request.headers["Authorization"] == "Bearer sk-secret")
        let boundary = try #require(request.headers["Content-Type"]?.split(separator: "boundary=").last.map(String.init))
        #expect(request.headers["Content-Type"]?.hasPrefix("multipart/form-data; ") == true)
        let parts = request.text.components(separatedBy: "--\(boundary)")
        #expect(parts.count == 9 && parts[8] == "--\r\n" && parts[0].isEmpty)
        #expect(
            parts[1]
                == "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"speech.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFFsound\r\n"
        )
        #expect(
            [
                "model\"\r\n\r\nwhisper-1", "response_format\"\r\n\r\nverbose_json", "granularities[]\"\r\n\r\nword",
                "granularities[]\"\r\n\r\nsegment", "language\"\r\n\r\nen", "prompt\"\r\n\r\nOliver",
            ]
            .allSatisfy(request.text.contains), "\(request.text)")
    }

    /// Newer models of OpenAI's refuse to be asked for times.
    @Test func thoseWithoutTimesAreNotAskedForThem() async throws {
        let (heard, request) = try await hear(
            OpenAITranscriber(), ", model: gpt-transcribe", #"{"text":"Hi","usage":{"type":"tokens","input_tokens":3,"output_tokens":2}}"#)
        #expect(heard.words.isEmpty && !request.text.contains("granularities") && request.text.contains("languages[]\"\r\n\r\nen"))
    }

    @Test func whisperServersWordsAreItsSegments() async throws {
        let body =
            #"{"text":" The\n bees","language":"en","segments":[{"text":" The","start":0.0,"end":0.3,"words":[{"word":" Th","start":0,"end":0.1}]},{"text":" bees","start":0.3,"end":0.7}]}"#
        let (heard, request) = try await hear(WhisperServer(), "", body)
        #expect(
            heard.text == "The bees" && heard.words.map(\.text) == ["The", "bees"] && heard.words.last?.end == 0.7 && heard.cost == .zero)
        #expect(request.url == "http://127.0.0.1:8080/inference" && request.text.contains("split_on_word\"\r\n\r\ntrue"))
    }

    @Test func elevenlabsTellsSpacesToo() async throws {
        let body =
            #"{"language_code":"en","text":"The bees","words":[{"text":"The","start":0,"end":0.2,"type":"word"},{"text":" ","start":0.2,"end":0.3,"type":"spacing"},{"text":"bees","start":0.3,"end":0.7,"type":"word"},{"text":"(buzz)","start":1,"end":2,"type":"audio_event"}]}"#
        let (heard, request) = try await hear(ElevenLabsTranscriber(), "", body)
        #expect(heard.words.map(\.text) == ["The", "bees"] && heard.language == "en" && request.headers["xi-api-key"] == "sk-secret")
        #expect(request.text.contains("model_id\"\r\n\r\nscribe_v2") && request.text.contains("language_code\"\r\n\r\nen"))
    }

    @Test func openrouterIsSentJSON() async throws {
        let (heard, request) = try await hear(
            OpenRouterTranscriber(), ", model: m", #"{"text":"The bees","words":[{"word":"The","start":0,"end":0.2}]}"#)
        #expect(heard.words.count == 1 && request.json?.at("input_audio", "data")?.string == Data(Self.wav).base64EncodedString())
    }

    @Test(arguments: [
        (200, "", Diagnostic.Code.badAnswer), (200, "{}", .badAnswer), (200, #"{"error":{"message":"busy","code":503}}"#, .providerFailed),
        (401, #"{"error":{"code":"invalid_api_key","message":"no"}}"#, .keyRejected),
        (413, "", .tooLong), (500, "plain text", .providerFailed),
        (429, #"{"error":{"code":"insufficient_quota","message":"no"}}"#, .spendLimit),
    ])
    func whatIsNoTranscriptSaysWhy(_ status: Int, _ body: String, _ code: Diagnostic.Code) async throws {
        let failure = await #expect(throws: StepFailure.self) {
            try await hear(OpenAITranscriber(), ", model: whisper-1", body, status: status)
        }
        #expect(failure?.diagnostic.code == code, "\(String(describing: failure))")
    }

    @Test func pocketsphinxPrintsWordsWithTimes() throws {
        let heard = try PocketSphinx().read(
            "hello there\n<s> 0.000 0.120 0.999500\nhello(2) 0.130 0.480 0.85\n<sil> 0.490 0.600 0.9\nthere 0.610 1.020 0.97\n[SPEECH] 1.1 1.2 0.5\n"
        )
        #expect(
            heard.words == [TimedWord("hello", from: 0.13, to: 0.48), TimedWord("there", from: 0.61, to: 1.02)]
                && heard.text == "hello there")
    }

    @Test(arguments: [
        ("It's 42 o'clock, Zoë!", ["its", "forty", "two", "oclock", "zoe"]),
        ("1,250 miles", ["one", "thousand", "two", "hundred", "fifty", "miles"]), ("3rd", ["three", "rd"]),
        ("東京タワー", ["東", "京", "タ", "ワ", "ー"]), ("…", []), ("a - b", ["a", "b"]),
    ])
    func wordsAsTheyAreHeard(_ text: String, _ words: [String]) { #expect(HeardWords.of(text) == words) }

    @Test(arguments: [
        ("a b c", "a b c", 0), ("a x c", "a b c", 1), ("a c", "a b c", 1), ("a b b c", "a b c", 1), ("", "a b", 2), ("x y z", "", 3),
    ])
    func errorsAreCounted(_ heard: String, _ said: String, _ errors: Int) {
        #expect(HeardWords.errors(between: HeardWords.of(heard), and: HeardWords.of(said)) == errors)
    }
}
