import EpCore
import EpFiles
import EpTesting
import Testing

@testable import EpRemote

/// zstd, where a server offers it.
struct GRPCCompressionTests {
    let directory = TemporaryDirectory()

    private func store(_ peer: CompressingPeer) throws -> GRPCStore {
        try GRPCStore(RemoteAddress("grpc://peer:1/main", relativeTo: "/"), client: peer)
    }

    /// Words: they become smaller by far.
    private func text(_ size: Int) -> [UInt8] { Array((0...).lazy.flatMap { "line \($0 * 7919 % 1000) of a script\n".utf8 }.prefix(size)) }

    @Test func conforms() async throws {
        try await StoreConformance(store: try store(CompressingPeer()), directory: directory).check()
    }

    @Test(arguments: [1, 5000, 512 << 10, (512 << 10) + 1, 3 << 20]) func whatCanBeCompressedTravelsSo(_ size: Int) async throws {
        let peer = CompressingPeer()
        let store = try store(peer)
        let (bytes, blob) = (text(size), Digest(of: text(size)))
        for _ in 0..<2 { try await store.store(blob, from: directory.write(bytes, to: "up")) }
        #expect(try await store.fetch(blob, to: directory("down")))
        #expect(try contents(directory("down")) == bytes)
        let carried = peer.calls.filter { $0.name != "GetCapabilities" }
        if size >= 5000 { #expect(carried.allSatisfy { $0.received + $0.sent < size / 4 + 600 }, "\(carried)") }
        if size > 512 << 10 { #expect(carried.map(\.name) == ["Write zstd", "Write zstd", "Read zstd from 0"]) }
    }

    /// Sound is compressed already: it is not done again.
    @Test func whatCannotBeCompressedIsSentAsItIs() async throws {
        let peer = CompressingPeer()
        var random = SeededBytes()
        let bytes = random.bytes(3 << 20)
        try await store(peer).store(Digest(of: bytes), from: directory.write(bytes, to: "up"))
        #expect(peer.calls.last?.name == "Write plain")
    }

    /// Never more than the blob has is written, or kept in memory; the blob itself can be had as it is, if it is a large one.
    @Test(arguments: [CompressingPeer.Manner.sendsBombs, .sendsNoise], [5000, 3 << 20])
    func hostileBytesAreRefused(_ manner: CompressingPeer.Manner, size: Int) async throws {
        let peer = CompressingPeer(manner)
        let store = try store(peer)
        let blob = Digest(of: text(size))
        try await store.store(blob, from: directory.write(text(size), to: "up"))
        let isLarge = size > 512 << 10
        #expect(try await store.fetch(blob, to: directory("down")) == isLarge)
        if isLarge {
            #expect(try contents(directory("down")) == text(size))
            #expect(peer.calls.suffix(2).map(\.name) == ["Read zstd from 0", "Read plain from 0"])
        } else {
            #expect(!exists(directory("down")))
            #expect(store.damagedAnswers == 1)
            #expect(try await store.missing(of: [blob]) == [blob], "the next upload replaces it")
        }
    }

    @Test func aBombFillsNoDisk() throws {
        let download = try BlobDownload(Digest(of: text(1000)), to: directory("bomb"), isCompressed: true)
        download.begin()
        #expect(Zstd.expanded([1, 2, 3], size: 10) == nil)
        var bomb: [UInt8] = []
        let compressor = try #require(ZstdCompressor())
        let isMade = [UInt8](repeating: 0, count: 64 << 20).withUnsafeBytes { compressor.compress($0, isLast: true) { bomb += $0 } }
        try #require(isMade)
        #expect(Zstd.expanded(bomb, size: 1000) == nil)
        let message: [UInt8] = [10 << 3 | 2] + lengthPrefix(bomb.count) + bomb
        #expect(!download.take(GRPCFrames.head(length: message.count) + message))
        #expect(FileStatus(directory("bomb")).map(\.size) ?? 0 <= 1000)
        #expect(!download.finish() && !exists(directory("bomb")))
    }

    private func lengthPrefix(_ count: Int) -> [UInt8] {
        count < 0x80 ? [UInt8(count)] : [UInt8(truncatingIfNeeded: count) | 0x80] + lengthPrefix(count >> 7)
    }

    /// A stream that breaks off goes on where it was, in what it expands to.
    @Test func aBrokenStreamGoesOn() async throws {
        let peer = CompressingPeer(.breaksOff)
        let store = try store(peer)
        var random = SeededBytes()
        let bytes = random.bytes(1 << 20).map { $0 & 15 }
        try await store.store(Digest(of: bytes), from: directory.write(bytes, to: "up"))
        #expect(try await store.fetch(Digest(of: bytes), to: directory("down")))
        #expect(try contents(directory("down")) == bytes)
        #expect(peer.calls.filter { $0.name.hasPrefix("Read zstd from") }.count == 2)
    }

    /// A file that is not its blob is never sent whole, though it is compressed.
    @Test func aDamagedFileIsNotSent() async throws {
        let peer = CompressingPeer()
        let bytes = text(3 << 20)
        let path = try directory.write(Array(bytes.dropLast()) + [0], to: "up")
        let error = await #expect(throws: Diagnostic.self) { try await store(peer).store(Digest(of: bytes), from: path) }
        #expect(error?.code == .damagedCache)
        #expect(!peer.calls.contains { $0.name.hasPrefix("Write") })
    }
}
