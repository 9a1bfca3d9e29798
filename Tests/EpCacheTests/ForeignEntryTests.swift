import EpCore
import Glibc
import Testing

@testable import EpCache

/// Entries of any client, in a cache that is served.
@Suite struct ForeignEntryTests {
    private let test: TestCache
    private var cache: DiskCache { test.cache }

    init() throws { test = try TestCache() }

    /// Stores a blob as it comes over the network.
    @discardableResult
    private func put(_ text: String, in pieces: Int = 1) async throws -> Digest { try await put(Array(text.utf8), in: pieces) }

    @discardableResult
    private func put(_ bytes: [UInt8], in pieces: Int = 1) async throws -> Digest {
        var incoming = try cache.receive()
        for start in stride(from: 0, to: bytes.count, by: max(1, bytes.count / pieces)) {
            try incoming.append(Array(bytes[start..<min(start + max(1, bytes.count / pieces), bytes.count)]))
        }
        let staged = incoming.finish()
        try await cache.publishNamed(staged)
        return staged.digest
    }

    private func read(_ blob: Digest) async throws -> [UInt8]? {
        guard let outgoing = try cache.give(sha256: blob.hex) else { return nil }
        var bytes: [UInt8] = []
        var pieces = outgoing.pieces()
        while let piece = try pieces.next() { bytes += piece }
        return bytes
    }

