import EpCore
import Testing

@testable import EpPlan
@testable import EpTools

/// `tool: llm` and `tool: image`: the question, and what of the show and the workspace is in it.
@Suite struct TextToolTests {
    private static let files = [
        "p.md": "Tell of {{ episode.title }}.", "all.md": "{{ notes }}", "s.json": "{\"type\": \"object\"}",
        "bad.json": "{\"type\": \"objekt\"}", "ep/n.txt": "N",
    ]
    private static let workspace =
        "providers:\n  w: { tool: llm, use: openai, model: m1, base_url: \"http://127.0.0.1:1/v1\", api_key_env: SECRET }\n  p: { tool: image, use: openai, model: i, base_url: \"http://127.0.0.1:1/v1\" }"

    private func step(_ stage: String, show: String = "title: S", workspace: String? = workspace) throws -> Step {
        let planned = try PlannedEpisode("notes: { source: n.txt }", stage, show: show, workspace: workspace, files: Self.files)
        return try #require(try planned.plan().first)
    }

    @Test func theQuestionIsThePromptAndTheSettings() throws {
        let step = try step("text: { tool: llm, prompt: p.md, settings: { temperature: 0.5 } }")
        #expect(step.labels == ["prompt.md", "model.json"] && step.text("prompt.md") == "Tell of The Sea.")
        let model = try Node(parsing: Array(try #require(step.text("model.json")).utf8), file: "model.json").value
        #expect(model["model"]?.string == "m1" && model["temperature"]?.number == 0.5 && model["api_key_env"] == nil)
        // What the prompt does not mention, and what nobody is told, make nothing anew.
        let other = try self.step(
            "other: { tool: llm, prompt: p.md, settings: { temperature: 0.5 } }", show: "{ title: Other, author: Ann }",
            workspace: Self.workspace.replacing("SECRET", with: "OTHER"))
        #expect(other.inputs == step.inputs && other.operation == step.operation)
    }

    @Test(arguments: [("text.json", "answer.json"), ("text.yaml", "answer.yaml"), ("text.yml", "answer.yaml"), ("text.md", "answer.json")])
    func aFormIsPartOfTheQuestion(output: String, kept: String) throws {
        let step = try step("text: { tool: llm, prompt: p.md, schema: s.json, output: \(output) }")
        #expect(step.outputs == [kept] && step.labels.contains("schema.json"))
    }

    @Test(
        arguments: [
            ("tool: llm", "stage \"text\" has no `prompt`", "add `prompt: …`"), ("tool: llm, prompt: q.md", "there is no file \"q.md\" in the show or the episode", nil),
            ("tool: llm, prompt: p.md, provider: ww", "", "did you mean \"w\"?"),
            (
                "tool: llm, prompt: p.md, settings: { temprature: 1 }", "`settings` of stage \"text\" has an unknown key `temprature`",
                "did you mean \"temperature\"?"
            ),
            ("tool: llm, prompt: p.md, schema: t.json", "", nil), ("tool: llm, prompt: p.md, schema: bad.json", "", nil),
            ("tool: llm, prompt: p.md, from: [notes]", "stage \"text\" has \"notes\" in its `from`, and its prompt does not name it", nil),
            ("tool: image", "stage \"text\" has no `prompt`, of which a picture could be made", nil),
            ("tool: image, prompt: p.md, card: {}", "stage \"text\" has both a `prompt` and a `card`", nil),
            ("tool: image, card: { tittle: x }", "`card` of stage \"text\" has an unknown key `tittle`", "did you mean \"title\"?"),
            ("tool: image, prompt: p.md, settings: { sise: 1 }", "", "did you mean \"size\"?"),
        ] as [(String, String, String?)])
    func mistakesAreTold(keys: String, message: String, remedy: String?) throws {
        let found = PlannedEpisode.problems("notes: { source: n.txt }", "text: { \(keys) }", workspace: Self.workspace, files: Self.files)
        let problem = try #require(found.first, "nothing was found")
        #expect(problem.message.hasPrefix(message) && (remedy == nil || problem.remedy == remedy) && problem.location != nil, "\(found)")
    }

    @Test func whereNobodyMakesPicturesThatIsSaid() throws {
        let found = PlannedEpisode.problems("picture: { tool: image, prompt: p.md }", files: Self.files)
        #expect(found.map(\.message) == ["nobody makes pictures for stage \"picture\""] && found.first?.location?.line == 2)
    }

    @Test func aPictureIsAskedForByItsPrompt() throws {
        let step = try step("picture: { tool: image, prompt: p.md }")
        #expect(step.text("prompt.md") == "Tell of The Sea." && step.outputs == ["picture"] && step.service?.name == "p")
        #expect(step.text("model.json")?.contains("\"i\"") == true)
    }

    // MARK: drafts

    @Test(arguments: [
        ("fountain", "Title: The Sea\n\n# The Sea\n\nCLEO\nThis is not written yet: The Sea.\n"),
        ("txt", "This is not written yet: The Sea.\n"),
    ])
    func aDraftHasATextInItsPlace(ending: String, text: String) throws {
        let planned = try PlannedEpisode(
            "text: { tool: llm, prompt: p.md, output: text.\(ending) }",
            show: "{ title: S, characters: [{ name: Ben, voice: {} }, { name: Cleo, role: narrator, voice: {} }] }",
            files: Self.files, isDraft: true)
        #expect(try planned.plan().first?.alternatives.contains(where: \.isPlaceholder) == true)
        let context = StageContext(planner: planned.planner, stage: planned.planner.stages[0])
        #expect(PlaceholderText(context).text == text)
    }

    @Test(arguments: ["json", "yaml"]) func aDraftsDocumentHasTheListsThatAreRead(ending: String) throws {
        let planned = try PlannedEpisode(
            "plan: { tool: llm, prompt: p.md, output: plan.\(ending) }",
            "parts: { tool: command, each: plan.parts, run: [x], outputs: [o] }", files: Self.files,
            isDraft: true)
        try planned.plan()
        let context = StageContext(planner: planned.planner, stage: planned.planner.stages[0])
        let value = try Node(parsing: Array(PlaceholderText(context).text.utf8), file: "plan").value
        #expect(value["title"]?.string == "The Sea" && value["parts"]?.list?.count == 1, "\(value.json())")
    }
}
