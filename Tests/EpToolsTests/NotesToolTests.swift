import EpCore
import EpPlan
import Testing

@testable import EpTools

@Suite struct NotesToolTests {
    private static let script = "script: { source: script.fountain }"
    private static let fountain = "Title: Of Tides\nSummary: Why the sea moves.\n\n# One\n\nANN\nThe tide comes in.\n"

    @Test func theyBeginWithWhatTheEpisodeSays() async throws {
        let planned = try PlannedEpisode(
            "notes: { tool: notes }", episode: "title: T\nsummary: The moon does it.\nlearning_points: [Ebb, Flow]")
        try await planned.build()
        let text = try planned.text("notes", "notes.md")
        #expect(text.contains("The moon does it.") && text.contains("Ebb") && text.contains("Flow"), "\(text)")
        #expect(planned.steps("notes").first?.labels == ["facts.json"])
    }

    @Test func aScriptsTitlePageSaysWhatTheEpisodeDoesNot() async throws {
        let files = ["ep/script.fountain": Self.fountain]
        let planned = try PlannedEpisode(
            Self.script, "notes: { tool: notes, from: [script], output: about.md }", episode: "date: 2026-01-02", files: files)
        try await planned.build()
        #expect(try planned.text("notes", "about.md").contains("Why the sea moves."))
        let other = try PlannedEpisode(
            Self.script, "notes: { tool: notes, from: [script], output: about.md }", episode: "date: 2026-01-02",
            files: ["ep/script.fountain": Self.fountain.replacing("comes in", with: "goes out")])
        #expect(try other.plan().map(\.inputs) == planned.planner.steps.map(\.inputs), "a line of the script is none of it")
    }

    @Test func notesHaveOneScript() throws {
        let problems = PlannedEpisode.problems(
            Self.script, "other: { source: other.fountain }", "notes: { tool: notes, from: [script, other] }",
            files: ["ep/script.fountain": Self.fountain, "ep/other.fountain": Self.fountain])
        #expect(problems.map(\.message) == ["notes begin with one script, and other is one too many"])
        #expect(problems.first?.location?.line == 4 && problems.first?.remedy == "let `from` name script or other, not both")
    }

    /// What else is named is not dropped in silence.
    @Test func whatIsNoScriptIsWarnedOf() throws {
        let planned = try PlannedEpisode(
            Self.script, "facts: { source: facts.yaml }", "notes: { tool: notes, from: [script, facts] }",
            files: ["ep/script.fountain": Self.fountain, "ep/facts.yaml": "a: 1\n"])
        try planned.plan()
        #expect(planned.planner.warnings.map(\.message) == ["notes makes nothing of ep/facts.yaml"])
    }

    @Test(arguments: ["{}", "title: \"# <b>*x*\"", "learning_points: [\"- a\\n\\n# b\"]"]) func oddTextsMakeNotes(episode: String)
        async throws
    {
        let planned = try PlannedEpisode("notes: { tool: notes }", episode: episode)
        try await planned.build()
        #expect(try planned.text("notes").hasSuffix("\n"))
    }
}
