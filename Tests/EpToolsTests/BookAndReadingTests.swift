import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: book` and `tool: reading`: which texts they take, in which order, and what they make of them.
@Suite struct BookAndReadingTests {
    private static let outline = "outline: { source: outline.yaml }"
    private static let scenes = "scenes: { source: \"s/*.md\" }"
    private static let book = "book: { tool: book, from: [outline, scenes] }"
    private static let files = [
        "ep/outline.yaml": "title: Of Tides\nchapters: [{ title: Ebb }, { title: Flow }]\n", "ep/s/1.md": "It goes out.\n",
        "ep/s/2.md": "It comes in, *slowly*.\n",
    ]
    private static let show = "title: S\nauthor: Ann\ncharacters:\n- { name: BEN, voice: {} }\n- { name: CLEO, role: narrator, voice: {} }"

    @Test func textsAreChaptersByTheNamesOfTheOutline() async throws {
        let planned = try PlannedEpisode(Self.outline, Self.scenes, Self.book, episode: "author: Ben", files: Self.files)
        try await planned.build()
        let step = try #require(planned.steps("book").first)
        #expect(step.labels == ["book.json", "texts/000001", "texts/000002"])
        #expect(planned.files("book").map(\.name) == ["of-tides.md", "of-tides.epub", "of-tides.counts.json", "of-tides.counts.md"])
        let text = try planned.text("book", "of-tides.md")
        let places = ["Ebb", "It goes out.", "Flow", "It comes in, *slowly*."].map { text.firstRange(of: $0)?.lowerBound }
        #expect(!places.contains(nil) && places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(text)")
        #expect(try planned.text("book", "of-tides.epub").hasPrefix("PK"))
    }

    /// A text enters as it is, and not by its name or place.
    @Test func aTextIsAnInputOfItsOwn() throws {
        let planned = try PlannedEpisode(Self.scenes, "book: { tool: book, from: [scenes] }", files: Self.files)
        try planned.plan()
        var files = Self.files
        files["ep/s/2.md"] = "Other words.\n"
        let other = try PlannedEpisode(Self.scenes, "book: { tool: book, from: [scenes] }", files: files)
        try other.plan()
        let (one, two) = (try #require(planned.steps("book").first?.inputs), try #require(other.steps("book").first?.inputs))
        #expect(zip(one, two).filter { $0 != $1 }.map(\.0.label) == ["texts/000002"])
    }

    @Test(arguments: [
        ("book: { tool: book, from: [outline] }", "a book needs texts"),
        (
            "more: { source: more.yaml }\nbook: { tool: book, from: [outline, more, scenes] }",
            "a book can make nothing of a second outline of more"
        ),
        ("sound: { source: sound.wav }\nbook: { tool: book, from: [scenes, sound] }", "a book can make nothing of ep/sound.wav of sound"),
        (
            "c: { source: c.png }\nd: { source: d.png }\nbook: { tool: book, from: [scenes, c, d] }",
            "a book can make nothing of a second cover of d"
        ),
        (
            "two: { tool: command, run: [x], outputs: [a.png, b.png] }\nbook: { tool: book, from: [scenes, two] }",
            "a book can make nothing of a second cover of two"
        ),
        (
            "two: { tool: command, run: [x], outputs: [a.yaml, b.txt] }\nbook: { tool: book, from: [two, scenes] }",
            "a book can make nothing of two/b.txt beside an outline of two"
        ),
    ])
    func whatABookCannotHaveIsToldAtItsPlace(stages: String, message: String) {
        var files = Self.files
        for name in ["more.yaml", "sound.wav", "c.png", "d.png"] { files["ep/\(name)"] = "x: 1" }
        let problems = PlannedEpisode.problems(Self.outline, Self.scenes, stages, files: files)
        #expect(
            problems.map(\.message) == [message] && problems.first?.location?.file == "pipeline.yaml" && problems.first?.remedy != nil,
            "\(problems)")
    }

    @Test func aTextThatIsNoneIsTold() async throws {
        let planned = try PlannedEpisode(Self.scenes, "book: { tool: book, from: [scenes] }", files: Self.files)
        planned.memory["ep/s/2.md"] = [0xC3]
        try planned.plan()
        let step = try #require(planned.steps("book").first)
        let failure = await #expect(throws: StepFailure.self) { try await planned.run(step) }
        #expect(failure?.diagnostic.code == .badInput && failure?.diagnostic.message.hasSuffix("is not UTF-8 text") == true)
    }

    @Test func aPictureThatIsNotThereIsSaidAndItsWordsStand() async throws {
        var files = Self.files
        files["ep/s/1.md"] = "![the moon](moon.png)\n"
        let planned = try PlannedEpisode(Self.scenes, "book: { tool: book, from: [scenes] }", files: files)
        try planned.plan()
        let (made, messages) = try await planned.run(try #require(planned.steps("book").first))
        #expect(messages == ["there is no picture \"moon.png\": its words stand in its place; name a stage with such a file in `from`"])
        #expect(String(decoding: made["book.md"] ?? [], as: UTF8.self).contains("the moon"))
    }

    // MARK: reading

    @Test func aReadingIsAScriptOfTheNarrator() async throws {
        let planned = try PlannedEpisode(
            Self.outline, Self.scenes, "reading: { tool: reading, from: [outline, scenes] }",
            show: Self.show + "\ndisclosure: The voices are synthetic.", files: Self.files)
        try await planned.build()
        let script = try planned.text("reading", "reading.fountain")
        #expect(script.contains("CLEO\n") && !script.contains("BEN") && script.contains("It comes in, slowly."), "\(script)")
        let disclosure = try #require(script.firstRange(of: "The voices are synthetic."))
        #expect(disclosure.lowerBound < (try #require(script.firstRange(of: "It goes out."))).lowerBound)
        #expect(script.ranges(of: "The voices are synthetic.").count == 1)
    }

    @Test(arguments: [
        ("speaker: CLOE", show, "there is nobody called CLOE", "CLEO"),
        ("speaker: 7", show, "`speaker` of stage \"reading\" must be a text", "\"7\""),
        ("from: []", "title: S", "the show has nobody who could read for stage \"reading\"", "add a character"),
    ])
    func whoCannotReadIsToldAtItsPlace(keys: String, show: String, message: String, remedy: String) throws {
        let from = keys.hasPrefix("from") ? "" : ", from: [scenes]"
        let problem = try #require(
            PlannedEpisode.problems(Self.scenes, "reading: { tool: reading\(from), \(keys) }", show: show, files: Self.files).first)
        #expect(problem.location?.file == "pipeline.yaml", "\(problem)")
        #expect(problem.remedy?.contains(remedy) == true, "\(problem)")
        #expect(problem.message.contains(message) || message.contains("nobody called"), "\(problem)")
    }
}
