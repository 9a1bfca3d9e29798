import EpCore
import EpHTTP
import EpPlan
import Testing

@testable import EpProviders

/// Answers that are longer than one reply may be.
@Suite struct ContinuedAnswerTests {
    private static let vendor = GeminiModel()

    private static func reply(
        _ text: String, _ reason: String, token: String? = nil, prompt: Int = 10, output: Int = 5, thoughts: Int = 0
    ) -> String {
        let next = token.map { ",\"continuationToken\":\"\($0)\"" } ?? ""
        let usage =
            "\"usageMetadata\":{\"promptTokenCount\":\(prompt),\"candidatesTokenCount\":\(output),\"thoughtsTokenCount\":\(thoughts)}"
        return
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\(text)\"}]},\"finishReason\":\"\(reason)\"\(next)}],\(usage),\"modelVersion\":\"m-1\"}"
    }

    private func ask(_ scene: Scene, _ more: String = "", form: AnswerForm? = nil) async throws -> ModelAnswer {
        let yaml =
            "providers: { mine: { tool: llm, use: gemini, model: m, max_tokens: 100\(more) } }\nprices: { gemini: { m: { in: 1, out: 2 } } }\n"
        let workspace = try Workspace(directory: "/w", Node(parsing: Array(yaml.utf8), file: "epbuild.yaml"))
        let configuration = workspace.providers[0]
        let question = ModelQuestion("Tell of bees.", settings: Self.vendor.settings(of: configuration, nil), form: form)
        let call = Self.vendor.call(question, by: configuration, PriceTable(configuration.prices), on: "2026-11-25")
        return try await Self.vendor.answer(question, Serving(configuration, scene.services(), call: call, door: scene, isPatient: true))
    }

    /// The very same question is asked again with the token, until an answer ends; all of it is paid for, and all is one text.
    @Test(arguments: [false, true]) func theRestIsAskedFor(_ isStreamed: Bool) async throws {
        let replies = [
            Self.reply("", "CONTINUATION", token: "t1", thoughts: 50), Self.reply("The bees ", "CONTINUATION", token: "t2", prompt: 65),
            Self.reply("fly.", "STOP", prompt: 70, output: 2),
        ]
        let scene = Scene { _, before in
            (
                200, ["Content-Type": isStreamed ? "text/event-stream" : "application/json"],
                isStreamed ? "data: \(replies[before])\n\n" : replies[before]
            )
        }
        let answer = try await ask(scene, isStreamed ? ", stream: true" : "")
        #expect(answer.text == "The bees fly." && answer.servedBy == "gemini m-1", "\(answer)")
        #expect(
            answer.usage == ["input_tokens": 145, "output_tokens": 62, "reasoning_tokens": 50]
                && answer.cost == Cost(microUSD: 145 + 2 * 62), "\(answer)")
        let asked = scene.requests.compactMap(\.json)
        #expect(asked.map { $0["continuationToken"]?.string } == [nil, "t1", "t2"] && Set(asked.map { $0["contents"]?.json() }).count == 1)
        // Each was written down, with what it has cost.
        #expect(scene.calls.map { $0.end?.cost } == [Cost(microUSD: 120), Cost(microUSD: 75), Cost(microUSD: 74)])
    }

    /// A reply that does not come is asked for again, not what came before it.
    @Test func whatHasComeIsNotAskedForAgain() async throws {
        let scene = Scene { _, before in
            switch before {
            case 0: (200, [], Self.reply("The bees ", "CONTINUATION", token: "t1"))
            case 1, 2: (503, [], "")
            default: (200, [], Self.reply("fly.", "STOP"))
            }
        }
        #expect(try await ask(scene).text == "The bees fly.")
        #expect(scene.requests.map { $0.json?["continuationToken"]?.string } == [nil, "t1", "t1", "t1"])
    }

    @Test(arguments: [("MAX_TOKENS", Diagnostic.Code.badAnswer), ("SAFETY", .refused)]) func whatEndsOtherwiseIsNoAnswer(
        _ reason: String, _ code: Diagnostic.Code
    ) async throws {
        let scene = Scene { _, before in
            (200, [], before == 0 ? Self.reply("The bees ", "CONTINUATION", token: "t1") : Self.reply("fl", reason, token: "t2"))
        }
        let failure = await #expect(throws: StepFailure.self) { try await ask(scene) }
        #expect(failure?.diagnostic.code == code && scene.requests.count == 2, "\(String(describing: failure))")
        #expect(failure?.cost == Cost(microUSD: 40), "both replies are paid for")
    }

    /// One that hands on the same token again and again is left.
    @Test func whoComesNoFurtherIsLeft() async throws {
        let scene = Scene(200, Self.reply("bees ", "CONTINUATION", token: "t1"))
        let failure = await #expect(throws: StepFailure.self) { try await ask(scene) }
        #expect(
            failure?.diagnostic.code == .badAnswer && scene.requests.count == 2 && failure?.cost == Cost(microUSD: 40),
            "\(String(describing: failure))")
        // Without a token there is nothing to ask with.
        let lost = await #expect(throws: StepFailure.self) { try await ask(Scene(200, Self.reply("bees ", "CONTINUATION"))) }
        #expect(lost?.diagnostic.message.contains("cut off") == true)
    }

    /// What is set aside before is enough for all replies, each of which reads what was answered before.
    @Test func allRepliesAreSetAside() throws {
        let question = ModelQuestion("Tell of bees.", settings: ["max_tokens": 100_000])
        let most = Self.vendor.mostUsage(question, output: 100_000), usual = Self.vendor.mostUsage(question, output: 8192)
        #expect(
            most == Usage(input: question.mostTokens * 2 + 65_536, output: 100_000)
                && usual == Usage(input: question.mostTokens, output: 8192))
    }

    /// The form of an answer is that of all of it.
    @Test func theFormIsThatOfTheWhole() async throws {
        let schema = JSONSchema(checked: ["type": "object", "properties": ["a": ["type": "string"]], "required": ["a"]])
        let scene = Scene { _, before in
            (200, [], before == 0 ? Self.reply(#"{\"a\":"#, "CONTINUATION", token: "t1") : Self.reply(#"\"b\"}"#, "STOP"))
        }
        let answer = try await ask(scene, form: AnswerForm(schema, isYAML: false))
        #expect(Value(json: Array(answer.text.utf8))?["a"]?.string == "b", "\(answer)")
    }
}
