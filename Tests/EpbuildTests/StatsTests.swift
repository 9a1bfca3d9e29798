import EpTesting
import FoundationEssentials
import Testing

/// What became of failures, and how often services were asked: `log --stats`, `cost`, `status`.
@Suite struct StatsTests {
    private static func show(_ model: ScriptedModel) throws -> SmallShow {
        let service = "tool: llm, use: openai, model: m, base_url: \"\(model.url)\", base_delay_seconds: 0.01, attempts: 2"
        return try SmallShow([
            "epbuild.yaml":
                "providers:\n  writer: { \(service), fallback: { refused: [spare], any: [] } }\n  spare: { \(service) }\nprices: { openai: { m: free } }\n",
            "show/p.md": "Tell of {{ item }}.", "show/ep/things.yaml": "all: [thing 1, thing 2, thing 3]\n",
            "show/pipeline.yaml":
                "stages:\n  things: { source: things.yaml }\n  say: { tool: llm, prompt: p.md, each: things.all, output: say.txt, deliver: true }\n",
        ])
    }

    @Test func whatHelpedAndWhoWasAsked() async throws {
        let model = try ScriptedModel { text, before in
            if text.contains("thing 1") { return before == 0 ? ScriptedModel.error(503, "busy") : nil }
            if text.contains("thing 2") { return before == 0 ? ScriptedModel.answer("", finish: "content_filter") : nil }
            return before < 2 ? ScriptedModel.error(503, "busy") : nil
        }
        let show = try Self.show(model), machine = show.machine
        func run(_ words: String...) async throws -> Program.Outcome {
            let outcome = try await Program.run(
                [Program.epbuild] + words, in: machine.workspace, environment: machine.environment(["OPENAI_API_KEY": ScriptedModel.key]))
            #expect(outcome.status == 0, "\(words): \(outcome)")
            return outcome
        }
        #expect(
            try await Program.run(
                [Program.epbuild, "build", SmallShow.episode, "-k"], in: machine.workspace,
                environment: machine.environment(["OPENAI_API_KEY": ScriptedModel.key])
            ).status == 1)
        _ = try await run("build", SmallShow.episode, "--retry-failed")
        // A line that a crash has cut off.
        let part = try #require(machine.files(below: "\(machine.workspace)/.epbuild/events").first)
        try machine.edit(".epbuild/events/\(part)") { $0 + "{\"time\":\"2026" }

        let calls = "\"calls\":[{\"provider\":\"spare\",\"calls\":1,\"errors\":0},{\"provider\":\"writer\",\"calls\":6,\"errors\":4}]"
        for words in [["cost", "--json"], ["status", "--json"], ["log", "--stats", "--json"]] {
            let outcome = try await Program.run(
                [Program.epbuild] + words + [SmallShow.episode], in: machine.workspace, environment: machine.environment())
            #expect(outcome.status == 0 && outcome.output.contains(calls), "\(outcome)")
        }
        let stats = try await run("log", SmallShow.episode, "--stats", "--json").output
        #expect(stats.contains("\"failed\":3,\"recovered\":3,\"recoveryRate\":1,"), "\(stats)")
        #expect(
            stats.contains(
                "\"failurePoints\":[{\"stage\":\"say\",\"code\":\"provider_failed\",\"count\":2},{\"stage\":\"say\",\"code\":\"refused\",\"count\":1}]"
            ), "\(stats)")
        #expect(
            stats.contains(
                "{\"action\":\"fallback\",\"count\":1},{\"action\":\"retry\",\"count\":1},{\"action\":\"retry-failed\",\"count\":1}")
                && stats.contains("\"unreadableLines\":1"), "\(stats)")
        let text = try await run("log", SmallShow.episode, "--stats").output
        #expect(
            text.contains("3 single actions failed; 3 made good (100 %), in ")
                && text.contains("asked: spare 1 time · writer 6 times, 4 failed"), "\(text)")
        #expect(text.contains("that cannot be read, and are passed over: 1"), "\(text)")
        #expect(try await run("cost", SmallShow.episode).output.contains("asked: spare 1 time"))
        #expect(try await run("status", SmallShow.episode).output.contains("asked: spare 1 time"))
    }
}
