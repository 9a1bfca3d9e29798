import EpCore
import EpEngine
import EpPlan
import Testing

@testable import EpDesk

/// Files that are nearly called as they must be: none is passed over without a word.
@Suite struct MisspeltFileTests {
    private func warnings(_ show: TestShow) async throws -> [String] {
        let found = Collected<Diagnostic>()
        _ = try await show.desk().builder.inspect(show.place()) { found.add($0) }
        return found.all.filter { $0.message.contains("is not read") }.map { "\($0.message); \($0.remedy ?? "")" }
    }

    private static let optional = """
          script: { source: script.fountain, optional: true }
          a: { tool: echo, from: [script] }

        """

    private static let written = """
          script: { tool: echo, output: script.fountain, editable: true }

        """

    @Test(arguments: ["Script.fountain", "SCRIPT.FOUNTAIN", "script.Fountain", "Script.Fountain", "script.fountain.txt"], [optional, written])
    func besideAFileThatNeedNotBeThere(_ name: String, _ stages: String) async throws {
        let show = try TestShow(stages)
        #expect(try await warnings(show).isEmpty)
        try show.write("ANN\nHi.\n", to: "w/show/one/\(name)")
        #expect(try await warnings(show) == ["w/show/one/\(name) is not read: the file must be called script.fountain; rename it"])
    }

    /// An episode that is up to date looks again when such a file comes.
    @Test func besideATextThatABuildHasWritten() async throws {
        let show = try TestShow(Self.written)
        func built() async throws -> [String] {
            let report = try await show.desk().start(show.place(), BuildOptions()).end()
            return report.warnings.map(\.message).filter { $0.contains("is not read") }
        }
        #expect(try await built().isEmpty)
        #expect(try await built().isEmpty)
        try show.write("ANN\nMine.\n", to: "w/show/one/Script.fountain")
        #expect(try await built() == ["w/show/one/Script.fountain is not read: the file must be called script.fountain"])
        let remedy = "script.fountain is there, too: bring the two together, and remove this one"
        #expect(try await warnings(show).allSatisfy { $0.hasSuffix(remedy) })
        // A copy holds nothing that would be lost; on some file systems it is the file itself.
        try show.write(show.read("w/show/one/script.fountain"), to: "w/show/one/Script.fountain")
        #expect(try await warnings(show).isEmpty)
    }

    @Test func whatAnotherStageReadsIsMeant() async throws {
        let show = try TestShow(Self.optional + "  other: { source: Script.fountain }\n  b: { tool: echo, from: [other] }\n")
        try show.write("x", to: "w/show/one/Script.fountain")
        #expect(try await warnings(show).isEmpty)
    }

    @Test(arguments: [
        ("script.fountain", "Script.fountain", "Script.fountain is there: rename it to script.fountain; else put a file there"),
        ("script.fountain", "script.fountain.txt", "script.fountain.txt is there: rename it to script.fountain"),
        ("sources/*.md", "Sources/a.md", "Sources is there: rename it to sources"),
        ("texts/deep/a.txt", "texts/Deep/a.txt", "texts/Deep is there: rename it to texts/deep"),
        ("caf\u{E9}.txt", "cafe\u{301}.txt", "cafe\u{301}.txt is there, in another form of Unicode: rename it to caf\u{E9}.txt"),
        ("recording.*", "Recording.mp3", "Recording.mp3 is there: capital letters count, so rename it as recording.*; else put a file"),
        ("texts/n*.md", "texts/Note.MD", "texts/Note.MD is there: "), ("recording.*", "other.mp3", "put a file there, correct the pattern"),
        ("*/notes.md", "texts/other.md", "put a file there, correct the pattern"), ("**/*.md", "texts/a.png", "put a file there, correct"),
        ("script.fountain", "other.txt", "put a file there, correct the pattern"),
    ])
    func theErrorForNoFilesNamesWhatIsThere(_ pattern: String, _ there: String, _ remedy: String) async throws {
        let show = try TestShow("  s: { source: \"\(pattern)\" }\n  a: { tool: echo, from: [s] }\n")
        try show.write("x", to: "w/show/one/\(there)")
        let problem = await #expect(throws: Diagnostic.self) { try await show.desk().builder.inspect(show.place()) }
        #expect(problem?.remedy.map { Array($0.utf8).starts(with: remedy.utf8) } == true, "\(String(describing: problem))")
    }

