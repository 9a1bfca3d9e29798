import EpCore
import EpEngine
import EpPlan
import Testing

@testable import EpDesk

/// Files that their author may have meant, and that nothing reads.
@Suite struct OverlookedFileTests {
    private static let stages = """
          texts: { source: "sources/*.md" }
          a: { tool: echo, from: [texts] }

        """

    private func warnings(_ show: TestShow) async throws -> [Diagnostic] {
        let found = Collected<Diagnostic>()
        _ = try await show.desk().builder.inspect(show.place()) { found.add($0) }
        return found.all
    }

    @Test func textsThatAPatternDoesNotTakeAreToldOf() async throws {
        let show = try TestShow(Self.stages)
        for name in ["a.md", "b.TXT", "C.MD", "d.pdf", "e.docx", "a.pdf", "f.png", ".g.txt", "h.md~", "i/j.txt"] {
            try show.write("x", to: "w/show/one/sources/\(name)")
        }
        let found = try await warnings(show)
        #expect(found.map(\.message) == ["C.MD, b.TXT, d.pdf and 1 more in sources are not read: stage \"texts\" takes *.md"], "\(found)")
        #expect(found.first?.location?.file == "w/show/pipeline.yaml")
    }

    @Test func soAreThoseOfDirectoriesBelow() async throws {
        let show = try TestShow(Self.stages.replacing("*.md", with: "**/*.md"))
        for name in ["a.md", "i/b.MD", "i/j/c.txt"] { try show.write("x", to: "w/show/one/sources/\(name)") }
        let found = try await warnings(show)
        #expect(found.map(\.message) == ["i/b.MD, i/j/c.txt in sources are not read: stage \"texts\" takes *.md"], "\(found)")
    }

    @Test func oneIsNamed() async throws {
        let show = try TestShow(Self.stages)
        for name in ["a.md", "b.txt"] { try show.write("x", to: "w/show/one/sources/\(name)") }
        #expect(try await warnings(show).map(\.message) == ["b.txt in sources is not read: stage \"texts\" takes *.md"])
        let report = try await show.desk().start(show.place(), BuildOptions()).end()
        #expect(report.outcome == .built && report.warnings.count == 1)
    }

    /// Where nothing else is there, that ends the build, and what lies there is named.
    @Test func theRemedyForNoFilesNamesWhatIsThere() async throws {
        let show = try TestShow(Self.stages)
        try show.write("x", to: "w/show/one/sources/notes.txt")
        let problem = await #expect(throws: Diagnostic.self) { try await show.desk().builder.inspect(show.place()) }
        #expect(problem?.message.contains("nothing matches sources/*.md") == true)
        #expect(problem?.remedy?.hasPrefix("sources/notes.txt is there: save it as *.md; else put a file there") == true)
    }

    @Test func aShowWhoseFileIsNearlyCalledRightlyIsNamed() throws {
        let show = try TestShow(Self.stages)
        try show.write("title: S\n", to: "x/s/Show.yml")
        try show.write("title: E\n", to: "x/s/e/episode.yaml")
        let problem = #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "x/s/e", from: show.path) }
        #expect(problem?.message == "x/s/e belongs to no show")
        #expect(problem?.remedy == "rename \(show.path)/x/s/Show.yml: the file of a show must be called show.yaml")
    }

    @Test func whatAnotherStageReadsIsNot() async throws {
        let show = try TestShow(Self.stages + "  more: { source: \"sources/*.txt\" }\n  b: { tool: echo, from: [more] }\n")
        for name in ["a.md", "b.txt"] { try show.write("x", to: "w/show/one/sources/\(name)") }
        #expect(try await warnings(show).isEmpty)
    }

    @Test(arguments: [
        ("*.md", "a.txt", true), ("s/*.md", "A.MD", true), ("*.wav", "a.WAV", true), ("*.wav", "a.mp3", false), ("*.md", "a.png", false),
        ("*.md", "README", false), ("*.txt", "a.txt ", true), ("**/*.md", "a.MD", true),
    ])
    func whichFilesMayBeMeant(_ pattern: String, _ name: String, _ isMeant: Bool) throws {
        #expect(try #require(OverlookedFiles(beside: pattern)).has(name) == isMeant)
    }

    @Test(arguments: ["recording.*", "*", "script.fountain", "*.[mt]d"]) func patternsThatLeaveTheEndingOpen(_ pattern: String) {
        #expect(OverlookedFiles(beside: pattern) == nil)
    }

    @Test(arguments: [
        ("two/episode.yml", "episode.yaml"), ("two/Episode.yaml", "episode.yaml"), ("two/episode.yaml.txt", "episode.yaml"),
        ("show.YML", "show.yaml"), ("pipeline.yml", "pipeline.yaml"),
    ])
    func aFileThatIsNearlyCalledRightlyIsToldOf(_ file: String, _ meant: String) throws {
        let show = try TestShow(Self.stages)
        try show.write("title: T\n", to: "w/show/\(file)")
        try show.write("title: T\n", to: "w/show/one/episode.yml")
        var found: [Diagnostic] = []
        _ = try Discovery.episodes(at: "w/show", from: show.path) { found.append($0) }
        #expect(found.map(\.message) == ["\(show.path)/w/show/\(file) is not read: the file must be called \(meant)"])
    }
}
