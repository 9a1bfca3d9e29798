import EpCore
import EpFiles
import EpPlan
import Glibc
import Testing

@testable import EpEngine

@Suite struct SourceFilesTests {
    @Test(arguments: [
        ("t/*.txt", ["t/a.txt", "t/b.txt"]), ("t/?.md", ["t/c.md"]), ("t/[ab].txt", ["t/a.txt", "t/b.txt"]),
        ("**/*.txt", ["t/a.txt", "t/b.txt", "t/u/d.txt", "top.txt"]),
        ("t/**/d.txt", ["t/u/d.txt"]), ("t/a.txt", ["t/a.txt"]), ("t/none.txt", []), ("none/*.txt", []), ("t/*/*", ["t/u/d.txt"]),
        ("*", ["top.txt"]),
        ("**", ["t/a.txt", "t/b.txt", "t/c.md", "t/u/d.txt", "top.txt"]), ("t/**", ["t/a.txt", "t/b.txt", "t/c.md", "t/u/d.txt"]),
        ("none/**", []),
        ("**/**/*.txt", ["t/a.txt", "t/b.txt", "t/u/d.txt", "top.txt"]), ("t/a.txt/**", []),
    ])
    func aPatternNamesFiles(_ pattern: String, _ names: [String]) throws {
        let directory = try TestDirectory()
        for name in ["t/a.txt", "t/b.txt", "t/c.md", "t/u/d.txt", "t/.hidden.txt", "t/a.txt~", "top.txt", "t/.git/x.txt"] {
            try directory.write(name, to: name)
        }
        let sources = SourceFiles(shownFrom: directory.path)
        let files = try sources.glob(pattern, in: directory.path)
        #expect(files.map(\.shown) == names)
        #expect(files.map(\.digest) == names.map(digest))
    }

