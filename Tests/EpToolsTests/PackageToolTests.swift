import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: package` and `tool: feed`: what they take by what it is, and what they say of the rest.
@Suite struct PackageToolTests {
    private static let mix =
        "script: { source: script.fountain }\nmix: { tool: command, run: [x], outputs: [timeline.json, 000001.mp3, 000001.json] }"
    private static let files = [
        "ep/script.fountain": "# One\n\nANN\nThe tide.\n", "ep/cover.png": "x", "ep/other.jpg": "x", "ep/notes.md": "*Notes*",
        "ep/more.md": "More",
        "ep/data.csv": "a,b",
    ]

    private func planned(_ more: String, from: String, isDraft: Bool = false) throws -> PlannedEpisode {
        let planned = try PlannedEpisode(
            Self.mix + (more.isEmpty ? "" : "\n\(more)"), "package: { tool: package, from: [\(from)] }", files: Self.files, isDraft: isDraft)
        return planned
    }

    private func steps(_ more: String = "", from: String) throws -> [Step] {
        let planned = try planned(more, from: from)
        try planned.plan()
        return planned.steps("package")
    }

    @Test func aMixAndItsScriptAreEnough() throws {
        let steps = try steps(from: "script, mix")
        #expect(steps.map(\.name) == ["documents", "audio"])
        #expect(steps[0].labels == ["facts.json", "timeline.json"])
        #expect(steps[1].labels == ["facts.json", "timeline.json", "parts/000001.mp3", "parts/000001.json"])
        #expect(try self.steps(from: "mix, script").map(\.labels) == steps.map(\.labels), "in whatever order")
    }

    @Test func notesAreAmongItsFacts() throws {
        let steps = try steps("notes: { source: notes.md }", from: "mix, script, notes")
        #expect(steps[0].text("facts.json")?.contains("*Notes*") == true)
    }

    /// A stage may hand on several things: each is taken for what it is. In a draft, any picture will do for a cover.
    @Test func severalFilesOfOneStageAreTakenEach() throws {
        let planned = try planned("both: { tool: command, run: [x], outputs: [notes.md, cover.png, data.csv] }", from: "mix, script, both", isDraft: true)
        try planned.plan()
        let id = try #require(planned.planner.steps.firstIndex { $0.target.stage.text == "both" })
        planned.memory.outputs[StepID(id)] = [Path("notes.md"): Array("*Notes*".utf8), Path("cover.png"): [1], Path("data.csv"): [1]]
        try planned.plan()
        let audio = try #require(planned.steps("package").first { $0.name == "audio" })
        #expect(audio.labels.contains("cover") && audio.text("facts.json")?.contains("*Notes*") == true)
        #expect(planned.planner.warnings.map(\.message) == ["package makes nothing of both/data.csv"])
    }

    @Test(arguments: [
        ("", "script", "a package needs a mix and its script"), ("", "mix", "a package needs a mix and its script"),
        ("c: { source: cover.png }\nd: { source: other.jpg }", "mix, script, c, d", "a package has one cover, and d is one too many"),
        ("n: { source: notes.md }\nm: { source: more.md }", "mix, script, n, m", "a package has one text of notes, and m is one too many"),
        (
            "two: { tool: command, run: [x], outputs: [timeline.json, 1.mp3] }", "mix, two, script",
            "a package has one mix, and two is one too many"
        ),
        (
            "two: { tool: command, run: [x], outputs: [a.png, b.png] }", "mix, two, script",
            "a package has one cover, and two is one too many"
        ),
    ])
    func whatItHasOnceIsToldAtItsPlace(more: String, from: String, message: String) throws {
        let problems = EpToolsTests.problems { _ = try self.steps(more, from: from) }
        #expect(
            problems.map(\.message) == [message] && problems.first?.location?.file == "pipeline.yaml" && problems.first?.remedy != nil,
            "\(problems)")
    }

    @Test func whatIsOfNoUseIsWarnedOf() throws {
        let planned = try planned("data: { source: data.csv }", from: "mix, script, data")
        try planned.plan()
        #expect(planned.planner.warnings.map(\.message) == ["package makes nothing of ep/data.csv"])
    }

    // MARK: feed

    @Test(arguments: [
        (
            ", media_url: \"ftp://example.org\"", "title: S",
            "`media_url` must be a web address without `?` and `#`, not \"ftp://example.org\"", "pipeline.yaml"
        ),
        (
            ", media_url: \"https://example.org/?a\"", "title: S",
            "`media_url` must be a web address without `?` and `#`, not \"https://example.org/?a\"", "pipeline.yaml"
        ),
        (
            "", "{ title: S, link: \"https://example.org/?a\" }", "`link` of the show must be a web address without `?` and `#`, not \"https://example.org/?a\"",
            "show.yaml"
        ),
        (", page: \"../x.html\"", "title: S", "`page` must be the name of a file, not \"../x.html\"", "pipeline.yaml"),
        (", page: x.txt", "title: S", "`page` must be the name of a file, not \"x.txt\"", "pipeline.yaml"),
        (", page: [a, b]", "title: S", "`page` of stage \"feed\" must be a text, not a list", "pipeline.yaml"),
    ])
    func addressesAndNamesOfAFeedAreChecked(keys: String, show: String, message: String, file: String) throws {
        let problem = try #require(PlannedEpisode.problems("feed: { tool: feed\(keys) }", show: show).first)
        #expect(problem.message == message && problem.location?.file == file, "\(problem)")
    }

    @Test func aFeedWithoutEpisodesIsOne() async throws {
        let planned = try PlannedEpisode(
            "feed: { tool: feed, media_url: \"https://example.org/a/\" }", show: "{ title: \"A & <B>\", link: \"https://example.org\" }")
        try await planned.build()
        #expect(planned.files("feed").map(\.name) == ["feed.xml", "index.html"])
        let xml = try planned.text("feed", "feed.xml")
        #expect(xml.contains("A &amp; &lt;B&gt;") && !xml.contains("<item>"))
        #expect(planned.steps("feed").first?.text("media_url") == "https://example.org/a")
    }
}
