import EpCache
import EpCore
import Glibc
import Testing

@Suite struct CopyingTests {
    @Test func aCopyIsAFileOfItsOwn() async throws {
        let test = try TestCache()
        try await test.publish(["x": "content"], for: action("a"))
        let path = "\(test.directory)/out/of/here/file"
        for isExecutable in [false, true] {
            #expect(try test.cache.copyOut(digest("content"), to: path, executable: isExecutable))
            #expect((Disk.status(path).st_mode & 0o100 != 0) == isExecutable)
            #expect(Disk.status(path).st_mode & 0o200 != 0, "a person may edit it")
            #expect(Disk.status(path).st_nlink == 1)
        }
        Disk.write([0], path)
        #expect(test.cache.verify(digest("content")))
        #expect(try !test.cache.copyOut(digest("missing"), to: "\(test.directory)/none"))
        #expect(Disk.files("\(test.directory)/out") == [path], "nothing is left beside it")
    }

    @Test func nobodysWorkIsReplaced() async throws {
        let test = try TestCache()
        try await test.publish(["x": "content"], for: action("a"))
        let path = "\(test.directory)/out/file"
        func copy(over expected: String?) throws -> DiskCache.CopyOutcome {
            try test.cache.copyOut(digest("content"), to: path, over: expected.map { digest($0) })
        }
        #expect(try copy(over: "old") == .changedMeanwhile && Disk.files("\(test.directory)/out").isEmpty, "it is gone")
        #expect(try copy(over: nil) == .written)
        #expect(try copy(over: nil) == .changedMeanwhile, "it has come")
        Disk.write(Array("mine".utf8), path)
        #expect(try copy(over: "old") == .changedMeanwhile)
        #expect(try DiskCache.write(Array("new".utf8), to: path, over: digest("old")) == false)
        #expect(Disk.read(path) == Array("mine".utf8))
        #expect(try DiskCache.write(Array("new".utf8), to: path, over: digest("mine")))
        #expect(Disk.read(path) == Array("new".utf8))
        #expect(try copy(over: "new") == .written && Disk.read(path) == Array("content".utf8))
        #expect(try test.cache.copyOut(digest("missing"), to: path, over: digest("content")) == .damaged)
        #expect(Disk.files("\(test.directory)/out") == [path], "nothing is left beside it")
    }

    @Test func anUnwritableTargetIsExplained() async throws {
        let test = try TestCache()
        try await test.publish(["x": "content"], for: action("a"))
        Disk.write([], "\(test.directory)/file")
        let error = #expect(throws: Diagnostic.self) {
            try test.cache.copyOut(digest("content"), to: "\(test.directory)/file/below")
        }
        #expect(error?.code == .system)
        #expect(error?.message.contains("\(test.directory)/file") == true)
    }

    @Test(arguments: [0, 1, 262_143, 262_144, 262_145, 1_000_000])
    func filesAreHashedInPieces(size: Int) throws {
        let test = try TestCache()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7) }
        Disk.write(bytes, "\(test.directory)/file")
        #expect(try FileDigest.compute("\(test.directory)/file") == Digest(of: bytes))
        #expect(throws: Diagnostic.self) { try FileDigest.compute("\(test.directory)/none") }
    }
}
