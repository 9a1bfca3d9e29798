import EpCore
import EpHTTP
import EpPlan
import Testing

@testable import EpProviders

/// Answers that come piece by piece are what would have come at once.
@Suite struct StreamedAnswerTests {
    private static func stream(_ events: [String], named: Bool = false) -> String {
        events.map { data in
            let name = named ? Value(json: Array(data.utf8))?["type"]?.string.map { "event: \($0)\n" } ?? "" : ""
            return "\(name)data: \(data)\n\n"
        }.joined()
    }

    private static let chat = [
        #"{"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
        #"{"model":"m-1","choices":[{"index":0,"delta":{"content":"The be"},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":"es fly."},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":4}}"#, "[DONE]",
    ]
    private static let responses = [
        #"{"type":"response.created","response":{"status":"in_progress"}}"#,
        #"{"type":"response.output_text.delta","delta":"The bees fly."}"#,
        #"{"type":"response.completed","response":{"model":"m-1","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"The bees fly."}]}],"usage":{"input_tokens":7,"output_tokens":4}}}"#,
    ]
    private static let claude = [
        #"{"type":"message_start","message":{"type":"message","model":"m-1","content":[],"stop_reason":null,"usage":{"input_tokens":7,"output_tokens":1}}}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#, #"{"type":"ping"}"#,
        #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"The bees "}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"fly."}}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}"#, #"{"type":"message_stop"}"#,
    ]
    private static let gemini = [
        #"{"candidates":[{"content":{"parts":[{"text":"The bees "}]}}],"modelVersion":"m-1"}"#,
        #"{"candidates":[{"content":{"parts":[{"text":"fly."}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":4},"modelVersion":"m-1"}"#,
    ]

    private static let streams: [(vendor: any RemoteModelVendor, settings: String, events: [String])] = [
        (OpenAIModel(), "", chat), (OpenAIModel(), ", api: responses", responses), (AnthropicModel(), "", claude),
        (GeminiModel(), "", gemini),
    ]

    private static func answer(
        _ number: Int, _ body: String, _ more: String = ", stream: true", attempts: Int = 1
    ) async throws -> (answer: ModelAnswer, scene: Scene) {
        let (vendor, settings, _) = streams[number]
        let scene = Scene(200, body, headers: ["Content-Type": "text/event-stream; charset=utf-8"])
        let configuration = try Scene.provider("use: \(vendor.name), model: m, attempts: \(attempts)\(settings)\(more)")
        let question = ModelQuestion("Tell of bees.", settings: vendor.settings(of: configuration, nil))
        let call = vendor.call(question, by: configuration, PriceTable(configuration.prices), on: "2026-11-25")
        do {
            return (
                try await vendor.answer(question, Serving(configuration, scene.services(), call: call, door: scene, isPatient: true)), scene
            )
        } catch {
            // What was asked is looked at after a failure, too.
            #expect(!scene.requests.isEmpty)
            throw error
        }
    }

    @Test(arguments: 0..<4) func thePiecesAreTheAnswer(_ number: Int) async throws {
        let (answer, scene) = try await Self.answer(number, Self.stream(Self.streams[number].events, named: number != 3))
        #expect(
            answer.text == "The bees fly." && answer.servedBy.hasSuffix(" m-1") && answer.usage == ["input_tokens": 7, "output_tokens": 4],
            "\(answer)")
        let request = try #require(scene.requests.first)
        #expect(request.json?["stream"] == true || request.url.hasSuffix("models/m:streamGenerateContent?alt=sse"))
        #expect(request.timeouts.total == .seconds(1800) && request.timeouts.stall == .seconds(300))
    }

    /// Wherever a stream breaks off, nothing of it is kept, and it is perhaps billed.
    @Test(arguments: 0..<4) func aStreamWithoutItsEndIsNoAnswer(_ number: Int) async throws {
        let events = Self.streams[number].events
        let last = number == 0 ? 3 : events.count - 1
        for length in 0..<last {
            let failure = await #expect(throws: StepFailure.self) {
                try await Self.answer(number, Self.stream(Array(events.prefix(length))))
            }
            #expect([.providerFailed, .badAnswer].contains(failure?.diagnostic.code), "\(length): \(String(describing: failure))")
        }
        let cut = String(Self.stream(events.dropLast(number == 0 ? 3 : 1)).dropLast(12))
        let failure = await #expect(throws: StepFailure.self) { try await Self.answer(number, cut) }
        #expect(
            failure?.diagnostic.code == .providerFailed && failure?.diagnostic.message.contains("broke off before its end") == true,
            "\(String(describing: failure))")
        if number < 2 { #expect(failure.map { $0.cost > .zero } == true && failure?.diagnostic.message.contains("perhaps") == true) }
    }

    @Test(arguments: [
        (0, #"{"error":{"message":"mid-stream","code":503}}"#), (1, #"{"type":"error","code":"server_error","message":"mid-stream"}"#),
        (2, #"{"type":"error","error":{"type":"overloaded_error","message":"mid-stream"}}"#),
        (3, #"{"error":{"code":503,"message":"mid-stream","status":"UNAVAILABLE"}}"#),
    ])
    func anErrorInMidStreamIsAnError(_ number: Int, _ error: String) async throws {
        var events = Self.streams[number].events
        events.insert(error, at: events.count - 1)
        let failure = await #expect(throws: StepFailure.self) { try await Self.answer(number, Self.stream(events)) }
        #expect(
            failure?.diagnostic.code == .providerFailed && failure?.diagnostic.message.contains("mid-stream") == true,
            "\(String(describing: failure))")
    }

    /// Some send an empty reason with every piece: that is no end.
    @Test func anEmptyReasonIsNoEnd() async throws {
        let pieces = Self.chat.map { $0.replacing("\"finish_reason\":null", with: "\"finish_reason\":\"\"") }
        #expect(try await Self.answer(0, Self.stream(pieces)).answer.text == "The bees fly.")
        let failure = await #expect(throws: StepFailure.self) { try await Self.answer(0, Self.stream(Array(pieces.prefix(2)))) }
        #expect(failure?.diagnostic.message.contains("broke off before its end") == true, "\(String(describing: failure))")
    }

    @Test func shortAnswersComeAtOnceUnlessSomebodySaysOtherwise() async throws {
        let whole = #"{"model":"m-1","choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}"#
        for (more, isStreamed) in [
            ("", false), (", max_tokens: 20000", true), (", max_tokens: 20000, stream: false", false), (", stream: true", true),
        ] {
            // A server that does not know of streams answers at once.
            let scene = Scene(200, whole, headers: ["Content-Type": "application/json"])
            let configuration = try Scene.provider("use: openai, model: m\(more)")
            let question = ModelQuestion("Hi", settings: OpenAIModel().settings(of: configuration, nil))
            let answer = try await OpenAIModel().answer(
                question, Serving(configuration, scene.services(), call: nil, door: scene, isPatient: true))
            #expect(answer.text == "Hi" && (scene.requests.first?.json?["stream"] == true) == isStreamed, "\(more)")
            #expect(!question.settings!.json().contains("stream"), "how it comes is not in the address")
        }
    }
}
