import EpCore
import EpPlan
import EpSound
import Testing

@testable import EpTools

/// `tool: adapt` and `tool: timing`: scenes from documents, and how long they last.
@Suite struct SceneToolTests {
    private static let markdown = "# Of tides\n\nThe moon pulls at the sea.\n\n## Ebb\n\nThe water goes out.\n"

    // MARK: adapt

    @Test func aDocumentBecomesScenes() async throws {
        let planned = try PlannedEpisode("scenes: { tool: adapt, document: about.md, language: en }", files: ["ep/about.md": Self.markdown])
        try await planned.build()
        #expect(planned.steps("scenes").first?.labels == ["document", "adapt.json"])
        let list = try Node(parsing: Array(planned.text("scenes").utf8), file: "scenes.yaml").value
        let said = (list["scenes"]?.list ?? []).compactMap { $0["narration"]?.letters }.joined(separator: " ")
        #expect(said.contains("The moon pulls at the sea.") && said.contains("The water goes out."), "\(list.json())")
    }

    /// What the stage says of the list is a part of the address, and its own name is not.
    @Test func onlyWhatIsReadIsInTheAddress() throws {
        func inputs(_ stage: String, _ name: String = "about.md") throws -> [Step.Input] {
            let planned = try PlannedEpisode(stage, files: ["ep/\(name)": Self.markdown])
            return try #require(try planned.plan().first).inputs
        }
        let one = try inputs("scenes: { tool: adapt, document: about.md }")
        #expect(try inputs("others: { tool: adapt, document: \"*.md\" }") == one)
        let other = try inputs("scenes: { tool: adapt, document: about.md, longest_words: 40 }")
        #expect(zip(one, other).filter { $0 != $1 }.map(\.0.label) == ["adapt.json"])
    }

