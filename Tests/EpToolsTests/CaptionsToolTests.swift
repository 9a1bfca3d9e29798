import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: captions`, of words that were heard.
@Suite struct CaptionsToolTests {
    private static let words = "words: { source: words.json }"
    private static let heard = "[{\"word\": \"The\", \"start\": 0.5, \"end\": 0.7}, {\"word\": \"tide.\", \"start\": 0.8, \"end\": 1.4}]"

    private func captions(_ json: String, _ keys: String = "") async throws -> PlannedEpisode {
        let planned = try PlannedEpisode(Self.words, "captions: { tool: captions, from: [words]\(keys) }", files: ["ep/words.json": json])
        try await planned.build()
        return planned
    }

    @Test(arguments: [heard, "{\"words\": \(heard)}"]) func wordsBecomeCaptions(json: String) async throws {
        let planned = try await captions(json)
        #expect(planned.files("captions").map(\.name) == ["captions.srt", "captions.vtt"])
        #expect(planned.steps("captions").first?.labels == ["words/000001.json", "line_characters"])
        let srt = try planned.text("captions", "captions.srt")
        #expect(srt.contains("00:00:00,500 --> ") && srt.contains("The tide."), "\(srt)")
        #expect(try planned.text("captions", "captions.vtt").hasPrefix("WEBVTT\n"))
    }

    @Test func oneFormCanBeAskedFor() async throws {
        let planned = try await captions(Self.heard, ", output: said.vtt")
        #expect(planned.files("captions").map(\.name) == ["said.vtt"])
        #expect(try planned.text("captions").hasPrefix("WEBVTT\n"))
    }

    @Test(arguments: [
        (", line_characters: 15", "`line_characters` of stage \"captions\" must be a whole number from 16 to 80, not the number 15"),
        (", output: said.txt", "`output` of captions is said.txt, and captions are .srt or .vtt"),
    ])
    func mistakesAreToldAtTheirPlaces(keys: String, message: String) {
        let problems = PlannedEpisode.problems(
            Self.words, "captions: { tool: captions, from: [words]\(keys) }", files: ["ep/words.json": Self.heard])
        #expect(problems.map(\.message) == [message] && problems.first?.location?.line == 3, "\(problems)")
    }

    @Test func whatHasNoWordsIsWarnedOfAndIsNotEnough() throws {
        let planned = try PlannedEpisode(
            "text: { source: a.md }", "captions: { tool: captions, from: [text] }", files: ["ep/a.md": "x"])
        let found = problems { try planned.plan() }
        #expect(found.first?.message == "captions need the scenes of a film, or words with their times")
        #expect(planned.planner.warnings.map(\.message) == ["captions makes nothing of ep/a.md"])
    }

    /// A mistake in a person's file is told with that file.
    @Test(arguments: [
        ("{}", "this is no list of words with their times"), ("\"x\"", "this is no list of words with their times"),
        ("[", "this is no list of words with their times"),
        ("[{\"word\": \"The\"}]", "word 1 has no `word`, `start` and `end`"), ("[[]]", "word 1 has no `word`, `start` and `end`"),
    ])
    func whatAreNoWordsIsTold(json: String, message: String) async throws {
        let failure = await #expect(throws: StepFailure.self) { _ = try await captions(json) }
        #expect(
            failure?.diagnostic.message == message && failure?.diagnostic.location?.file == "ep/words.json",
            "\(String(describing: failure))")
    }

    /// Times that no clock has end nothing.
    @Test(arguments: [
        "[]", "[{\"word\": \"a\", \"start\": -5, \"end\": 1e300}]",
        "[{\"word\": \"a\", \"start\": 9, \"end\": 1}, {\"word\": \"b\", \"start\": 2, \"end\": 3}]",
        "[{\"word\": \"-->\\n\\nWEBVTT\", \"start\": 0, \"end\": 1}]", "[{\"word\": \"\", \"start\": 0, \"end\": 1}]",
    ])
    func oddTimesMakeCaptions(json: String) async throws {
        let planned = try await captions(json)
        let text = try planned.text("captions", "captions.vtt")
        #expect(text.hasPrefix("WEBVTT\n") && text.ranges(of: "WEBVTT").count - (json.contains("WEBVTT") ? 1 : 0) <= 1)
        // An arrow in a text would begin a cue of its own.
        for line in text.split(separator: "\n") where line.contains("-->") {
            #expect(line.firstMatch(of: /^[0-9:.]+ --> [0-9:.]+/) != nil, "\(line)")
        }
    }
}
