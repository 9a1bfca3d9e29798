import EpCore
import EpPlan
import FoundationEssentials
import Testing

/// `build --trace`: what ran when, for programs that draw it.
@Suite struct TraceTests {
    private static func show(_ model: ScriptedModel) throws -> SmallShow {
        try SmallShow([
            "epbuild.yaml": """
            providers: { writer: { tool: llm, use: openai, model: m, base_url: "\(model.url)", api_key_env: WRITER_KEY, base_delay_seconds: 0.01 } }
            prices: { openai: { m: { in: 100, out: 100 } } }

            """,
            "show/p.md": "Tell of {{ item }}.", "show/ep/things.yaml": "all: [thing 1, thing 2, thing 3]\n",
            "show/pipeline.yaml": """
                stages:
                  things: { source: things.yaml }
                  say: { tool: llm, prompt: p.md, each: things.all, output: say.txt }
                  last: { tool: command, run: [sh, -c, "ls parts > out.txt"], inputs: { parts: say }, outputs: [out.txt], deliver: true }

                """,
        ])
    }

    private static func build(_ show: SmallShow, _ words: String...) async throws -> Program.Outcome {
        try await Program.run(
            [Program.epbuild, "build", SmallShow.episode] + words, in: show.machine.workspace,
            environment: show.machine.environment(["WRITER_KEY": ScriptedModel.key]))
    }

    private static func read(_ show: SmallShow, _ name: String) throws -> Value {
        try Node(parsing: show.machine.read(name), file: name).value
    }

    @Test func aTraceHasEveryRunAndEveryAttempt() async throws {
        let model = try ScriptedModel { text, before in text.contains("thing 2") && before == 0 ? ScriptedModel.error(503, "busy") : nil }
        let show = try Self.show(model)
        #expect(try await Self.build(show, "--trace", "t.json").status == 0)
        let events = try #require(try Self.read(show, "t.json")["traceEvents"]?.list)
        let spans = events.filter { $0["ph"] == "X" }
        #expect(
            spans.count { $0["cat"] == "llm" } == 3 && spans.count { $0["cat"] == "provider" } == 4
                && spans.contains { $0["name"] == "last" })
        let second = try #require(spans.first { $0["name"] == "say/2" })
        #expect(second["args"]?["attempts"] == 2 && second["args"]?["provider"] == "writer" && second["args"]?["costUSD"] == 0.0015)
        // Up to date: a whole file that has nothing.
        #expect(try await Self.build(show, "--trace", "t.json").status == 0)
        #expect(try Self.read(show, "t.json")["traceEvents"]?.list == [])
    }

    @Test func openTelemetryHasTheConventions() async throws {
        let model = try ScriptedModel()
        let show = try Self.show(model)
        #expect(try await Self.build(show, "--trace", "t.otlp.json").status == 0)
        let spans = try #require(try Self.read(show, "t.otlp.json")["resourceSpans"]?.list?[0]["scopeSpans"]?.list?[0]["spans"]?.list)
        let calls = spans.filter { $0["kind"] == 3 }
        #expect(calls.count == 3 && calls.allSatisfy { $0["name"] == "chat m" })
        let text = calls[0].json()
        for part in [
            "gen_ai.operation.name", "gen_ai.provider.name\",\"value\":{\"stringValue\":\"openai\"", "gen_ai.request.model",
            "gen_ai.usage.input_tokens\",\"value\":{\"intValue\":\"10\"",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
        #expect(spans[0]["name"]?.string?.hasPrefix("build ") == true)
    }

    /// Also of a build that fails, and of one that is asked to end while something runs.
    @Test func theFileIsWholeHoweverABuildEnds() async throws {
        let model = try ScriptedModel { text, _ in text.contains("thing 1") ? ScriptedModel.error(401, "invalid_api_key") : nil }
        let show = try Self.show(model)
        #expect(try await Self.build(show, "--trace", "t.json").status == 69)
        let failed = try #require(try Self.read(show, "t.json")["traceEvents"]?.list)
        #expect(failed.contains { $0["args"]?["outcome"] == "failed" && $0["args"]?["error"] == "key_rejected" })
        let slow = "stages: { last: { tool: command, run: [sh, -c, \"sleep 600; echo > out.txt\"], outputs: [out.txt], deliver: true } }\n"
        try show.write(slow, to: "show/pipeline.yaml")
        let until =
            "'\(Program.epbuild)' build \(SmallShow.episode) --trace u.json --events e 2> err & it=$!; until grep -q action_started e; do sleep 0.05; done; kill -USR1 $it; wait $it"
        let outcome = try await Program.run(["sh", "-c", until], in: show.machine.workspace, environment: show.machine.environment())
        #expect(outcome.status == 130, "\(outcome)")
        let ended = try #require(try Self.read(show, "u.json")["traceEvents"]?.list)
        #expect(ended.contains { $0["name"] == "last" && $0["args"]?["outcome"] == "unfinished" })
        #expect(ended.contains { $0["name"] == "build" && $0["args"]?["outcome"] == "interrupted" })
    }

    @Test func whatCannotBeWrittenIsSaidAtOnce() async throws {
        let show = try Self.show(try ScriptedModel())
        #expect(try await Self.build(show, "--trace", "nowhere/t.json").status == 1)
        let device = try await Self.build(show, "--trace", "/dev/null")
        #expect(device.status == 64 && device.errors.contains("is something else"), "\(device)")
    }
}
