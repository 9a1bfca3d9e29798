import EpCore
import Testing

@testable import EpPlan

@Suite struct PipelineTests {
    private func mistakes(_ stages: String) -> [Diagnostic] {
        problems {
            _ = try Pipeline(
                yaml("stages:\n" + stages, file: "pipeline.yaml"),
                tools: ["copy": ["from", "prompt", "inputs"], "voice": [], "run": ["inputs"]])
        }
    }

    @Test(arguments: [
        ("  a: { tool: cpy }", 2, 14, "there is no tool \"cpy\"", "did you mean \"copy\"?"),
        (
            "  a: { tool: copy }\n  b: { tool: copy, from: [a, aa] }", 3, 30, "stage \"b\" reads \"aa\", which is no stage",
            "did you mean \"a\"?"
        ),
        (
            "  a: { tool: copy, each: bb.lines }\n  b: { tool: copy }", 2, 26, "stage \"a\" reads \"bb\", which is no stage",
            "did you mean \"b\"?"
        ),
        ("  a: { tool: copy, inputs: { x: nowhere } }", 2, 33, "stage \"a\" reads \"nowhere\", which is no stage", "there are none"),
        ("  a: { tool: copy, source: \"*.md\" }", 2, 6, "stage \"a\" has both `tool` and `source`", "remove one of the two"),
        ("  a: { from: [] }", 2, 6, "stage \"a\" has neither `tool` nor `source`", "say which tool runs it, or which files it is"),
        ("  a: { tool: copy, promt: x }", 2, 20, "stage \"a\" has an unknown key `promt`", "did you mean \"prompt\"?"),
        ("  a: { tool: voice, prompt: x }", 2, 21, "stage \"a\" has an unknown key `prompt`", nil),
        (
            "  a: { tool: run }\n  b: { tool: run, from: [a] }", 3, 25, "stage \"b\" has a `from`, which `run` does not read",
            "name what it reads in `inputs`: `inputs: { a: a }`"
        ),
        (
            "  a: { tool: copy }\n  b: { source: x, from: [a] }", 3, 25, "stage \"b\" has a `from`, which `source` does not read",
            "take it out"
        ),
        ("  a: copy", 2, 6, "stage \"a\" must be a mapping (`key: value`), not the text \"copy\"", nil),
        ("  a: { source: ../x }", 2, 16, "`source` of stage \"a\" must be a path below the episode, without `..`", nil),
        ("  a: { source: x, in: world }", 2, 23, "`in` of stage \"a\" must be show or episode", nil),
        ("  a: { tool: copy, output: a/b }", 2, 28, "`output` of stage \"a\" must be a file name, not \"a/b\"", nil),
        ("  a: { tool: copy, output: .. }", 2, 28, "`output` of stage \"a\" must be a file name, not \"..\"", nil),
        ("  a: { tool: copy, editable: 3 }", 2, 30, "`editable` of stage \"a\" must be true or false, not the number 3", nil),
        (
            "  \u{C5}: { tool: copy }\n  \u{212B}: { tool: copy }", 3, 3, "the stage \"\u{212B}\" stands here a second time",
            "give one of the two another name"
        ),
    ])
    func aMistakeHasItsPlaceAndItsRemedy(_ stages: String, _ line: Int, _ column: Int, _ message: String, _ remedy: String?) throws {
        let found = mistakes(stages)
        let problem = try #require(found.first)
        #expect(found.count == 1)
        #expect(problem.message == message)
        #expect(problem.location == SourceLocation(file: "pipeline.yaml", line: line, column: column), "\(problem)")
        if let remedy { #expect(problem.remedy == remedy) }
    }

    @Test(arguments: ["1a", "a b", "a/b", "_a", "\"\"", "a.b"])
    func badNamesAreRefused(_ name: String) {
        #expect(mistakes("  \(name): { tool: copy }").first?.message.hasSuffix("is not a stage's name") == true)
    }

    @Test(arguments: ["item", "show", "episode", "previous"])
    func namesThatMeanSomethingElseAreRefused(_ name: String) {
        #expect(
            mistakes("  \(name): { tool: copy }").first?.message
                == "no stage can be called \"\(name)\", as templates mean something else by it")
    }

