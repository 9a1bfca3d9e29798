import EpCore
import EpRemote
import EpTesting
import Foundation
import Testing

/// A cache in one file, against `tar` itself.
struct ArchiveStoreTests {
    private let directory = TemporaryDirectory()

    private func archive(_ sizes: [Int]) async throws -> (path: String, blobs: [Digest]) {
        let store = try ArchiveStore(creating: directory("cache.tar"))
        var random = SeededBytes()
        var blobs: [Digest] = []
        for size in sizes {
            let bytes = random.bytes(size)
            blobs.append(Digest(of: bytes))
            try await store.store(blobs[blobs.count - 1], from: directory.write(bytes, to: "source"))
        }
        try await store.store(result(blobs, servedBy: "first"), for: action("one"))
        #expect(try await store.store(result([], servedBy: "second"), for: action("one"))?.servedBy == "first")
        try store.finish()
        return (directory("cache.tar"), blobs)
    }

    @Test func whatIsWrittenIsReadAgain() async throws {
        let (path, blobs) = try await archive([1, 511, 512, 513, 3_000_000])
        let contents = try ArchiveReader(path, into: directory.make("unpacked")).unpack()
        #expect(contents.results.map(\.digest.hex) == [action("one").digest.hex] && contents.strangers == 0)
        let store = DirectoryStore(path: directory("unpacked"))
        #expect(try await store.result(for: action("one")) == result(blobs, servedBy: "first"))
        #expect(try await store.missing(of: blobs).isEmpty)
        for blob in blobs { #expect(try await store.fetch(blob, to: directory("back \(blob.short)"))) }
    }

    @Test func tarReadsItAndWritesWhatIsReadHere() async throws {
        let (path, blobs) = try await archive([7, 70_000])
        let plain = directory.make("plain")
        try run("tar", "-xf", path, "-C", plain)
        #expect(try await DirectoryStore(path: plain).missing(of: blobs).isEmpty)
        try Data("hello".utf8).write(to: URL(filePath: "\(plain)/notes.txt"))
        try run("tar", "-cf", directory("other.tar"), "--format=ustar", "-C", plain, ".")
        let contents = try ArchiveReader(directory("other.tar"), into: directory.make("again")).unpack()
        #expect(contents.results.map(\.digest.hex) == [action("one").digest.hex] && contents.strangers == 1)
        #expect(try await DirectoryStore(path: directory("again")).missing(of: blobs).isEmpty)
    }

    @Test func aFileThatIsNoBlobIsRefusedAndTheRestStands() async throws {
        let store = try ArchiveStore(creating: directory("cache.tar"))
        let source = try directory.write([1, 2], to: "source")
        await #expect(throws: Diagnostic.self) { try await store.store(Digest(of: [3, 4]), from: source) }
        try await store.store(Digest(of: [1, 2]), from: source)
        try store.finish()
        _ = try ArchiveReader(directory("cache.tar"), into: directory.make("unpacked")).unpack()
        #expect(
            try await DirectoryStore(path: directory("unpacked")).missing(of: [Digest(of: [1, 2]), Digest(of: [3, 4])]) == [
                Digest(of: [3, 4])
            ])
    }

    @Test func whatIsNotFinishedLeavesNothing() async throws {
        do {
            let store = try ArchiveStore(creating: directory("cache.tar"))
            try await store.store(Digest(of: [1]), from: directory.write([1], to: "source"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["source"])
    }

    private func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
