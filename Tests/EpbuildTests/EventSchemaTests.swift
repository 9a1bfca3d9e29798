import EpCore
import EpPlan
import FoundationEssentials
import Testing

@testable import EpEngine

/// `docs/events.schema.json` is true: whatever a build tells has the form that it says, and no other key.
@Suite struct EventSchemaTests {
    @Test func everyKindOfEventHasItsForm() throws {
        let schema = try EventSchema()
        for event in EventExamples.all { #expect(try schema.problems(of: event.value) == [], "\(event.value.json())") }
        #expect(Set(EventExamples.all.map(\.kind.name)) == schema.names)
    }

    @Test func theCheckSeesWhatIsWrong() throws {
        let schema = try EventSchema()
        let event = try #require(EventExamples.all.first { $0.kind.name == "action_failed" }).value
        func changed(_ key: String, _ value: Value?) -> Value {
            .object((event.members ?? []).filter { $0.key != key } + (value.map { [.init(key, $0)] } ?? []))
        }
        #expect(try schema.problems(of: changed("seq", nil)) == ["seq is missing"])
        #expect(try schema.problems(of: changed("time", "yesterday")).count == 1)
        #expect(try schema.problems(of: changed("more", 1)) == ["more must not be there"])
        #expect(try schema.problems(of: changed("event", "action_flew")).count == 1)
        #expect(try schema.problems(of: changed("error", ["message": "no"])).contains("error/code is missing"))
    }

    /// What a failure's code may be is what the program knows.
    @Test func everyCodeIsKnown() throws {
        let schema = try EventSchema()
        let event = try #require(EventExamples.all.first { $0.kind.name == "cache_healed" })
        for code in Diagnostic.Code.allCases {
            let other = BuildEvent(
                build: event.build, sequence: 1, time: event.time, episode: event.episode, kind: .cacheHealed(Diagnostic(code, "no")))
            #expect(try schema.problems(of: other.value) == [], "\(code)")
        }
    }

    // MARK: real builds

    /// One that writes by a model and another that steps in, beside programs.
    private static func show(_ model: ScriptedModel) throws -> SmallShow {
        let service = "tool: llm, use: openai, model: m, base_url: \"\(model.url)\", base_delay_seconds: 0.01"
        return try SmallShow([
            "epbuild.yaml": """
            providers:
              writer: { \(service), api_key_env: WRITER_KEY, fallback: [spare] }
              spare: { \(service), api_key_env: WRITER_KEY }
            prices: { openai: { m: { in: 100, out: 100 } } }
            limits: { jobs: 2 }

            """,
            "show/show.yaml": "title: T\nchracters: []\n", "show/p.md": "Tell of {{ item }}.",
            "show/ep/things.yaml": "all: [thing 1, thing 2]\n",
            "show/pipeline.yaml": """
            stages:
              things: { source: things.yaml }
              say: { tool: llm, prompt: p.md, each: things.all, output: say.txt, editable: true, deliver: true }
              loud: { tool: command, run: [sh, -c, "echo warn >&2; cat parts/* > all.txt"], inputs: { parts: say }, outputs: [all.txt], gate: { required: true }, deliver: true }
              last: { tool: command, run: [sh, -c, "test ! -e fail.txt && cat all.txt > out.txt"], inputs: { all.txt: loud }, outputs: [out.txt], deliver: true }

            """,
        ])
    }

    private static func run(_ show: SmallShow, _ words: String...) async throws -> Program.Outcome {
        try await Program.run(
            [Program.epbuild] + words, in: show.machine.workspace, environment: show.machine.environment(["WRITER_KEY": ScriptedModel.key]))
    }

    /// What the log of a workspace has, month by month.
    private static func log(_ show: SmallShow) throws -> String {
        let names = show.machine.files(below: "\(show.machine.workspace)/.epbuild/events")
        return try names.map { try show.machine.text(".epbuild/events/\($0)") }.joined()
    }

    /// A person's whole way through an episode: whatever is told on it has its form, in the log and in `--events`.
    @Test func whatRealBuildsTellHasItsForm() async throws {
        let model = try ScriptedModel { text, before in
            if text.contains("thing 1") { return before == 0 ? ScriptedModel.error(503, "busy") : nil }
            return before == 0 ? ScriptedModel.answer("", finish: "content_filter") : nil
        }
        let show = try Self.show(model), episode = SmallShow.episode
        var told = ""
        func build(_ words: String..., status: Int32) async throws {
            let outcome = try await Program.run(
                [Program.epbuild, "build", episode] + words + ["--events", "-"], in: show.machine.workspace,
                environment: show.machine.environment(["WRITER_KEY": ScriptedModel.key]))
            #expect(outcome.status == status, "\(words): \(outcome)")
            told += outcome.output
        }
        try await build("--budget", "0.0001", status: 75)
        try await build("--draft", status: 0)
        try await build(status: 75)
        #expect(try await Self.run(show, "reject", episode, "loud", "--note", "louder").status == 0)
        try show.write("Thing one, by hand.", to: "show/ep/say/thing-1.txt")
        try await build(status: 75)
        #expect(try await Self.run(show, "approve", episode, "loud").status == 0)
        try await build(status: 0)
        #expect(try await Self.run(show, "pin", episode, "last").status == 0)
        #expect(try await Self.run(show, "pause", episode).status == 0)
        try show.write("Thing two, by hand.", to: "show/ep/say/thing-2.txt")
        try await build(status: 75)
        #expect(try await Self.run(show, "resume", episode).status == 75, "the gate waits for the other text")
        try show.write("stages:\n  a: { tool: comand }\n", to: "show/pipeline.yaml")
        try await build(status: 65)
        try show.write(
            "stages:\n  a: { tool: command, run: [\"false\"], outputs: [a.txt] }\n  b: { tool: command, run: [cat, x], inputs: { x: a }, outputs: [b.txt] }\n",
            to: "show/pipeline.yaml")
        try await build("--keep-going", status: 1)

        let schema = try EventSchema(), log = try Self.log(show)
        #expect(try schema.problems(in: told) == [])
        #expect(try schema.problems(in: log) == [])
        let names = Set((told + log).matches(of: /"event":"([a-z_]+)"/).map { String($0.output.1) })
        let rare: Set = [
            "build_stopped", "action_stalled", "action_remote", "lease_waiting", "breaker_opened", "breaker_closed", "cache_healed",
            "pass_repeated", "gate_auto_approved", "artifact_removed",
        ]
        #expect(schema.names.subtracting(names).subtracting(rare) == [])
        // The log leaves out what the cache had and how far the plan is known.
        #expect(!log.contains("action_cached") && !log.contains("build_planned") && log.hasSuffix("\n"))
    }
}