    @Test func whatWasLookedAtIsRemembered() throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/a.txt")
        let sources = SourceFiles(shownFrom: "/")
        _ = try sources.glob("t/*", in: directory.path)
        #expect(try sources.file("\(directory.path)/none") == nil)
        #expect(Set(sources.files.all.map { $0.path }) == ["\(directory.path)/t/a.txt", "\(directory.path)/none"])
        #expect(Set(sources.directories.keys) == ["\(directory.path)/t"])
    }

    @Test func whateverLiesBelowIsWatched() throws {
        let directory = try TestDirectory()
        for name in ["t/a.txt", "t/u/v/b.txt", "t/.x/c.txt", "w/d.txt"] { try directory.write("x", to: name) }
        let sources = SourceFiles(shownFrom: "/")
        _ = try sources.glob("t/**", in: directory.path)
        #expect(Set(sources.directories.keys) == Set(["t", "t/u", "t/u/v"].map { Path("\(directory.path)/\($0)") }))
        var footprint = Footprint(sources, isOutdated: false)
        #expect(footprint.changes() == [])
        try directory.write("y", to: "t/u/w/new.txt")
        #expect(footprint.changes() == ["\(directory.path)/t/u/w/new.txt"])
    }

    /// A file that was read just after it was saved has not changed since, even where what is saved as it was counts; one that was saved
    /// once more within the same tick of the clock has.
    @Test(arguments: [false, true]) func whatWasJustSavedIsLookedIntoAgain(_ countingTouched: Bool) throws {
        for _ in 0..<20 {
            let directory = try TestDirectory()
            try directory.write("old", to: "a.txt")
            let sources = SourceFiles(shownFrom: "/")
            let file = try #require(try sources.file("\(directory.path)/a.txt"))
            #expect(file.digest == digest("old"))
            var footprint = Footprint(sources, isOutdated: false)
            #expect(footprint.changes(countingTouched: countingTouched) == [])
            try directory.overwrite("a.txt", with: "new")
            #expect(footprint.changes(countingTouched: countingTouched) == [file.path])
        }
    }

    /// What is written into one episode says nothing to the others.
    @Test func episodesAreNotLookedThrough() throws {
        let directory = try TestDirectory()
        for name in ["e1", "season/e2", "season/2/e3"] {
            for file in ["episode.yaml", "out/x.json", "inner/episode.yaml", "inner/out/x.json"] {
                try directory.write("x", to: "\(name)/\(file)")
            }
        }
        for name in ["out/e/episode.yaml", "out/e/out/x.json", "none/out/x.json", "season/e4/episode.yaml"] {
            try directory.write("x", to: name)
        }
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(
            try sources.glob("{episode}/out/x.json", in: directory.path).map(\.shown) == [
                "e1/out/x.json", "season/2/e3/out/x.json", "season/e2/out/x.json",
            ])
        #expect(Set(sources.directories.keys) == Set(["", "/none", "/season", "/season/2"].map { Path(directory.path + $0) }))
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
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(try sources.glob("t/**", in: directory.path).map(\.shown) == ["t/other/b.txt", "t/u/a.txt"])
    }

    @Test func linksThatLeadToEachOtherComeToAnEnd() throws {
        let directory = try TestDirectory()
        for name in ["a", "b", "c"] {
            try directory.write("x", to: "t/\(name)/x.txt")
            for other in ["a", "b", "c"] where other != name {
                #expect(symlink("../\(other)", "\(directory.path)/t/\(name)/\(other)") == 0)
            }
        }
        let sources = SourceFiles(shownFrom: directory.path)
        let names = try sources.glob("t/**/*.txt", in: directory.path).map(\.shown)
        #expect(names.count == 15, "each directory by itself, and by each way on which none comes twice: \(names)")
        #expect(sources.deadLinks.isEmpty)
    }

    @Test(arguments: ["t/*", "t/**", "**/*.txt", "**/*"]) func aNameThatIsNotUTF8IsAMessage(_ pattern: String) throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/a.txt")
        let path = Array("\(directory.path)/t/na".utf8) + [0xEF] + Array("ve.txt".utf8) + [0]
        let descriptor = path.withUnsafeBytes { creat($0.bindMemory(to: CChar.self).baseAddress!, 0o644) }
        try #require(descriptor >= 0)
        close(descriptor)
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(
            throws: Diagnostic(
                .badInput, "the name of t/na\\xEFve.txt is not UTF-8", remedy: "rename it: \(pattern) stands for this file, too")
        ) {
            try sources.glob(pattern, in: directory.path)
        }
        #expect(try sources.glob("**/*.md", in: directory.path).isEmpty, "what no pattern stands for is nobody's business")
    }

    /// Two names that differ in their Unicode form alone are two files.
    @Test func namesAreBytes() throws {
        let directory = try TestDirectory()
        let names = ["cafe\u{301}.txt", "caf\u{E9}.txt"]
        for name in names { try directory.write(String(name.utf8.count), to: "t/\(name)") }
        let sources = SourceFiles(shownFrom: directory.path)
        let files = try sources.glob("t/*", in: directory.path)
        #expect(files.map { Path($0.shown) } == names.map { Path("t/\($0)") })
        #expect(files.map(\.digest) == names.map { digest(String($0.utf8.count)) })
        #expect(
            try sources.glob("t/caf?.txt", in: directory.path).map { Path($0.path).name.utf8.count } == [9],
            "a letter is one, however many bytes it has")
        var footprint = Footprint(sources, isOutdated: false)
        try directory.remove("t/\(names[0])")
        #expect(footprint.changes().map { Path($0) } == [Path("\(directory.path)/t/\(names[0])")])
    }

    @Test func whatAnEditorPutsAsideIsNoSource() throws {
        let directory = try TestDirectory()
        for name in [
            "#1 opening.txt", "#1 opening.txt#", "2.txt~", ".3.txt", ".epbuild-1-2", "4.epbuild-ideas.txt", "bell.high.txt", "\u{301}5.txt",
        ] { try directory.write("x", to: "t/\(name)") }
        let sources = SourceFiles(shownFrom: "\(directory.path)/t")
        let expected = ["#1 opening.txt", "4.epbuild-ideas.txt", "bell.high.txt", "\u{301}5.txt"]
        #expect(try sources.glob("t/*", in: directory.path).map { Path($0.shown) } == expected.map { Path($0) })
        #expect(try sources.glob("t/.*", in: directory.path).map(\.shown) == [".3.txt"])
    }

    /// What builds write is no source of builds.
    @Test func whatIsDeliveredIsNoSource() throws {
        let directory = try TestDirectory()
        for name in [
            "episode.yaml", "episode.lock", "a.txt", "out/b.txt", "t/out/c.txt", "other/episode.yaml", "other/out/d.txt", "other/e.txt",
        ] { try directory.write("x", to: name) }
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(try sources.glob("**/*.txt", in: directory.path).map(\.shown) == ["a.txt", "other/e.txt", "t/out/c.txt"])
        #expect(try sources.glob("*", in: directory.path).map(\.shown) == ["a.txt", "episode.yaml"])
        #expect(try sources.glob("*/*.txt", in: directory.path).map(\.shown) == ["other/e.txt"])
        #expect(try sources.glob("other/out/*", in: directory.path).map(\.shown) == ["other/out/d.txt"], "a path that is named is meant")
    }

    @Test(arguments: ["t/*.txt", "t/**", "**/*.txt", "t/2.txt"]) func aLinkToNothingIsAMessage(_ pattern: String) throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/1.txt")
        #expect(symlink("/not-mounted/2.txt", "\(directory.path)/t/2.txt") == 0)
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(
            throws: Diagnostic(
                .badInput, "t/2.txt is a link to /not-mounted/2.txt, and nothing is there",
                remedy: "make what it leads to reachable (is its disk mounted?), or remove the link")
        ) { try sources.glob(pattern, in: directory.path) }
        // Whoever waits for a change sees the link come to life.
        var footprint = Footprint(sources, isOutdated: false)
        #expect(footprint.changes() == [])
        try directory.remove("t/2.txt")
        try directory.write("x", to: "t/2.txt")
        #expect(footprint.changes() != [])
    }

    @Test func aLinkToADirectoryThatIsNotThereIsToldOf() throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/1.txt")
        #expect(symlink("/not-mounted", "\(directory.path)/t/archive") == 0)
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(try sources.glob("t/**/*.txt", in: directory.path).map(\.shown) == ["t/1.txt"])
        #expect(sources.deadLinks == [Path("\(directory.path)/t/archive")])
        #expect(
            try SourceFiles(shownFrom: "/").glob("t/*.txt", in: directory.path).count == 1, "no file is looked for behind it")
        #expect(throws: Diagnostic.self) { try sources.glob("t/archive/*.txt", in: directory.path) }
    }

    struct Odd: Sendable {
        let what: String
        let make: @Sendable (String) -> Int32
    }

    private static let odd = [
        Odd(what: "a named pipe") { mkfifo($0, 0o644) }, Odd(what: "a directory") { mkdir($0, 0o755) },
        Odd(what: "a device") { symlink("/dev/null", $0) },
    ]

    /// A pipe would be waited for, for ever.
    @Test(arguments: odd) func whatIsNoFileIsAMessage(_ odd: Odd) throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "t/1.txt")
        let path = "\(directory.path)/t/2.txt"
        #expect(odd.make(path) == 0)
        let expected = Diagnostic(.badInput, "t/2.txt is \(odd.what), not a file", remedy: "move it away, or put a file in its place")
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(throws: expected) { try sources.file(path) }
        #expect(throws: expected) { try sources.glob("t/*.txt", in: directory.path) }
        #expect(throws: Diagnostic.self) { try Files.read(path) }
        var footprint = Footprint(sources, isOutdated: false)
        #expect(footprint.changes() == [])
        #expect(remove(path) == 0)
        try directory.write("x", to: "t/2.txt")
        #expect(footprint.changes() != [])
    }

    /// A directory that only `*` stands for is passed over.
    @Test func aDirectoryAmongFilesIsPassedOver() throws {
        let directory = try TestDirectory()
        for name in ["t/1.txt", "t/old/2.txt"] { try directory.write("x", to: name) }
        #expect(try SourceFiles(shownFrom: directory.path).glob("t/*", in: directory.path).map(\.shown) == ["t/1.txt"])
    }

    @Test func whatCannotBeToldIsNotAbsent() throws {
        let directory = try TestDirectory()
        #expect(symlink("loop.txt", "\(directory.path)/loop.txt") == 0)
        let long = String(repeating: "x", count: 300)
        let sources = SourceFiles(shownFrom: directory.path)
        #expect(
            throws: Diagnostic(
                .badInput, "loop.txt cannot be read: Too many levels of symbolic links", remedy: "remove the link that leads back to itself"
            )
        ) {
            try sources.file("\(directory.path)/loop.txt")
        }
        #expect(throws: Diagnostic.self) { try sources.glob("*.txt", in: directory.path) }
        #expect(throws: Diagnostic.self) { try sources.file("\(directory.path)/\(long)") }
        #expect(throws: Diagnostic.self) { try sources.glob("\(long)/*.txt", in: directory.path) }
    }

    @Test func aFileThatChangesUnderTheBuildIsNoticed() throws {
        let directory = try TestDirectory()
        try directory.write("x", to: "a.txt")
        let sources = SourceFiles(shownFrom: directory.path)
        let file = try #require(try sources.file("\(directory.path)/a.txt"))
        try directory.overwrite("a.txt", with: "y")
        #expect(throws: DamagedInput.self) { try sources.bytes(file) }
    }
}
