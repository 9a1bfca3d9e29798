import EpCache
import EpCore
import Glibc
import Testing

/// The states that a crash at any instant of a commit can leave behind.
@Suite struct CrashTests {
    @Test func temporaryFilesAreSweptWhenTheCacheIsOpened() throws {
        let test = try TestCache()
        let dead = "\(test.cache.path)/tmp/99-dead"
        mkdir(dead, 0o755)
        Disk.write([], dead + ".lock")
        Disk.write([1, 2], dead + "/1")
        #expect(test.cache.lookup(action("a"), requiring: []) == .miss)
        _ = try test.another()
        #expect(!Disk.exists(dead) && !Disk.exists(dead + ".lock"))
    }

    @Test func aBlobThatNoResultNames() async throws {
        let test = try TestCache()
        try await test.cache.publish(blobs: [test.cache.stage(bytes: Array("orphan".utf8))])
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .miss)
        #expect(try await test.publish(["x": "orphan"], for: action("a")).isFirst)
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) != .miss)
    }

    @Test func anEntryWhoseBlobIsMissing() async throws {
        let test = try TestCache()
        try await test.publish(["x": "here", "y": "gone"], for: action("a"))
        unlink(test.cache.blobPath(digest("gone")))
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .miss, "all of it, or none")
        #expect(try await test.cache.verify().danglingEntries == 1)
        #expect(test.takeReports() == [], "a missing blob is no damage")
        #expect(!Disk.exists(test.entryPath(action("a"))))
    }

    @Test func theCacheDeletedUnderneath() async throws {
        let test = try TestCache()
        try await test.publish(["x": "one"], for: action("a"))
        for part in ["cas", "ac"] {
            for file in Disk.files("\(test.cache.path)/\(part)") {
                unlink(file)
                rmdir(String(file[..<file.lastIndex(of: "/")!]))
            }
        }
        #expect(test.cache.lookup(action("a"), requiring: ["x"]) == .miss)
        #expect(try await test.publish(["x": "one"], for: action("a")).isFirst)
    }
}
