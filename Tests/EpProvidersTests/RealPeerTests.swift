import EpCore
import EpFiles
import EpHTTP
import EpPlan
import EpSound
import EpTesting
import Glibc
import Testing

@testable import EpProviders

/// The vendors against real servers on loopback.
@Suite(.serialized) struct RealPeerTests {
    private static let services = Services(client: CurlClient(connections: 8), secrets: Secrets { $0 == "LOCAL_KEY" ? "sk-local" : nil })

    /// A build's door that does not make anybody wait.
    private struct QuickDoor: CallDoor {
        func again(_ retry: Retry) async throws { try await Task.sleep(for: min(retry.wait, .milliseconds(500))) }
        func wait(_ duration: Duration) async throws {}
        func sending(_ call: PaidCall) async throws -> Int64? { nil }
        func ended(_ number: Int64, _ end: PaidCall.End) async {}
        func tell(_ change: BreakerChange) {}
    }

    private static func serving(_ configuration: ProviderConfiguration) -> Serving {
        Serving(configuration, services, call: nil, door: QuickDoor(), isPatient: true)
    }

    private static func ask(
        _ vendor: any RemoteModelVendor, _ yaml: String, _ prompt: String, form: AnswerForm? = nil
    ) async throws -> ModelAnswer {
        let configuration = try Scene.provider("use: \(vendor.name), \(yaml)")
        return try await vendor.answer(
            ModelQuestion(prompt, settings: vendor.settings(of: configuration, nil), form: form), serving(configuration))
    }

    @Test func theImitationIsContentWithEveryVendor() async throws {
        guard let peer = await Peer.start(Peer.llmock) else { return }
        defer { peer.stop() }
        let openai = OpenAIModel()
        #expect(try await !Self.ask(openai, "model: gpt-6-luna, base_url: \"\(peer.url)/v1\", max_tokens: 50", "bees").text.isEmpty)
        #expect(try await !Self.ask(openai, "model: gpt-6-luna, api: responses, base_url: \"\(peer.url)/v1\"", "bees").text.isEmpty)
        #expect(
            try await !Self.ask(AnthropicModel(), "model: claude-haiku-5-5, base_url: \"\(peer.url)/anthropic/v1\"", "bees").text.isEmpty)
        #expect(try await !Self.ask(GeminiModel(), "model: gemini-3.8-flash, base_url: \"\(peer.url)/gemini/v1beta\"", "bees").text.isEmpty)
        let schema = JSONSchema(checked: [
            "type": "object", "properties": ["title": ["type": "string"], "beats": ["type": "array", "items": ["type": "string"]]],
            "required": ["title", "beats"],
        ])
        let formed = try await Self.ask(
            openai, "model: gpt-6-luna, base_url: \"\(peer.url)/v1\"", "bees", form: AnswerForm(schema, isYAML: true))
        #expect(formed.text.contains("title:"))
        try await Self.scenario(
            peer, #"{"behaviors":[{"type":"fail","status":429,"retry_after":1,"times":1},{"type":"fail","status":500,"times":1}]}"#)
        #expect(try await !Self.ask(openai, "model: gpt-6-luna, base_url: \"\(peer.url)/v1\"", "ants").text.isEmpty)
        let verdict = try await Self.services.client.send(HTTPRequest(.get, "\(peer.url)/_llmock/verdict", sink: .memory(limit: 1 << 20)))
        let said = Value(json: verdict.bytes)
        #expect(said?["passed"] == true && said?["errors"] == 0 && said?["warnings"] == 0, "\(said?.json() ?? "")")
    }

    private static func scenario(_ peer: Peer, _ text: String) async throws {
        _ = try await services.client.send(
            HTTPRequest(
                .post, "\(peer.url)/_llmock/scenario", headers: ["Content-Type": "application/json"], body: .bytes(Array(text.utf8))))
    }

