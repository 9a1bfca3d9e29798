import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: audiobook`: which chapters it has, and what its steps read.
@Suite struct AudiobookToolTests {
    private static let stages =
        "list: { source: list.yaml }\nreading: { tool: command, each: list.chapters, run: [x], outputs: [r.fountain] }\nspeech: { tool: command, each: reading.lines, run: [x], outputs: [line.wav] }"
    private static let show = "{ title: S, author: Ann, characters: [{ name: ANN, voice: {} }] }"

    private func planned(_ more: String = "", from: String = "reading, speech", _ keys: String = "") throws -> PlannedEpisode {
        let planned = try PlannedEpisode(
            Self.stages + (more.isEmpty ? "" : "\n\(more)"), "book: { tool: audiobook, from: [\(from)]\(keys) }", show: Self.show,
            files: ["ep/list.yaml": "chapters: [{ title: Ebb }, { title: Flow }]\n", "ep/c.png": "x", "ep/d.png": "x", "ep/a.md": "x"])
        // The readings are there, and nothing has been spoken yet.
        try planned.plan()
        for (index, step) in planned.planner.steps.enumerated() where step.target.stage.text == "reading" {
            planned.memory.outputs[StepID(index)] = [Path("r.fountain"): Array("ANN\nOne of \(index).\n\nANN\nTwo.\n".utf8)]
        }
        try planned.plan()
        return planned
    }

    @Test func eachChapterIsEncodedByItself() throws {
        let planned = try planned()
        let names = planned.steps("book").map(\.name)
        #expect(names == ["chapter 1", "tag 1", "chapter 2", "tag 2", "aac 1", "aac 2", "join", "m4b", "report"])
        let chapter = try #require(planned.steps("book").first)
        #expect(chapter.labels == ["reading.json", "lines/000001.wav", "lines/000002.wav"])
        #expect(chapter.text("reading.json")?.contains("Ebb") == false, "a title is none of a chapter's sound")
        #expect(planned.files("book").map(\.name) == ["the-sea.m4b", "01-ebb.mp3", "02-flow.mp3", "the-sea.audiobook.json"])
    }

    @Test(arguments: [
        (", bitrate_kbps: 128", "`bitrate_kbps` of stage \"book\" must be one of 192, 224, 256, 320, not the number 128"),
        (", rest_seconds: 9", "`rest_seconds` of stage \"book\" must be a number from 0.1 to 5, not the number 9"),
        (", scene_rest_seconds: long", "`scene_rest_seconds` of stage \"book\" must be a number from 0.2 to 10, not the text \"long\""),
    ])
    func settingsAreChecked(keys: String, message: String) {
        let found = problems { _ = try planned(from: "reading, speech", keys) }
        #expect(found.map(\.message) == [message] && found.first?.location?.line == 5, "\(found)")
    }

    @Test(arguments: [
        ("", "reading", "an audiobook needs a script for each chapter, and a sound for each of its lines"),
        ("", "speech", "an audiobook needs a script for each chapter, and a sound for each of its lines"),
        (
            "note: { source: a.md }", "reading, speech, note",
            "an audiobook needs a script for each chapter, and a sound for each of its lines"
        ),
        ("c: { source: c.png }\nd: { source: d.png }", "reading, speech, c, d", "an audiobook has one cover, and d is one too many"),
        (
            "two: { tool: command, each: reading.lines, run: [y], outputs: [l.wav] }", "reading, speech, two",
            "an audiobook has one speech, and two is one too many"
        ),
    ])
    func whatItNeedsAndHasOnceIsTold(more: String, from: String, message: String) {
        let found = problems { _ = try planned(more, from: from) }
        #expect(
            found.map(\.message) == [message] && found.first?.location?.file == "pipeline.yaml" && found.first?.remedy != nil, "\(found)")
    }

    @Test func aCoverIsWithTheTagsAndNotWithTheSound() throws {
        let planned = try planned("cover: { source: c.png }", from: "reading, speech, cover")
        let steps = planned.steps("book")
        #expect(steps.filter { $0.labels.contains("cover") }.map(\.name) == ["tag 1", "tag 2", "m4b"])
    }
}