    @Test(arguments: ["a", "script_generation", "Überblick", "a-1"])
    func goodNamesAreTaken(_ name: String) { #expect(mistakes("  \(name): { tool: copy }").isEmpty) }

    @Test func mistakesOfAllStagesAreShownAtOnce() {
        #expect(
            mistakes("  a: { tool: nope }\n  b: { tool: copy, frm: [a] }\n  c: { tool: voice, deliver: 1 }").map(\.location?.line) == [
                2, 3, 4,
            ])
    }

    @Test func aSourceIsOnePathOrPattern() {
        #expect(mistakes("  a: { source: [x.md, y.md] }").map(\.message) == ["`source` of stage \"a\" must be a text, not a list"])
        #expect(mistakes("  a: { source: ./x.md }").first?.remedy == "write `x.md`")
    }

    @Test func anEditableStageHasAFileOfItsOwn() {
        #expect(mistakes("  a: { tool: copy, editable: true }").first?.message == "stage \"a\" is editable, so it needs an `output`")
        let twice = mistakes("  a: { tool: copy, output: x.md, editable: true }\n  b: { tool: copy, output: x.md, editable: true }")
        #expect(twice.map(\.message) == ["stages \"a\" and \"b\" both write x.md into the episode"])
        let itself = mistakes("  a: { source: x.md }\n  b: { tool: copy, from: [a], output: x.md, editable: true }")
        #expect(itself.map(\.message) == ["stage \"b\" writes x.md, which is the source of \"a\""])
        #expect(mistakes("  a: { source: \"*.md\" }\n  b: { tool: copy, from: [a], output: x.md, editable: true }").isEmpty)
        #expect(mistakes("  a: { source: x.md, in: show }\n  b: { tool: copy, from: [a], output: x.md, editable: true }").isEmpty)
        #expect(mistakes("  a: { tool: copy, output: x.md }\n  b: { tool: copy, each: a.lines, output: x.md, editable: true }").isEmpty)
    }

    @Test func aPipelineWithoutStagesIsAMistake() {
        #expect(problems { _ = try Pipeline(yaml("show_stages: {}"), tools: [:]) }.map(\.message) == ["the pipeline has no `stages`"])
        #expect(problems { _ = try Pipeline(yaml("stages: [a]"), tools: [:]) }.first?.message.contains("must be a mapping") == true)
    }

    @Test(arguments: [
        ("  a: { tool: copy, from: [a] }", "a → a"), ("  a: { tool: copy, from: [b] }\n  b: { tool: copy, from: [a] }", "a → b → a"),
        (
            "  z: { tool: copy, from: [b] }\n  a: { tool: copy, from: [c] }\n  b: { tool: copy, each: a.lines }\n  c: { tool: copy, inputs: { x: b } }",
            "b → a → c → b"
        ),
    ])
    func circlesAreFoundBeforeAnythingRuns(_ stages: String, _ circle: String) throws {
        let planner = try planner("stages:\n" + stages)
        let problem = try #require(problems { _ = try planner.expand(goals: []) }.first)
        #expect(problem.message == "stages feed each other in a circle: \(circle)")
        #expect(problem.location?.file == "pipeline.yaml")
        #expect(planner.steps.isEmpty)
    }

    @Test func aCircleThroughAPromptIsFoundToo() throws {
        let files = MemoryFiles(["/w/show/p.md": "Go on from\n  {{ b }}\n"])
        let planner = try planner("stages:\n  a: { tool: copy, prompt: p.md }\n  b: { tool: copy, from: [a] }\n", files: files)
        let problem = try #require(problems { _ = try planner.expand(goals: []) }.first)
        #expect(problem.message == "stages feed each other in a circle: a → b → a")
        #expect(problem.location?.line != 0)
    }
}
