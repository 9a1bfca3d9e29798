import EpCore
import Glibc
import Testing

@testable import EpFiles

@Suite struct FilesTests {
    @Test(arguments: [0, 1, 4095, 4096, 4097, 300_000]) func whatIsWrittenIsRead(_ count: Int) throws {
        let directory = try TestDirectory()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Files.replace(directory("file"), with: bytes, durably: count == 1)
        #expect(try Files.read(directory("file")) == bytes)
        #expect(try OpenFile(reading: directory("file")).contents(limit: 4096) == Array(bytes.prefix(4096)))
        #expect(Directory.names(directory.path) == ["file"])
    }

    /// As what is renamed there, whatever stands in its place.
    @Test func whatIsExchangedLeavesNothingBehind() throws {
        let (directory, pile) = (try TestDirectory(), DiscardPile())
        func exchange(_ bytes: [UInt8]) throws {
            let file = try ReplacementFile(for: directory("file"))
            #expect(Files.writeAll(bytes, to: file.descriptor))
            try file.exchange(discardingInto: pile)
            #expect(try Files.read(directory("file")) == bytes)
        }
        try exchange([1])
        try exchange([2, 3])
        // What stood there before stays until nobody waits.
        #expect(Directory.names(directory.path).count == 2)
        pile.empty()
        #expect(Directory.names(directory.path) == ["file"])
        try Files.replace(directory("other"), with: [4])
        #expect(unlink(directory("file")) == 0 && symlink("other", directory("file")) == 0)
        try exchange([5])
        #expect(try Files.read(directory("other")) == [4] && FileStatus(directory("file"))?.isRegular == true)
        #expect(unlink(directory("file")) == 0 && mkdir(directory("file"), 0o755) == 0)
        #expect(throws: Diagnostic.self) { try exchange([6]) }
        #expect(Directory.names(directory.path).sorted() == ["file", "other"])
    }

    @Test func absenceIsNotUnreadability() throws {
        let directory = try TestDirectory()
        try Files.replace(directory("file"), with: [])
        #expect(try Files.read(directory("none")) == nil && Files.read(directory("file/x")) == nil)
        #expect(symlink("loop", directory("loop")) == 0)
        #expect(
            throws: Diagnostic(
                .badInput, "\(directory("loop")) cannot be read: Too many levels of symbolic links",
                remedy: "remove the link that leads back to itself")
        ) {
            try Files.read(directory("loop"))
        }
        #expect(throws: Diagnostic.self) { try Files.status(directory("loop")) }
        let remedy = "make what it leads to reachable (is its disk mounted?), or remove the link"
        #expect(symlink("gone", directory("dead")) == 0)
        #expect(throws: Diagnostic(.badInput, "x is a link to gone, and nothing is there", remedy: remedy)) {
            try Files.status(directory("dead"), shown: "x")
        }
    }

    /// From a pipe nothing would come.
    @Test func whatIsNoFileIsNotWaitedFor() throws {
        let directory = try TestDirectory()
        #expect(mkfifo(directory("pipe"), 0o600) == 0)
        for (path, what) in [(directory("pipe"), "a named pipe"), (directory.path, "a directory"), ("/dev/null", "a device")] {
            let expected = Diagnostic(.badInput, "\(path) is \(what), not a file", remedy: "move it away, or put a file in its place")
            #expect(throws: expected) { try Files.read(path) }
            #expect(throws: expected) { try Files.plainStatus(path) }
        }
    }

    @Test func whatCannotBeReplacedStays() throws {
        let directory = try TestDirectory()
        try Directory.make(directory("d/e"))
        #expect(throws: Diagnostic(.system, "\(directory("d")) cannot be written: Is a directory", remedy: "check the directory")) {
            try Files.replace(directory("d"), with: [1])
        }
        #expect(Directory.names(directory.path) == ["d"], "what was written for it is gone")
        #expect(throws: Diagnostic.self) { try Files.replace(directory("none/file"), with: [1]) }
        try Files.replace(directory("file"), with: [1])
        #expect(symlink("file", directory("link")) == 0)
        try Files.replace(directory("link"), with: [2])
        #expect(try Files.read(directory("file")) == [1] && FileStatus(directory("link"))?.isRegular == true)
    }

    @Test func aReplacementThatIsNotFinishedLeavesNothing() throws {
        let directory = try TestDirectory()
        do {
            let file = try ReplacementFile(for: directory("file"))
            #expect(Files.writeAll([1], to: file.descriptor))
            #expect(
                Directory.names(directory.path).allSatisfy { $0.hasPrefix(ReplacementFile.prefix) }
                    && !Directory.names(directory.path).isEmpty)
        }
        #expect(Directory.names(directory.path).isEmpty)
    }

    @Test func ownFilesAreReachedByNoLink() throws {
        let directory = try TestDirectory()
        let own = directory(".epbuild")
        try StateFile.makeDirectory("\(own)/a/b")
        #expect(symlink("/tmp", "\(own)/link") == 0 && mkfifo("\(own)/pipe", 0o600) == 0 && symlink("a", "\(own)/a/l") == 0)
        for path in ["\(own)/link", "\(own)/link/x"] { #expect(throws: Diagnostic.self) { try StateFile.makeDirectory(path) } }
        for path in ["link/file", "pipe", "a/l", "a"] {
            let what = path == "link/file" ? "\(own)/link" : "\(own)/\(path)"
            #expect(
                throws: Diagnostic(
                    .system, "\(what) cannot be used: it is a link, or no plain file", remedy: "remove it: epbuild makes it anew")
            ) {
                _ = try StateFile.open("\(own)/\(path)", O_RDWR)
            }
        }
        let file = try StateFile.open("\(own)/a/file", O_RDWR)
        #expect(Files.writeAll([7], to: file) && close(file) == 0)
        #expect(StateFile.read("\(own)/a/file") == [7] && StateFile.read("\(own)/link") == nil)
        StateFile.makeRoom(for: "\(own)/a")
        #expect(!directory.exists(".epbuild/a"))
    }

    @Test func equalStatusMeansTheSameFile() throws {
        let directory = try TestDirectory()
        try Files.replace(directory("file"), with: [1])
        #expect(link(directory("file"), directory("other")) == 0 && symlink("file", directory("link")) == 0)
        let status = try #require(FileStatus(directory("file")))
        #expect(FileStatus(directory("other")) == status && status.links == 2 && status.size == 1)
        #expect(FileStatus(directory("link"))?.kind == .link && FileStatus(directory("link"), followingLink: true) == status)
        #expect(status.isYoungerThanTick || FileClock.now - status.changed > 10_000_000)
    }
}
