import EpCore
import EpHTTP
import EpPlan
import EpTesting
import Testing

@testable import EpProviders

/// The vendors against a gateway, litellm itself, that answers as services do: in other words, with errors of its own, and with streams
/// that break.
@Suite(.serialized) struct GatewayTests {
    private static let services = Services(
        client: CurlClient(connections: 8), secrets: Secrets { ["LOCAL_KEY": "sk-local", "WRONG_KEY": "sk-wrong"][$0] })

    /// A build's door that does not make anybody wait, and counts.
    private struct QuickDoor: CallDoor {
        func again(_ retry: Retry) async throws {}
        func wait(_ duration: Duration) async throws {}
        func sending(_ call: PaidCall) async throws -> Int64? { nil }
        func ended(_ number: Int64, _ end: PaidCall.End) async {}
        func tell(_ change: BreakerChange) {}
    }

    private static func ask(
        _ vendor: any RemoteModelVendor, _ url: String, _ model: String, _ more: String = "", key: String = "LOCAL_KEY",
        form: AnswerForm? = nil
    ) async throws -> ModelAnswer {
        let configuration = try Scene.provider(
            "use: \(vendor.name), model: \(model), base_url: \"\(url)\", api_key_env: \(key), attempts: 2, max_tokens: 4000\(more)")
        let question = ModelQuestion("Tell of bees.", settings: vendor.settings(of: configuration, nil), form: form)
        return try await vendor.answer(question, Serving(configuration, services, call: nil, door: QuickDoor(), isPatient: true))
    }

    private static func failure(
        _ vendor: any RemoteModelVendor, _ url: String, _ model: String, _ more: String = "", key: String = "LOCAL_KEY"
    ) async -> StepFailure? {
        do {
            _ = try await ask(vendor, url, model, more, key: key)
            return nil
        } catch {
            return error as? StepFailure
        }
    }

    @Test func litellmIsUnderstood() async throws {
        guard let peer = await Peer.start(Peer.litellm) else { return }
        defer { peer.stop() }
        let openai = OpenAIModel(), v1 = "\(peer.url)/v1"
        try await answers(peer, openai, v1)
        try await errors(openai, v1)
        try await brokenStreams(peer, openai, v1)
    }

    private func answers(_ peer: Peer, _ openai: OpenAIModel, _ v1: String) async throws {
        let text = "The bees fly home before the evening."
        for more in ["", ", stream: true", ", api: responses"] {
            let answer = try await Self.ask(openai, v1, "ok", more)
            #expect(
                answer.text == text && answer.servedBy.hasPrefix("openai ") && (answer.usage["input_tokens"] ?? 0) > 0, "\(more): \(answer)"
            )
        }
        #expect(try await Self.ask(AnthropicModel(), v1, "ok").text == text)
        #expect(try await Self.ask(GeminiModel(), "\(peer.url)/v1beta", "ok").text == text)
        let schema = JSONSchema(checked: ["type": "object", "properties": ["color": ["enum": ["red", "green"]]], "required": ["color"]])
        let formed = try await Self.ask(openai, v1, "formed", form: AnswerForm(schema, isYAML: true))
        #expect(formed.text == "color: red\n", "\(formed)")
        let formless = await #expect(throws: StepFailure.self) {
            try await Self.ask(openai, v1, "ok", form: AnswerForm(schema, isYAML: true))
        }
        #expect(formless?.diagnostic.code == .badAnswer && formless?.attempts == 2)
    }

    /// Its codes are texts, and some of its names stand in the message alone.
    private func errors(_ openai: OpenAIModel, _ v1: String) async throws {
        let cases: [(model: String, code: Diagnostic.Code, attempts: Int)] = [
            ("cut", .badAnswer, 1), ("filtered", .refused, 1), ("empty", .badAnswer, 2), ("often", .providerFailed, 2),
            ("long", .tooLong, 1), ("down", .providerFailed, 2),
            ("late", .providerFailed, 2), ("nowhere", .actionFailed, 1),
        ]
        for (model, code, attempts) in cases {
            let failure = await Self.failure(openai, v1, model)
            #expect(failure?.diagnostic.code == code && failure?.attempts == attempts, "\(model): \(String(describing: failure))")
        }
        let wrong = await Self.failure(openai, v1, "ok", key: "WRONG_KEY")
        #expect(wrong?.attempts == 1 && [.actionFailed, .keyRejected].contains(wrong?.diagnostic.code), "\(String(describing: wrong))")
        #expect(wrong.map { !$0.diagnostic.message.contains("sk-wrong") } == true)
    }

    /// What breaks in the midst, after a status of success, is no answer: of chat and of messages alike.
    private func brokenStreams(_ peer: Peer, _ openai: OpenAIModel, _ v1: String) async throws {
        for vendor in [openai, AnthropicModel()] as [any RemoteModelVendor] {
            let failure = await Self.failure(vendor, v1, "breaking", ", stream: true")
            #expect(failure?.diagnostic.code == .providerFailed && failure?.attempts == 2, "\(vendor.name): \(String(describing: failure))")
        }
    }
}
