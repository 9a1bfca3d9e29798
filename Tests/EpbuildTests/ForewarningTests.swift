import EpCore
import EpTesting
import FoundationEssentials
import Testing

@testable import EpComposition

/// What is likely to end a build is said before it runs anything, and never by one that runs nothing.
@Suite struct ForewarningTests {
    private static func show(_ server: ScriptedServer, key: String) throws -> SmallShow {
        let provider = "writer: { tool: llm, use: openai, model: m, base_url: \"http://127.0.0.1:\(server.port)/v1\", api_key_env: \(key) }"
        return try SmallShow([
            "epbuild.yaml": "providers:\n  \(provider)\nprices: { openai: { m: { in: 100, out: 100 } } }\n",
            "show/p.md": "Tell of {{ first }}.", "show/q.md": "Ask of {{ first }}.",
            "show/pipeline.yaml": """
            stages:
              first: { tool: command, run: [sh, -c, "echo bees > first.txt"], outputs: [first.txt] }
              say: { tool: llm, prompt: p.md, from: [first], output: say.txt, deliver: true }
              ask: { tool: llm, prompt: q.md, from: [first], output: ask.txt, deliver: true }

            """,
        ])
    }

    @Test func littleSpaceIsSaidOnce() {
        let disks = ["/cache": Int64(10 << 20), "/show": 10 << 20, "/other": 3 << 30]
        func warnings(_ paths: [String], _ actions: Int) -> [String] {
            SpaceForewarning { disks[$0] }.about(paths, actions: actions).map(\.message)
        }
        #expect(warnings(["/cache", "/show"], 1) == ["10.0 MiB are free at /cache, and what is going to run may need 64.0 MiB"])
        #expect(warnings(["/other", "/unknown"], 2000).isEmpty && warnings(["/other"], 4000).count == 1)
    }

    private func run(_ words: String..., on show: SmallShow, _ more: [String: String] = [:]) async throws -> Program.Outcome {
        try await Program.run([Program.epbuild] + words, in: show.machine.workspace, environment: show.machine.environment(more))
    }

    @Test func aKeyThatALaterStageNeedsIsMissedAtOnce() async throws {
        let body = #"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}"#
        let server = try ScriptedServer { _ in ScriptedServer.response(200, Array(body.utf8)) }
        defer { server.stop() }
        let show = try Self.show(server, key: "WRITER_KEY")
        let plan = try await run("plan", SmallShow.episode, "--json", on: show)
        #expect(plan.output.contains("writer is going to be asked, and WRITER_KEY is not set"), "\(plan)")
        let first = try await run("build", SmallShow.episode, "--events", "events", on: show)
        #expect(first.status == 69 && first.errors.ranges(of: "is going to be asked").count == 1, "\(first)")
        let events = try show.machine.text("events")
        let (warned, ran) = (
            try #require(events.firstRange(of: "is going to be asked")), try #require(events.firstRange(of: "action_started"))
        )
        #expect(warned.lowerBound < ran.lowerBound, "before anything runs")
        let second = try await run("build", SmallShow.episode, "--budget", "1", on: show, ["WRITER_KEY": "sk-1"])
        // Both together may pass it; when one has ended and cost less, the other goes.
        #expect(
            second.status == 0 && second.errors.contains("what is going to run may cost up to $1.6")
                && second.errors.contains("the budget of this run is $1.0000"), "\(second)")
        let upToDate = try await run("build", SmallShow.episode, on: show)
        #expect(upToDate.status == 0 && !upToDate.errors.contains("going to"), "\(upToDate)")
    }
}
