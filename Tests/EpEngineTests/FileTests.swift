import EpCore
import EpPlan
import Glibc
import Testing

@testable import EpEngine

@Suite struct SourceFilesTests {
    @Test(arguments: [
        ("t/*.txt", ["t/a.txt", "t/b.txt"]), ("t/?.md", ["t/c.md"]), ("t/[ab].txt", ["t/a.txt", "t/b.txt"]), ("**/*.txt", ["t/a.txt", "t/b.txt", "t/u/d.txt", "top.txt"]),
        ("t/**/d.txt", ["t/u/d.txt"]), ("t/a.txt", ["t/a.txt"]), ("t/none.txt", []), ("none/*.txt", []), ("t/*/*", ["t/u/d.txt"]), ("*", ["top.txt"]), ("t", []),
        ("**", ["t/a.txt", "t/b.txt", "t/c.md", "t/u/d.txt", "top.txt"]), ("t/**", ["t/a.txt", "t/b.txt", "t/c.md", "t/u/d.txt"]), ("none/**", []),
        ("**/**/*.txt", ["t/a.txt", "t/b.txt", "t/u/d.txt", "top.txt"]), ("t/a.txt/**", []),
    ])
    func aPatternNamesFiles(_ pattern: String, _ names: [String]) throws {
        let directory = try TestDirectory()
        for name in ["t/a.txt", "t/b.txt", "t/c.md", "t/u/d.txt", "t/.hidden.txt", "t/a.txt~", "top.txt", "t/.git/x.txt"] { try directory.write(name, to: name) }
        let sources = SourceFiles(known: [:], shownFrom: directory.path)
        let files = try sources.glob(pattern, in: directory.path)
        #expect(files.map(\.shown) == names)
        #expect(files.map(\.digest) == names.map(digest))
    }