    @Test func stagesInAFileOfAnotherName() async throws {
        let show = try TestShow(Self.written)
        try show.write("stages: {}\n", to: "x/show/pipeline.yml")
        for (file, text) in [("show.yaml", "title: S\n"), ("one/episode.yaml", "title: E\n")] { try show.write(text, to: "x/show/\(file)") }
        let place = try #require(try Discovery.episodes(at: "x/show/one", from: show.path).first)
        let problem = await #expect(throws: Diagnostic.self) { try await show.desk().builder.inspect(place) }
        #expect(problem?.remedy == "rename x/show/pipeline.yml", "\(String(describing: problem))")
    }

    /// Whoever names an episode does not look through the workspace.
    @Test(arguments: ["x/show/one", "x/show", "x"]) func aWorkspaceInAFileOfAnotherName(_ path: String) throws {
        let show = try TestShow(Self.written)
        for (file, text) in [("epbuild.yml", "{}\n"), ("show/show.yaml", "title: S\n"), ("show/one/episode.yaml", "title: E\n")] {
            try show.write(text, to: "x/\(file)")
        }
        var found: [Diagnostic] = []
        _ = try Discovery.episodes(at: path, from: show.path) { found.append($0) }
        #expect(found.map(\.message) == ["\(show.path)/x/epbuild.yml is not read: the file must be called epbuild.yaml"])
    }

    @Test(arguments: ["w/show/two", "w/show", "w"]) func anEpisodeInAFileOfAnotherName(_ path: String) throws {
        let show = try TestShow(Self.written, episodes: [])
        try show.write("title: T\n", to: "w/show/two/episode.yml")
        let problem = try #require(throws: Diagnostic.self) { try Discovery.episodes(at: path, from: show.path) }
        #expect(problem.message == "\(path) has no episode" && problem.code == .badInput)
        #expect(problem.remedy == "rename \(show.path)/w/show/two/episode.yml: the file of an episode must be called episode.yaml")
    }

    /// A number sign with something right behind it was perhaps no remark.
    @Test(arguments: [
        ("Episode #3", "Episode", "#3"), ("Rockets #science is fun", "Rockets", "#science is fun"), ("Ü x\t#é  ", "Ü x", "#é"),
    ])
    func aTitleThatARemarkCutsShort(_ written: String, _ title: String, _ remark: String) async throws {
        let show = try TestShow(Self.written)
        try show.write("number: 1\ntitle: \(written)\n", to: "w/show/one/episode.yaml")
        try show.write("title: \(written)\n", to: "w/show/show.yaml")
        let found = Collected<Diagnostic>()
        _ = try await show.desk().builder.inspect(show.place()) { found.add($0) }
        let told = found.all.filter { $0.message.contains("remark") }
        #expect(told.map(\.message) == ["the episode", "the show"].map {
            "`title` of \($0) is \"\(title)\": `\(remark)` is a remark, and is not read"
        })
        #expect(told.map(\.location?.description) == ["w/show/one/episode.yaml:2:8", "w/show/show.yaml:1:8"], "\(told)")
    }

    @Test(arguments: ["'Episode #3'", "Episode # 3", "Episode #", "C#1", "Episode ## 3", "a\n  b #3"])
    func aTitleThatNoneCutsShort(_ written: String) async throws {
        let show = try TestShow(Self.written)
        try show.write("title: \(written)\n", to: "w/show/one/episode.yaml")
        let found = Collected<Diagnostic>()
        _ = try await show.desk().builder.inspect(show.place()) { found.add($0) }
        #expect(found.all.allSatisfy { !$0.message.contains("remark") }, "\(found.all)")
    }
}