    @Test func aProgramReadsPDF() throws {
        let planned = try PlannedEpisode("scenes: { tool: adapt, document: about.pdf }", files: ["ep/about.pdf": "%PDF-1.7\n"])
        let steps = try planned.plan()
        #expect(
            steps.map(\.name) == ["text", ""] && steps[0].labels == ["document.pdf"] && steps[0].platform == ["pdftotext": "pdftotext 1"])
        #expect(steps[0].arguments == ["pdftotext", "-bbox-layout", "-enc", "UTF-8", "document.pdf", "words.html"])
        #expect(steps[1].dependencies == [StepID(0)])
    }

    @Test(arguments: [
        ("document: none.md", "there is no document: nothing matches none.md below the episode", 2),
        ("document: ../show.yaml", "\"../show.yaml\" must be a path below the episode, without `..`", 2),
        ("document: \"*.md\"", "2 files match *.md, and one of them is the document: ep/about.md, ep/more.md", 2),
        (
            "longest_words: 5, document: about.md",
            "`longest_words` of stage \"scenes\" must be a whole number from 10 to 1000, not the number 5", 2
        ),
        ("from: []", "stage \"scenes\" does not say which document it adapts", 2),
        ("document: list.yaml", "", 3),
    ])
    func mistakesAreToldAtTheirPlaces(keys: String, message: String, line: Int) throws {
        let files = [
            "ep/about.md": Self.markdown, "ep/more.md": "x",
            "ep/list.yaml": "scenes:\n- { id: a, narration: One. }\n- { id: a, minimum_seconds: soon }\n",
        ]
        let problems = PlannedEpisode.problems("scenes: { tool: adapt, \(keys) }", files: files)
        let problem = try #require(problems.first)
        #expect(
            (message.isEmpty ? problem.location?.file == "ep/list.yaml" : problem.message == message) && problem.location?.line == line,
            "\(problem)")
    }

    @Test func oneDocumentIsAdapted() {
        let problems = PlannedEpisode.problems(
            "a: { source: about.md }", "b: { source: more.md }", "scenes: { tool: adapt, document: about.md, from: [a, b] }",
            files: ["ep/about.md": "x", "ep/more.md": "y"])
        #expect(
            problems.map(\.message) == [
                "stage \"scenes\" has both a `document` and a `from`", "stage \"scenes\" adapts one document, and `from` names 2",
            ] && problems.allSatisfy { $0.location?.line == 4 }, "\(problems)")
    }

    /// What a program says of a document is about the document.
    @Test func aDocumentThatCannotBeReadIsNoFailureOfTheProgram() async throws {
        let planned = try PlannedEpisode("scenes: { tool: adapt, document: about.pdf }", files: ["ep/about.pdf": "%PDF-1.7\n"])
        let step = try #require(try planned.plan().first)
        let job = Job(step: step, inputs: MemoryInputs(texts: [:]), take: Take(1)) { "" }
        let failure = await #expect(throws: StepFailure.self) {
            try await AdaptTool().oversee(job) {
                throw StepFailure(Diagnostic(.actionFailed, "pdftotext failed with status 1\n  Couldn't find trailer"), exitStatus: 1)
            }
        }
        #expect(
            failure?.diagnostic.message == "pdftotext cannot read the document: Couldn't find trailer"
                && failure?.diagnostic.code == .badInput)
        #expect(failure?.diagnostic.location?.file == "pipeline.yaml")
    }

    // MARK: timing

    private static let wav = PCM(sampleRate: 8_000, channels: [[Float](repeating: 0.1, count: 8_000)]).wav()

    private func timed(_ scenes: String, _ keys: String = "") throws -> PlannedEpisode {
        let planned = try PlannedEpisode(
            "list: { source: list.yaml }", "spoken: { tool: command, each: list.scenes, run: [x], outputs: [line.wav] }",
            "timing: { tool: timing, from: [spoken]\(keys) }", files: ["ep/list.yaml": "scenes:\n\(scenes)"])
        try planned.plan()
        return planned
    }

    private func report(_ planned: PlannedEpisode) async throws -> Value {
        try await planned.build { _ in ["line.wav": Self.wav] }
        return try Node(parsing: Array(planned.text("timing").utf8), file: "timing.yaml").value
    }

    @Test func scenesLastAsLongAsTheirSoundAndAPause() async throws {
        let scenes = "- { id: a, narration: One. }\n- { id: b, narration: \" \" }\n- { id: c, narration: Two., minimum_seconds: 5 }\n"
        let value = try await report(try timed(scenes, ", pause_seconds: 0.25"))
        let found = (value["scenes"]?.list ?? []).map {
            [$0["id"]?.letters ?? "", "\($0["start_seconds"]?.number ?? -1)", "\($0["seconds"]?.number ?? -1)"]
        }
        #expect(found == [["a", "0.0", "1.25"], ["b", "1.25", "1.0"], ["c", "2.25", "5.0"]] && value["seconds"]?.number == 7.25)
    }

    /// A line of a script is spoken, too.
    @Test func linesArePausedBehind() async throws {
        let value = try await report(try timed("- { speaker: ANN, text: Hello. }\n- { speaker: ANN, text: Ho. }\n"))
        #expect(value["scenes"]?.list?.compactMap { $0["seconds"]?.number } == [1.6, 1.6])
    }

    @Test func whatLastsTooLongIsSaid() async throws {
        let planned = try timed("- { id: a, narration: One., maximum_seconds: 1.5 }\n")
        _ = try await report(planned)
        let (_, messages) = try await planned.run(try #require(planned.steps("timing").first))
        #expect(messages == ["scene a lasts 1.6 seconds, 0.1 more than its maximum_seconds: shorten what is said in it"])
    }

    @Test(arguments: [
        (
            "- { id: a, narration: One., minimum_seconds: soon }\n",
            "`minimum_seconds` of a scene must be a number of seconds from 0.1 to 86400, not \"soon\""
        ),
        (
            "- { id: a, narration: One., maximum_seconds: -1 }\n",
            "`maximum_seconds` of a scene must be a number of seconds from 0.1 to 86400, not -1"
        ),
        (
            "- { id: a, narration: One., minimum_seconds: 3, maximum_seconds: 2 }\n",
            "a scene cannot last 3.0 seconds at least and 2.0 at most"
        ),
    ])
    func lengthsThatAreNoneAreTold(scenes: String, message: String) throws {
        let problem = problems { _ = try timed(scenes) }.first
        #expect(
            problem?.message == message && problem?.location == SourceLocation(file: "ep/list.yaml", line: 2, column: 3),
            "\(String(describing: problem))")
    }

    @Test(arguments: [
        ("timing: { tool: timing }", "stage \"timing\" measures what one stage has spoken"),
        ("timing: { tool: timing, from: [text] }", "\"text\" hands on no sound"),
        (
            "timing: { tool: timing, from: [text], pause_seconds: 61 }",
            "`pause_seconds` of stage \"timing\" must be a number from 0 to 60, not the number 61"
        ),
    ])
    func whatIsNoSoundIsTold(stage: String, message: String) {
        let problems = PlannedEpisode.problems("text: { source: a.txt }", stage, files: ["ep/a.txt": "x"])
        #expect(problems.map(\.message) == [message] && problems.first?.location?.line == 3, "\(problems)")
    }

    /// A scene in which nothing is said lasts as long as somebody has written, if that is a length.
    @Test(arguments: ["1e300", "soon", "-2"]) func aSilenceMustHaveALength(written: String) throws {
        let problems = PlannedEpisode.problems(
            "list: { source: list.yaml }", "spoken: { tool: tts, each: list.scenes }",
            show: "{ title: S, language: en, characters: [{ name: ANN, role: narrator, voice: {} }] }",
            files: ["ep/list.yaml": "scenes:\n- { id: a, narration: \"\", minimum_seconds: \(written) }\n"])
        #expect(problems.count == 1 && problems.first?.message.hasPrefix("`minimum_seconds` of a scene must be") == true, "\(problems)")
    }
}