    private func varint(_ number: Int) -> [UInt8] { number < 128 ? [UInt8(number)] : [UInt8(number & 127) | 128] + varint(number >> 7) }
    private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2] + varint(bytes.count) + bytes }
    private func message(_ digest: Digest) -> [UInt8] { field(1, Array(digest.hex.utf8)) + [2 << 3] + varint(Int(digest.size)) }
    /// As Bazel writes one: without a seal, with a directory.
    private func entry(_ file: Digest, tree: Digest? = nil) -> [UInt8] {
        field(2, field(1, Array("out.txt".utf8)) + field(2, message(file)))
            + (tree.map { field(3, field(1, Array("dir".utf8)) + field(3, message($0))) } ?? [])
    }

    @Test func blobsComeAndGoInPieces() async throws {
        let text = String(repeating: "0123456789abcdef", count: 50_000)
        let blob = try await put(text, in: 7)
        #expect(blob == digest(text))
        #expect(try await read(blob) == Array(text.utf8))
        #expect(try await read(.empty) == [])
        #expect(try cache.give(sha256: digest("nothing").hex) == nil)
    }

    /// Somebody who verifies the directory of a served cache takes nothing away from those who use it.
    @Test func verifyingAServedCacheKeepsOthersResults() async throws {
        let (file, other) = (try await put("made by bazel"), try await put("gone soon"))
        let actions = ["whole", "broken", "dangling"].map { ActionDigest(digest($0)) }
        for (action, blob) in zip(actions, [file, file, other]) { try await cache.publish(foreignEntry: entry(blob), for: action) }
        Disk.write([0xFF, 0xFF, 0xFF], "\(cache.path)/ac/\(actions[1].hex.prefix(2))/\(actions[1].hex)")
        unlink(cache.blobPath(other))
        Disk.write(Array("{}\n".utf8), "\(cache.path)/audit.jsonl")
        let found = try await cache.verify()
        #expect(found.entries == 3 && found.foreignEntries == 1 && found.damage.count == 1 && found.danglingEntries == 1, "\(found)")
        #expect(try cache.foreignEntry(for: actions[0]) == entry(file))
        #expect(try cache.foreignEntry(for: actions[1]) == nil && cache.foreignEntry(for: actions[2]) == nil)
        #expect(try await cache.verify().isSound)
        // In the machine's own cache they prove nothing.
        unlink("\(cache.path)/audit.jsonl")
        #expect(try await cache.verify().damage.count == 1)
    }

    @Test func whatIsGivenUpLeavesNothing() async throws {
        do {
            var incoming = try cache.receive()
            try incoming.append(Array("half of it".utf8))
        }
        #expect(Disk.files(test.directory).filter { $0.contains("/cache/tmp/") && !$0.hasSuffix(".lock") } == [])
    }

    @Test func theLastPieceOfADamagedBlobIsHeldBack() async throws {
        let text = String(repeating: "x", count: 600_000)
        let blob = try await put(text)
        var bytes = Array(text.utf8)
        bytes[3] = 7
        Disk.write(bytes, cache.blobPath(blob))
        let outgoing = try #require(try cache.give(sha256: blob.hex))
        var given = 0
        var pieces = outgoing.pieces()
        #expect(throws: Diagnostic.self) { while let piece = try pieces.next() { given += piece.count } }
        #expect(given < text.utf8.count && test.takeReports().count == 1)
        #expect(try cache.give(sha256: blob.hex) == nil, "it was set aside")
        try await put(text)
        #expect(try await read(blob) == Array(text.utf8), "another upload heals it")
    }

    @Test func entriesStandAsTheyWereWritten() async throws {
        let file = try await put("contents")
        let signed = ActionResult(outputs: [.init(path: "x", digest: file)], servedBy: "a").encoded(
            for: action("own"), signatures: ["key:signature"])
        for (name, bytes) in [("own", signed), ("bazel", entry(file))] {
            try await cache.publish(foreignEntry: bytes, for: action(name))
            #expect(try cache.foreignEntry(for: action(name)) == bytes, "\(name)")
        }
        let newer = entry(try await put("others"))
        try await cache.publish(foreignEntry: newer, for: action("bazel"))
        #expect(try cache.foreignEntry(for: action("bazel")) == newer)
        #expect(test.takeReports().isEmpty)
    }

    /// What stands in an entry is a blob as well, for those who ask for it by itself; and it keeps the entry whole.
    @Test func whatAnEntryCarriesIsHereToo() async throws {
        let (bytes, blob) = (Array("carried".utf8), digest("carried"))
        let result = ActionResult(outputs: [.init(path: "x", digest: blob)], servedBy: "a")
        let entry = result.encoded(for: action("own"), contents: [blob: bytes])
        try await cache.publish(foreignEntry: entry, for: action("own"))
        #expect(try cache.foreignEntry(for: action("own")) == entry)
        #expect(try await read(blob) == bytes)
        var wrong = entry
        wrong[try #require(wrong.firstRange(of: bytes)?.lowerBound)] ^= 1
        await #expect(throws: DiskCache.Refusal.self) { try await cache.publish(foreignEntry: wrong, for: action("own")) }
        #expect(test.takeReports().isEmpty)
    }

    @Test func entriesThatLackABlobAreRefusedAndNotGiven() async throws {
        let file = try await put("contents")
        let inTree = try await put("in a tree")
        let node = field(1, Array("f".utf8)) + field(2, message(inTree))
        let tree = try await put(field(1, field(1, node)))
        for bytes in [entry(digest("nowhere")), entry(file, tree: digest("no tree"))] {
            await #expect(throws: DiskCache.Refusal.self) { try await cache.publish(foreignEntry: bytes, for: action("x")) }
        }
        for bytes in [[], [0xff, 0xff], Array("<html>".utf8), entry(file) + [4 << 3, 1]] as [[UInt8]] {
            await #expect(throws: DiskCache.Refusal.self, "\(bytes)") { try await cache.publish(foreignEntry: bytes, for: action("x")) }
        }
        #expect(try cache.foreignEntry(for: action("x")) == nil)
        try await cache.publish(foreignEntry: entry(file, tree: tree), for: action("x"))
        #expect(try cache.foreignEntry(for: action("x")) != nil)
        try #require(remove(cache.blobPath(inTree)) == 0)
        #expect(try cache.foreignEntry(for: action("x")) == nil, "what is in its trees counts, too")
        try await put("in a tree")
        #expect(try cache.foreignEntry(for: action("x")) != nil)
    }

    @Test func aSealOfAnotherActionIsRefused() async throws {
        let file = try await put("contents")
        let bytes = ActionResult(outputs: [.init(path: "x", digest: file)], servedBy: "a").encoded(for: action("one"))
        await #expect(throws: DiskCache.Refusal.self) { try await cache.publish(foreignEntry: bytes, for: action("two")) }
    }

    /// The least recently used goes, an entry before what it names; nothing that stays dangles.
    @Test func trimmingLeavesNoEntryWithoutItsBlobs() async throws {
        for number in 0..<10 {
            let text = String(repeating: "\(number)", count: 1000)
            let inTree = try await put(text + "in a tree")
            let tree = try await put(field(1, field(1, field(1, [0x66]) + field(2, message(inTree)))))
            let file = try await put(text)
            try await cache.publish(foreignEntry: entry(file, tree: tree), for: action("\(number)"))
            let paths = [inTree, tree, file].map(cache.blobPath) + [test.entryPath(action("\(number)"))]
            // The blobs look older than the entries, as the same blob may have been put long before.
            for (index, path) in paths.enumerated() { Disk.age(path, seconds: (index == 3 ? number : 20 - number) * 86_400) }
        }
        let trimmed = try cache.gc(maxBytes: 11_000)
        #expect(trimmed.entries > 0 && trimmed.bytesKept <= 11_000)
        let standing = try (0..<10).filter { try cache.foreignEntry(for: action("\($0)")) != nil }
        #expect(standing == Array(0..<(10 - trimmed.entries)), "those that were used last stand whole")
        #expect(cache.info().entries == standing.count)
    }
}
