import Dispatch
import EpTesting
import Synchronization
import Testing

/// A novel of forty scenes that a server writes: no scene waits for another, whatever becomes of that.
@Suite struct NovelServerTests {
    private func show(_ model: ScriptedModel, _ more: String = "") throws -> SmallShow {
        let chapters = (1...10).map { "- { title: C\($0) }\n" }.joined()
        return try SmallShow([
            "epbuild.yaml":
                "providers: { writer: { tool: llm, use: openai, model: m, base_url: \"\(model.url)\", api_key_env: KEY, limit: 4 } }\n",
            "show/show.yaml": "title: Forty\nauthor: A\nlanguage: en\n", "show/ep/episode.yaml": "title: Forty\n",
            "show/ep/outline.yaml": "chapters:\n\(chapters)",
            "show/scenes.md": "Scenes of {{ chapter.title }}.", "show/prose.md": "Write {{ scene.title }}.",
            "show/edit.md": "Edit {{ prose.text }}",
            "show/pipeline.yaml": """
            stages:
              outline: { source: outline.yaml }
              scenes: { tool: llm, each: { chapter: outline.chapters }, prompt: scenes.md, output: scenes.yaml }
              prose: { tool: llm, each: { scene: scenes.scenes }, prompt: prose.md, output: prose.md }
              edit: { tool: llm, each: { prose: prose }, prompt: edit.md, output: edit.md }
              book: { tool: book, from: [outline, edit] }

            """,
        ])
    }

    /// Four scenes for a chapter; anything else is answered by itself.
    private static func usual(_ question: String) -> [UInt8]? {
        guard let chapter = question.firstMatch(of: /Scenes of (C[0-9]+)/)?.output.1 else { return nil }
        return ScriptedModel.answer("scenes:\\n" + (1...4).map { "- { title: \(chapter)S\($0) }\\n" }.joined())
    }

    /// The slow one is answered when every other scene has been edited: if any waited for it, none would be.
    @Test func nobodyWaitsForASlowScene() async throws {
        let edited = DispatchSemaphore(value: 0), count = Mutex(0)
        let model = try ScriptedModel { question, _ in
            if question.hasPrefix("Write C3S2.") { _ = edited.wait(timeout: .now() + 300) }
            if question.hasPrefix("Edit"),
                count.withLock({ count in
                    count += 1; return count
                }) == 39
            {
                edited.signal()
            }
            return Self.usual(question)
        }
        let show = try show(model)
        let build = try await show.machine.build(SmallShow.episode, environment: ["KEY": "sk-x"])
        try build.expect(.built, ["scenes": 10, "prose": 40, "edit": 40, "book": 1])
        let questions = model.server.requests.map { String(decoding: $0.body, as: UTF8.self) }
        let last = try #require(questions.lastIndex { $0.contains("Edit") })
        #expect(questions[last].contains("Write C3S2.") && questions.count == 90)
        #expect(try show.machine.text("show/ep/out/forty.md").contains("## 10 · C10"))
    }

    @Test func aSceneThatFailsStopsNoOther() async throws {
        let isDown = Mutex(true)
        let model = try ScriptedModel { question, _ in
            question.hasPrefix("Write C7S4.") && isDown.withLock(\.self) ? ScriptedModel.error(400, "no") : Self.usual(question)
        }
        let show = try show(model)
        let failed = try await show.machine.build(SmallShow.episode, "--keep-going", environment: ["KEY": "sk-x"])
        #expect(failed.outcome.status == 1, "\(failed.outcome)")
        #expect(
            try failed.report.executed("prose") == 39 && failed.report.executed("edit") == 39 && failed.report.stages["prose"]?.failed == 1)
        isDown.withLock { $0 = false }
        try await show.machine.build(SmallShow.episode, environment: ["KEY": "sk-x"]).expect(
            .built, executed: 3, ["prose": 1, "edit": 1, "book": 1])
    }
}