    @Test func whatWasLookedAtIsRemembered() throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/a.txt")
        let sources = SourceFiles(known: [:], shownFrom: "/")
        _ = try sources.glob("t/*", in: directory.path)
        #expect(try sources.file("\(directory.path)/none") == nil)
        #expect(Set(sources.files.keys) == ["\(directory.path)/t/a.txt", "\(directory.path)/none"])
        #expect(Set(sources.directories.keys) == ["\(directory.path)/t"])
    }

    @Test func whateverLiesBelowIsWatched() throws {
        let directory = try TestDirectory()
        for name in ["t/a.txt", "t/u/v/b.txt", "t/.x/c.txt", "w/d.txt"] { try directory.write("x", to: name) }
        let sources = SourceFiles(known: [:], shownFrom: "/")
        _ = try sources.glob("t/**", in: directory.path)
        #expect(Set(sources.directories.keys) == Set(["t", "t/u", "t/u/v"].map { "\(directory.path)/\($0)" }))
        var footprint = Footprint(sources, isOutdated: false)
        #expect(footprint.changes() == [])
        try directory.write("y", to: "t/u/w/new.txt")
        #expect(footprint.changes() == ["\(directory.path)/t/u/w/new.txt"])
    }

    /// What is written into one episode says nothing to the others.
    @Test func episodesAreNotLookedThrough() throws {
        let directory = try TestDirectory()
        for name in ["e1", "season/e2", "season/2/e3"] {
            for file in ["episode.yaml", "out/x.json", "inner/episode.yaml", "inner/out/x.json"] { try directory.write("x", to: "\(name)/\(file)") }
        }
        for name in ["out/e/episode.yaml", "out/e/out/x.json", "none/out/x.json", "season/e4/episode.yaml"] { try directory.write("x", to: name) }
        let sources = SourceFiles(known: [:], shownFrom: directory.path)
        #expect(try sources.glob("{episode}/out/x.json", in: directory.path).map(\.shown) == ["e1/out/x.json", "season/2/e3/out/x.json", "season/e2/out/x.json"])
        #expect(Set(sources.directories.keys) == Set(["", "/none", "/season", "/season/2"].map { directory.path + $0 }))
        var footprint = Footprint(sources, isOutdated: false)
        #expect(footprint.changes() == [])
        try directory.write("y", to: "season/e4/out/x.json")
        #expect(footprint.changes() == ["\(directory.path)/season/e4/out/x.json"])
    }

    @Test func aLinkThatLeadsBackIsNotFollowed() throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/u/a.txt")
        try directory.write("x", to: "other/b.txt")
        for (link, target) in [("t/u/loop", ".."), ("t/other", "../other")] { #expect(symlink(target, "\(directory.path)/\(link)") == 0) }
        let sources = SourceFiles(known: [:], shownFrom: directory.path)
        #expect(try sources.glob("t/**", in: directory.path).map(\.shown) == ["t/other/b.txt", "t/u/a.txt"])
    }

    @Test(arguments: ["t/*", "t/**", "**/*.txt", "**/*"]) func aNameThatIsNotUTF8IsAMessage(_ pattern: String) throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/a.txt")
        let path = Array("\(directory.path)/t/na".utf8) + [0xEF] + Array("ve.txt".utf8) + [0]
        let descriptor = path.withUnsafeBytes { creat($0.bindMemory(to: CChar.self).baseAddress!, 0o644) }
        try #require(descriptor >= 0)
        close(descriptor)
        let sources = SourceFiles(known: [:], shownFrom: directory.path)
        #expect(throws: Diagnostic(.badInput, "the name of t/na\\xEFve.txt is not UTF-8", remedy: "rename it: \(pattern) stands for this file, too")) {
            try sources.glob(pattern, in: directory.path)
        }
        #expect(try sources.glob("**/*.md", in: directory.path).isEmpty, "what no pattern stands for is nobody's business")
    }

    @Test func aFileThatChangesUnderTheBuildIsNoticed() throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "a.txt")
        let sources = SourceFiles(known: [:], shownFrom: directory.path)
        let file = try #require(try sources.file("\(directory.path)/a.txt"))
        try directory.overwrite("a.txt", with: "y")
        #expect(throws: DamagedInput.self) { try sources.bytes(file) }
    }
}

@Suite struct DiscoveryTests {
    private func workspace() throws -> TestDirectory {
        let directory = try TestDirectory()
        for name in ["epbuild.yaml", "s1/show.yaml", "s1/e1/episode.yaml", "s1/e2/episode.yaml", "s1/out/episode.yaml", "s2/show.yaml", "s2/e/episode.yaml", "s2/.x/episode.yaml"] {
            try directory.write("", to: name)
        }
        return directory
    }

    @Test(arguments: [(".", ["s1/e1", "s1/e2", "s2/e"]), ("s1", ["s1/e1", "s1/e2"]), ("s1/e2", ["s1/e2"]), ("s2/../s1/e1/", ["s1/e1"])])
    func aPathStandsForItsEpisodes(_ path: String, _ names: [String]) throws {
        let directory = try workspace()
        let places = try Discovery.episodes(at: path, from: directory.path)
        #expect(places.map { String($0.directory.dropFirst(directory.path.count + 1)) } == names)
        #expect(places.allSatisfy { $0.workspace == directory.path && $0.stateDirectory == "\(directory.path)/.epbuild" })
        #expect(Set(places.map(\.stateName)).count == names.count)
    }

    @Test func whatIsNoEpisodeIsAMessage() throws {
        let directory = try workspace()
        try directory.write("", to: "lone/episode.yaml")
        try directory.write("", to: "empty/x")
        #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "nowhere", from: directory.path) }
        #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "empty", from: directory.path) }
        #expect(throws: Diagnostic.self) { try Discovery.episodes(at: "empty/x", from: directory.path) }
        do {
            _ = try Discovery.episodes(at: "lone", from: directory.path)
            Issue.record("an episode without a show was taken")
        } catch {
            #expect(error.code == .badInput)
        }
    }
}
