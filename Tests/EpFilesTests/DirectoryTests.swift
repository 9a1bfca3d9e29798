import EpCore
import Glibc
import Testing

@testable import EpFiles

@Suite struct DirectoryTests {
    @Test func whatIsAboveIsMadeToo() throws {
        let directory = try TestDirectory()
        try Directory.make(directory("a/b/c"))
        try Directory.make(directory("a/b/c"))
        #expect(FileStatus(directory("a/b/c"))?.isDirectory == true)
        try Directory.make(directory("a/b/d"), mode: 0o700)
        var status = stat()
        #expect(stat(directory("a/b/d"), &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    @Test func whatStandsInTheWayIsToldByItsPath() throws {
        let directory = try TestDirectory()
        try Files.replace(directory("file"), with: [])
        for (path, kind) in [("file", SystemError.Kind.exists), ("file/x", .notDirectory)] {
            let error = #expect(throws: FileError.self) { try Directory.make(directory(path)) }
            #expect(error?.path == directory(path) && error?.system.kind == kind)
        }
        #expect(
            throws: Diagnostic(
                .system, "\(directory("file")) is in the way: it is no directory", remedy: "move it away, then run the same command again")
        ) {
            try Files.makeDirectory(directory("file"))
        }
    }

    @Test func aLinkToADirectoryWillDo() throws {
        let directory = try TestDirectory()
        try Directory.make(directory("real"))
        #expect(symlink("real", directory("link")) == 0 && symlink("nowhere", directory("dead")) == 0)
        try Directory.make(directory("link"))
        try Directory.make(directory("link/x"))
        #expect(directory.exists("real/x"))
        #expect(throws: FileError.self) { try Directory.make(directory("dead")) }
    }

    /// Nothing is written where a disk is not mounted.
    @Test func theRootIsNotMade() throws {
        let directory = try TestDirectory()
        #expect(throws: FileError.self) { try Directory.make(directory("root/a/b"), below: directory("root")) }
        #expect(!directory.exists("root"))
        try Directory.make(directory("root"))
        try Directory.make(directory("root/a/b"), below: directory("root"))
        #expect(directory.exists("root/a/b"))
    }

    @Test func namesAreListed() throws {
        let directory = try TestDirectory()
        for name in ["a", ".b", "c\u{E9}", "ce\u{301}"] { try Files.replace(directory(name), with: []) }
        #expect(Set(Directory.names(directory.path).map { Path($0) }) == [Path("a"), Path(".b"), Path("c\u{E9}"), Path("ce\u{301}")])
        #expect(try Directory.allNames(directory.path).count == 4)
        #expect(Directory.names(directory("none")).isEmpty)
        #expect(try Directory.allNames(directory("none")).isEmpty && Directory.entries(RawPath(directory("a"))) == nil)
        #expect(symlink("loop", directory("loop")) == 0)
        #expect(throws: FileError.self) { try Directory.allNames(directory("loop")) }
    }

    @Test func kindsAreOfTheEntriesThemselves() throws {
        let directory = try TestDirectory()
        try Directory.make(directory("d"))
        #expect(symlink("d", directory("l")) == 0 && mkfifo(directory("p"), 0o600) == 0)
        let entries = try #require(try Directory.entries(RawPath(directory.path)))
        let kinds = Dictionary(uniqueKeysWithValues: entries.map { ($0.name.shown, $0.kind) })
        #expect(kinds == ["d": .directory, "l": .link, "p": .pipe])
    }

    @Test func aTreeGoesWhateverIsInIt() throws {
        let directory = try TestDirectory()
        try Directory.make(directory("tree/sub/deep"))
        try Files.replace(directory("outside"), with: [1])
        #expect(symlink("../outside", directory("tree/link")) == 0 && symlink("..", directory("tree/sub/up")) == 0)
        let odd = creat(directory.odd("tree/na"), 0o600)
        #expect(odd >= 0 && close(odd) == 0 && mkdir(directory.odd("tree/sub/na"), 0o700) == 0)
        #expect(chmod(directory("tree/sub"), 0o500) == 0)
        Directory.removeTree(directory("tree"))
        #expect(!directory.exists("tree") && directory.exists("outside"))
        Directory.removeTree(directory("tree"))
        #expect(symlink(directory.path, directory("self")) == 0)
        Directory.removeTree(directory("self"))
        #expect(directory.exists("outside"))
    }

    @Test func aLinkIsNoDirectoryForWhoAsksSo() throws {
        let directory = try TestDirectory()
        try Directory.make(directory("real"))
        #expect(symlink("real", directory("link")) == 0)
        _ = try OpenDirectory(RawPath(directory("link")))
        #expect(throws: FileError.self) { _ = try OpenDirectory(RawPath(directory("link")), followingLink: false) }
    }

    @Test func onlyWhatTheDeadHaveLeftGoes() throws {
        let directory = try TestDirectory()
        for name in ["a", "b", "c"] { try Files.replace(directory(name), with: []) }
        let open = try OpenDirectory(RawPath(directory.path), followingLink: false)
        open.remove(RawPath("a"), ofDead: getpid())
        #expect(directory.exists("a"))
        let held = Glibc.open(directory("b"), O_RDONLY | O_CLOEXEC)
        defer { close(held) }
        #expect(FileLock.tryTake(held))
        for name in ["b", "c"] { open.remove(RawPath(name), ofDead: .max) }
        #expect(directory.exists("b") && !directory.exists("c"))
    }

    @Test func bytesThatAreNoTextAreShown() throws {
        let directory = try TestDirectory()
        let file = creat(directory.odd("na"), 0o600)
        #expect(file >= 0 && close(file) == 0)
        let entry = try #require(try Directory.entries(RawPath(directory.path))?.first)
        #expect(entry.name.text == nil && entry.name.shown == "na\\xE4")
        let path = RawPath(directory.path).appending(entry.name)
        #expect(path.status()?.isRegular == true && path.shown == directory("na\\xE4"))
    }
}
