import EpCore
import EpHTTP
import EpPlan
import Testing

@testable import EpProviders

/// What each vendor makes of what comes back: the shapes that were seen on the wire.
@Suite struct ModelVendorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let vendor: any RemoteModelVendor
        let status: Int
        let body: String
        /// Nil: it is an answer.
        let kind: ProviderFailure.Kind?
        var settings: Value = ["model": "m"]
        var testDescription: String { "\(vendor.name) \(status) \(body.prefix(80))" }

        init(
            _ vendor: any RemoteModelVendor, _ status: Int, _ body: String, _ kind: ProviderFailure.Kind?,
            _ settings: Value = ["model": "m"]
        ) {
            (self.vendor, self.status, self.body, self.kind, self.settings) = (vendor, status, body, kind, settings)
        }
    }

    private static let openai = OpenAIModel(), anthropic = AnthropicModel(), gemini = GeminiModel(), ollama = OllamaModel()
    private static func error(_ code: String, _ type: String = "invalid_request_error", _ message: String = "no") -> String {
        "{\"error\":{\"message\":\"\(message)\",\"type\":\"\(type)\",\"param\":null,\"code\":\"\(code)\"}}"
    }
    private static func claude(_ type: String, _ message: String = "no", _ details: String = "") -> String {
        "{\"type\":\"error\",\"error\":{\"type\":\"\(type)\",\"message\":\"\(message)\"\(details)},\"request_id\":\"req_1\"}"
    }
    private static func choice(_ rest: String) -> String {
        "{\"choices\":[{\(rest)}],\"model\":\"m-1\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}"
    }
    private static func google(_ code: Int, _ status: String, _ details: String = "") -> String {
        "{\"error\":{\"code\":\(code),\"message\":\"no\",\"status\":\"\(status)\",\"details\":[\(details)]}}"
    }

    static let cases: [Case] = [
        Case(openai, 200, choice("\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\""), nil),
        Case(openai, 200, choice("\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]},\"finish_reason\":\"stop\""), nil),
        Case(openai, 200, choice("\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"length\""), .cutOff),
        Case(openai, 200, choice("\"message\":{\"content\":null,\"refusal\":\"I will not\"},\"finish_reason\":\"stop\""), .refused),
        Case(openai, 200, choice("\"message\":{\"content\":\"\"},\"finish_reason\":\"content_filter\""), .refused),
        Case(openai, 200, choice("\"message\":{\"content\":null},\"finish_reason\":\"tool_calls\""), .badAnswer),
        Case(openai, 200, choice("\"message\":{\"content\":\" \\n\"},\"finish_reason\":\"stop\""), .badAnswer),
        Case(openai, 200, choice("\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"error\""), .transient),
        Case(openai, 200, "{\"error\":{\"code\":502,\"message\":\"upstream\"}}", .transient),
        Case(
            openai, 200, "{\"error\":{\"code\":429,\"message\":\"slow\",\"metadata\":{\"error_type\":\"rate_limit_exceeded\"}}}", .tooOften),
        Case(openai, 200, "{\"choices\":[]}", .badAnswer), Case(openai, 200, "<html>busy</html>", .badAnswer),
        Case(openai, 200, "{\"choices\":[{\"mess", .badAnswer),
        Case(openai, 401, error("invalid_api_key"), .key), Case(openai, 403, error("permission"), .wrongQuestion),
        Case(openai, 403, error("invalid_api_key"), .key), Case(openai, 404, error("model_not_found"), .wrongQuestion),
        Case(openai, 400, error("context_length_exceeded"), .tooLong), Case(openai, 400, error("content_policy_violation"), .refused),
        Case(openai, 400, error("unsupported_value"), .wrongQuestion), Case(openai, 413, "", .tooLong),
        Case(openai, 402, error("payment_required"), .money),
        Case(openai, 429, error("rate_limit_exceeded", "requests"), .tooOften),
        Case(openai, 429, error("slow_down", "rate_limit_error"), .tooOften),
        Case(openai, 429, error("insufficient_quota", "insufficient_quota"), .money),
        Case(openai, 429, error("credit_balance_exhausted"), .money),
        Case(openai, 429, error("organization_spend_limit_exceeded"), .money),
        Case(openai, 429, error("project_spend_limit_exceeded"), .money),
        Case(openai, 429, error("organization_usage_limit_exceeded"), .money),
        Case(openai, 503, error("server_is_overloaded", "service_unavailable_error"), .transient),
        Case(openai, 500, "", .transient), Case(openai, 502, "<html><body>Bad Gateway</body></html>", .transient),
        Case(openai, 408, "", .transient), Case(openai, 409, "", .transient),
        Case(openai, 425, "", .transient), Case(openai, 498, error("capacity_exceeded"), .transient), Case(openai, 529, "", .transient),
        Case(
            openai, 400,
            "{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size\",\"type\":\"exceed_context_size_error\",\"n_ctx\":1024}}",
            .tooLong),
        Case(openai, 503, "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}", .transient),
        Case(
            openai, 500, "{\"error\":{\"message\":\"litellm.InternalServerError\",\"type\":null,\"param\":null,\"code\":\"500\"}}",
            .transient),
        Case(openai, 404, "{\"detail\":\"Model is not installed\"}", .wrongQuestion),
        Case(
            openai, 200,
            "{\"status\":\"completed\",\"output\":[{\"type\":\"reasoning\"},{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}",
            nil, ["model": "m", "api": "responses"]),
        Case(
            openai, 200, "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[]}", .cutOff,
            ["model": "m", "api": "responses"]),
        Case(
            openai, 200, "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"content_filter\"},\"output\":[]}", .refused,
            ["model": "m", "api": "responses"]),
        Case(
            openai, 200, "{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"no\"},\"output\":[]}", .transient,
            ["model": "m", "api": "responses"]),
        Case(openai, 200, "{\"status\":\"in_progress\",\"output\":[]}", .transient, ["model": "m", "api": "responses"]),
        Case(
            openai, 200,
            "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"no\"}]}]}",
            .refused, ["model": "m", "api": "responses"]),
        Case(
            openai, 200,
            "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],\"usage\":{\"output_tokens\":9}}",
            .cutOff, ["model": "m", "api": "responses", "max_tokens": 9]),
        Case(
            anthropic, 200,
            "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"x\"},{\"type\":\"text\",\"text\":\"H\"},{\"type\":\"text\",\"text\":\"i\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"cache_read_input_tokens\":2,\"output_tokens\":2},\"model\":\"m-1\"}",
            nil),
        Case(anthropic, 200, "{\"content\":[{\"type\":\"text\",\"text\":\"H\"}],\"stop_reason\":\"max_tokens\"}", .cutOff),
        Case(anthropic, 200, "{\"content\":[],\"stop_reason\":\"refusal\",\"stop_details\":{\"category\":\"bio\"}}", .refused),
        Case(anthropic, 200, "{\"content\":[],\"stop_reason\":\"end_turn\"}", .badAnswer),
        Case(anthropic, 200, claude("overloaded_error"), .transient),
        Case(anthropic, 401, claude("authentication_error"), .key), Case(anthropic, 403, claude("permission_error"), .wrongQuestion),
        Case(anthropic, 404, claude("not_found_error"), .wrongQuestion),
        Case(anthropic, 413, claude("request_too_large"), .tooLong),
        Case(anthropic, 400, claude("invalid_request_error", "prompt is too long: 300000 tokens"), .tooLong),
        Case(anthropic, 400, claude("invalid_request_error", "temperature: not supported"), .wrongQuestion),
        Case(anthropic, 402, claude("billing_error"), .money),
        Case(anthropic, 400, claude("invalid_request_error", "Your credit balance is too low to access the API"), .money),
        Case(anthropic, 400, claude("invalid_request_error", "You have reached your specified workspace API usage limits"), .money),
        Case(anthropic, 429, claude("rate_limit_error"), .tooOften),
        Case(anthropic, 429, claude("rate_limit_error", "no", ",\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}"), .money),
        Case(anthropic, 500, claude("api_error"), .transient), Case(anthropic, 529, claude("overloaded_error"), .transient),
        Case(anthropic, 504, claude("timeout_error"), .transient),
        Case(
            gemini, 200,
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"plan\",\"thought\":true},{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":1,\"thoughtsTokenCount\":1},\"modelVersion\":\"m-1\"}",
            nil),
        Case(gemini, 200, "{\"candidates\":[{\"finishReason\":\"MAX_TOKENS\"}]}", .cutOff),
        Case(gemini, 200, "{\"candidates\":[{\"finishReason\":\"SAFETY\"}]}", .refused),
        Case(gemini, 200, "{\"candidates\":[{\"finishReason\":\"IMAGE_SAFETY\"}]}", .refused),
        Case(gemini, 200, "{\"promptFeedback\":{\"blockReason\":\"OTHER\"}}", .refused),
        Case(gemini, 200, "{\"candidates\":[{\"finishReason\":\"MALFORMED_RESPONSE\"}]}", .badAnswer), Case(gemini, 200, "{}", .badAnswer),
        Case(gemini, 400, google(400, "INVALID_ARGUMENT", "{\"reason\":\"API_KEY_INVALID\"}"), .key),
        Case(gemini, 402, google(402, "RESOURCE_EXHAUSTED"), .money),
        Case(gemini, 429, google(429, "RESOURCE_EXHAUSTED", "{\"retryDelay\":\"31s\"}"), .tooOften),
        Case(
            gemini, 429, google(429, "RESOURCE_EXHAUSTED", "{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProject\"}]}"), .money),
        Case(gemini, 503, google(503, "UNAVAILABLE"), .transient), Case(gemini, 400, google(400, "FAILED_PRECONDITION"), .wrongQuestion),
        Case(gemini, 429, "[\(google(429, "RESOURCE_EXHAUSTED"))]", .tooOften), Case(gemini, 404, google(404, "NOT_FOUND"), .wrongQuestion),
        Case(
            ollama, 200,
            "{\"model\":\"m-1\",\"message\":{\"content\":\"Hi\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,\"eval_count\":2}",
            nil),
        Case(ollama, 200, "{\"message\":{\"content\":\"H\"},\"done\":true,\"done_reason\":\"length\"}", .cutOff),
        Case(ollama, 200, "{\"error\":\"crashed\"}", .transient),
        Case(ollama, 404, "{\"error\":\"model 'm' not found\"}", .wrongQuestion),
        Case(ollama, 503, "{\"error\":\"server busy\"}", .transient),
    ]

    @Test(arguments: cases)
    func whatComesBackIsUnderstood(_ shape: Case) async throws {
        let scene = Scene(shape.status, shape.body, headers: ["Content-Type": shape.body.hasPrefix("<") ? "text/html" : "application/json"])
        let configuration = try Scene.provider("use: \(shape.vendor.name), model: m, attempts: 1, base_url: \"http://127.0.0.1:9/v1\"")
        let question = ModelQuestion("Say hi.", settings: shape.settings)
        do {
            let answer = try await shape.vendor.answer(question, .test(configuration, scene))
            #expect(shape.kind == nil)
            #expect(answer.text == "Hi" && answer.usage["input_tokens"] == 3 && answer.usage["output_tokens"] == 2, "\(answer)")
        } catch let failure as StepFailure {
            let codes: [ProviderFailure.Kind: Diagnostic.Code] = [
                .transient: .providerFailed, .tooOften: .providerFailed, .badAnswer: .badAnswer, .cutOff: .badAnswer, .refused: .refused,
                .tooLong: .tooLong, .money: .spendLimit,
                .key: .keyRejected, .wrongQuestion: .actionFailed,
            ]
            #expect(shape.kind.flatMap { codes[$0] } == failure.diagnostic.code, "\(failure.diagnostic)")
            #expect(failure.diagnostic.message.hasPrefix("\(shape.vendor.name) m: ") && !failure.diagnostic.message.hasSuffix(": "))
        }
    }

    /// Which of them are asked again is by kind alone.
    @Test(arguments: cases.filter { $0.kind != nil })
    func whatHelpsIsTried(_ shape: Case) async throws {
        let scene = Scene(shape.status, shape.body)
        let configuration = try Scene.provider("use: \(shape.vendor.name), model: m, base_url: \"http://127.0.0.1:9/v1\"")
        _ = try? await shape.vendor.answer(ModelQuestion("Say hi.", settings: shape.settings), .test(configuration, scene))
        let mayHelp = [.transient, .tooOften, .badAnswer].contains(shape.kind)
        #expect(scene.requests.count == (mayHelp ? 3 : 1) && scene.retries.count == (mayHelp ? 2 : 0))
    }

    private func request(
        _ vendor: any RemoteModelVendor, _ yaml: String, take: Int = 1, schema: Value? = nil, stage: Value? = nil
    ) throws -> (RemoteRequest, Value) {
        let configuration = try Scene.provider("use: \(vendor.name), \(yaml)")
        let settings = vendor.settings(of: configuration, stage)
        let request = vendor.request(
            ModelQuestion(
                "Say hi.", take: take, settings: settings, form: schema.map { AnswerForm(JSONSchema(checked: $0), isYAML: false) }),
            isUsualPlace: true)
        guard case .json(let body) = request.body else { throw Diagnostic(.system, "no JSON") }
        return (request, body)
    }

    @Test func requestsHaveWhatAPersonHasWrittenAndNothingElse() throws {
        let (chat, body) = try request(Self.openai, "model: gpt-x, temperature: 0.5, seed: 7, stop: END, max_tokens: 50", take: 3)
        #expect(chat.path == "chat/completions")
        #expect(
            body == [
                "model": "gpt-x", "messages": [["role": "user", "content": "Say hi."]], "max_completion_tokens": 50, "temperature": 0.5,
                "stop": "END", "seed": 9,
            ])
        let (responses, second) = try request(
            Self.openai, "model: gpt-x, api: responses, reasoning_effort: low, verbosity: low, system: Be brief.")
        #expect(
            responses.path == "responses" && second["store"] == false && second["instructions"] == "Be brief."
                && second.at("reasoning", "effort") == "low" && second.at("text", "verbosity") == "low")
        let (claude, third) = try request(Self.anthropic, "model: c, effort: low, stop: [A, B]")
        #expect(
            claude.path == "messages" && claude.headers.first?.value == "2026-10-21" && third["max_tokens"] == 8192
                && third["stop_sequences"] == ["A", "B"] && third["temperature"] == nil)
        let (google, fourth) = try request(Self.gemini, "model: g, thinking_level: low, top_k: 5, seed: 1")
        #expect(
            google.path == "models/g:generateContent" && fourth.at("generationConfig", "thinkingConfig", "thinkingLevel") == "LOW"
                && fourth.at("generationConfig", "topK") == 5)
        let (_, fifth) = try request(Self.ollama, "model: o, context_tokens: 4096")
        #expect(
            fifth["stream"] == false && fifth["truncate"] == false && fifth.at("options", "num_ctx") == 4096
                && fifth.at("options", "num_predict") == 8192)
    }

    @Test func theStagesSettingsGoBeforeTheProviders() throws {
        let (_, body) = try request(Self.openai, "model: a, temperature: 0.5", stage: ["model": "b", "top_p": 0.1])
        #expect(body["model"] == "b" && body["temperature"] == 0.5 && body["top_p"] == 0.1)
    }

    /// Keys, limits and the way there are no part of what an answer depends on.
    @Test func theAddressHasWhatShapesTheAnswer() throws {
        func settings(_ yaml: String) throws -> Value? {
            Self.openai.settings(of: try Scene.provider("use: openai, model: m, \(yaml)"), nil)
        }
        let plain = try settings("temperature: 1")
        #expect(plain?.json() == #"{"max_tokens":8192,"model":"m","service":"api.openai.com","temperature":1,"vendor":"openai"}"#)
        #expect(
            try settings("temperature: 1, api_key_env: OTHER, attempts: 9, timeout_seconds: 7, limit: 2, requests_per_minute: 5") == plain)
        #expect(
            try settings("temperature: 1, base_url: \"https://API.openai.com:443/v1\"") == plain
                && settings("temperature: 1, base_url: \"https://other.com/v1\"") != plain)
        #expect(
            try settings("temperature: 1, base_url: \"http://127.0.0.1:1/v1\"")
                == settings("temperature: 1, base_url: \"http://localhost:2\""))
        #expect(try settings("temperature: 1, base_url: \"https://gateway.com/v1\", service: api.openai.com") == plain)
    }

    @Test func schemasAreAdapted() throws {
        let schema: Value = [
            "$schema": "x", "type": "object", "required": ["a"],
            "properties": [
                "a": ["type": "string", "minLength": 1, "default": "q"],
                "b": ["type": "array", "items": ["type": "object", "properties": ["c": ["enum": ["x", "y"]]]]],
            ],
        ]
        let strict = StrictSchema.adapted(schema)
        #expect(strict["required"] == ["a", "b"] && strict["additionalProperties"] == false && strict["$schema"] == nil)
        #expect(strict.at("properties", "b", "type") == ["array", "null"] && strict.at("properties", "a", "default") == nil)
        #expect(strict.at("properties", "b", "items", "properties", "c", "anyOf", "1", "type") == "null")
        let (_, chat) = try request(Self.openai, "model: m", schema: schema)
        #expect(
            chat.at("response_format", "json_schema", "schema") == strict && chat.at("response_format", "json_schema", "strict") == true)
        let (_, claude) = try request(Self.anthropic, "model: m", schema: schema)
        let format = claude.at("output_config", "format", "schema")
        #expect(
            format?["additionalProperties"] == false && format?.at("properties", "a", "minLength") == nil && format?["required"] == ["a"])
    }
}

extension Serving {
    static func test(
        _ configuration: ProviderConfiguration?, _ scene: Scene, call: ProviderCall? = nil, isPatient: Bool = true,
        keys: [String: String]? = nil
    ) -> Serving {
        Serving(configuration, keys.map { scene.services($0) } ?? scene.services(), call: call, door: scene, isPatient: isPatient)
    }
}