    @Test func piperSpeaks() async throws {
        guard let peer = await Peer.start(Peer.piper) else { return }
        defer { peer.stop() }
        let configuration = try Scene.provider("use: piper, base_url: \"\(peer.url)\"", tool: "tts")
        let vendor = PiperVoice()
        func speak(_ text: String, _ voice: Value = [:]) async throws -> PCM {
            let settings = vendor.settings(of: configuration, voice, Manner("", [:]))
            return try PCM(
                wav: try await vendor.speak(SpokenLine(text, settings: settings), Self.serving(configuration)).wav, named: "line.wav")
        }
        let text = "The bees fly home before the evening comes."
        let sound = try await speak(text)
        #expect(sound.sampleRate == 22_050 && (1.5...6).contains(sound.seconds))
        #expect(try await speak(text) == sound, "without noise, it says the same each time")
        #expect(try await speak(text, ["speed": 2]).seconds < sound.seconds * 0.7)
        #expect(try await speak(text, ["voice": "en_US-joe-medium"]) == sound)
        let unknown = await #expect(throws: StepFailure.self) { try await speak(text, ["voice": "en_US-jo-medium"]) }
        #expect(
            unknown?.diagnostic.message == "piper has no voice \"en_US-jo-medium\""
                && unknown?.diagnostic.remedy?.contains("en_US-joe-medium") == true)
    }

    /// What a program has spoken is heard again, by Whisper itself.
    @Test func whisperHears() async throws {
        guard let peer = await Peer.start(Peer.whisper) else { return }
        defer { peer.stop() }
        let vendor = OpenAITranscriber()
        let configuration = try Scene.provider("use: openai, model: whisper, base_url: \"\(peer.url)/v1\"", tool: "transcribe")
        let text = "The bees fly home before the evening comes."
        let wav = try Self.flite(text)
        let recording = SpeechRecording(wav: wav, seconds: 2.6, settings: vendor.settings(of: configuration, language: "en"))
        let heard = try await vendor.transcribe(recording, Self.serving(configuration), NoPrograms())
        #expect(HeardWords.errors(between: HeardWords.of(heard.text), and: HeardWords.of(text)) <= 1 && heard.cost == .zero, "\(heard)")
        let noise = SpeechRecording(wav: Array("no sound".utf8), seconds: 1, settings: recording.settings)
        let failure = await #expect(throws: StepFailure.self) {
            try await vendor.transcribe(noise, Self.serving(configuration), NoPrograms())
        }
        #expect(failure?.diagnostic.code == .providerFailed, "\(String(describing: failure))")
    }

    private static func flite(_ text: String) throws -> [UInt8] {
        let path = "/tmp/epbuild-flite-\(UInt64.random(in: 0 ... .max)).wav"
        defer { unlink(path) }
        let pipe = try #require(popen("flite -voice slt -t '\(text)' -o \(path)", "r"))
        pclose(pipe)
        return try #require(try Files.read(path))
    }

    /// What a question is told to be before it is asked, against llama.cpp's own count of it.
    @Test func tokensAreCountedAsLlamaCountsThem() async throws {
        guard let peer = await Peer.start(Peer.llama) else { return }
        defer { peer.stop() }
        let texts = try [
            TextSample.german, TextSample.german2, TextSample.german3, TextSample.json + TextSample.schema,
            TextSample.french + TextSample.spanish,
            Self.part(of: "docs/guide.md"), Self.part(of: "docs/recovery.md"), Self.part(of: "Episodes/olivers-workshop/prompts/script.md"),
            Self.part(of: "Sources/EpProviders/Asking/Breaker.swift"), Self.part(of: "Sources/EpEngine/Schedule.swift"),
            Self.part(of: "Tests/Campaign/kills.py"),
            Self.part(of: "docs/events.schema.json"), Self.part(of: "Episodes/olivers-workshop/pipeline.yaml"),
        ]
        for text in texts {
            let counted = ModelQuestion(text).tokens, tokens = try await Self.count(peer, text)
            #expect(
                abs(Double(counted) / Double(tokens) - 1) <= ExpectedCost.tolerance,
                "\(counted), and llama.cpp counts \(tokens): \(text.prefix(60))")
        }
        // Its count of a prompt is what it bills.
        let answer = try await Self.post(peer, "v1/chat/completions", ["messages": [Self.message(texts[2])], "max_tokens": 1])
        #expect(answer?.at("usage", "prompt_tokens")?.number == Double(try await Self.count(peer, texts[2])))
    }

    private static func part(of path: String) throws -> String {
        let root = String(#filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/")!.lowerBound))
        return String(String(decoding: try #require(try Files.read("\(root)/\(path)")), as: UTF8.self).prefix(1600))
    }

    private static func message(_ text: String) -> Value { ["role": "user", "content": .string(text)] }

    /// With all that the model's template puts around it.
    private static func count(_ peer: Peer, _ text: String) async throws -> Int64 {
        let prompt = try #require(try await post(peer, "apply-template", ["messages": [message(text)]])?["prompt"])
        return Int64(
            try #require(
                try await post(peer, "tokenize", ["content": prompt, "add_special": true, "parse_special": true])?["tokens"]?.list
            ).count)
    }

    private static func post(_ peer: Peer, _ path: String, _ body: Value) async throws -> Value? {
        let headers: HTTPHeaders = ["Content-Type": "application/json", "Authorization": "Bearer sk-local"]
        let request = HTTPRequest(
            .post, "\(peer.url)/\(path)", headers: headers, body: .bytes(Array(body.json().utf8)), sink: .memory(limit: 1 << 22),
            timeouts: HTTPTimeouts(stall: nil, total: .seconds(600)))
        return Value(json: try await services.client.send(request).bytes)
    }

    @Test func llamaAnswersInTheFormThatIsAskedFor() async throws {
        guard let peer = await Peer.start(Peer.llama) else { return }
        defer { peer.stop() }
        let llama = OpenAIModel("llama.cpp", url: "http://127.0.0.1:8080/v1", keyVariable: nil)
        let place = "model: smollm2, base_url: \"\(peer.url)/v1\", temperature: 0"
        let schema = JSONSchema(checked: ["type": "object", "properties": ["color": ["enum": ["red", "green"]]], "required": ["color"]])
        let formed = try await Self.ask(
            llama, "\(place), api_key_env: LOCAL_KEY, max_tokens: 40, attempts: 9", "Name a color.", form: AnswerForm(schema, isYAML: false)
        )
        #expect(["red", "green"].contains(Value(json: Array(formed.text.utf8))?["color"]?.string))
        let cut = await #expect(throws: StepFailure.self) {
            try await Self.ask(llama, "\(place), api_key_env: LOCAL_KEY, max_tokens: 3", "Tell me a long story.")
        }
        #expect(cut?.diagnostic.code == .badAnswer && cut?.attempts == 1)
        let long = await #expect(throws: StepFailure.self) {
            try await Self.ask(llama, "\(place), api_key_env: LOCAL_KEY, max_tokens: 3", String(repeating: "word ", count: 3000))
        }
        #expect(long?.diagnostic.code == .tooLong, "\(String(describing: long))")
        let keyless = await #expect(throws: StepFailure.self) { try await Self.ask(llama, "\(place), max_tokens: 3", "Hello.") }
        #expect(keyless?.diagnostic.code == .keyRejected)
    }
}
