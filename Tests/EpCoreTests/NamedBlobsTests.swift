import Testing

@testable import EpCore

@Suite struct NamedBlobsTests {
    private let file = Digest(of: Array("file".utf8))
    private let tree = Digest(of: Array("tree".utf8))
    private let log = Digest(of: Array("log".utf8))

    /// A field with bytes.
    private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2] + varint(bytes.count) + bytes }
    private func varint(_ number: Int) -> [UInt8] { number < 128 ? [UInt8(number)] : [UInt8(number & 127) | 128] + varint(number >> 7) }
    private func digest(_ digest: Digest) -> [UInt8] { field(1, Array(digest.hex.utf8)) + [2 << 3, UInt8(digest.size)] }

    @Test func ownResultsNameTheirOutputs() throws {
        let outputs = ["a.txt", "b/c.txt"].map { ActionResult.Output(path: $0, digest: Digest(of: Array($0.utf8))) }
        let result = ActionResult(outputs: outputs, servedBy: "x")
        let named = try NamedBlobs(ofResult: result.encoded(for: ActionDigest(log), signatures: ["k:s"]))
        #expect(named.files == outputs.map(\.digest) && named.trees.isEmpty)
    }

    @Test func anotherClientNamesTreesAndLogs() throws {
        let output = field(1, Array("out".utf8)) + field(2, digest(file))
        let directory = field(1, Array("dir".utf8)) + field(3, digest(tree))
        let message = field(2, output) + field(3, directory) + [4 << 3, 0] + field(6, digest(log)) + field(8, digest(.empty))
        let named = try NamedBlobs(ofResult: message)
        #expect(named.files == [file, log, .empty] && named.trees == [tree])
    }

    @Test func aTreeNamesTheFilesOfAllItsDirectories() throws {
        let node = field(1, Array("f".utf8)) + field(2, digest(file))
        let below = field(1, field(1, Array("g".utf8)) + field(2, digest(log)))
        // What is a directory in a directory is a child, too: its own digest names nothing.
        let root = field(1, node) + field(2, field(1, Array("d".utf8)) + field(2, digest(tree)))
        #expect(try NamedBlobs.files(ofTree: field(1, root) + field(2, below)) == [file, log])
    }

    @Test func whatIsNoMessageIsRefused() {
        let wrong: [[UInt8]] = [
            [0xff], [0x12, 5, 1], [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x0b], [0x00, 1],
            field(2, field(2, field(1, Array("no digest".utf8)))),
            field(6, field(1, Array(file.hex.utf8)) + [2 << 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
        ]
        for bytes in wrong { #expect(throws: UnusableResult.self, "\(bytes)") { try NamedBlobs(ofResult: bytes) } }
    }

    /// Whatever comes over the network, it is read to its end or refused.
    @Test func damageNeverTraps() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("NamedBlobsTests seed: \(seed)")
        var random = SeededGenerator(state: seed)
        let whole = ActionResult(outputs: [.init(path: "a", digest: file), .init(path: "b", digest: log)], servedBy: "x").encoded(
            for: ActionDigest(tree))
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? NamedBlobs(ofResult: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
            _ = try? NamedBlobs.files(ofTree: bytes)
        }
    }
}

/// SplitMix64.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
