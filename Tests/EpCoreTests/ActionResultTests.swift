@testable import EpCore
import Testing

@Suite struct ActionResultTests {
    let result = ActionResult(
        outputs: [.init(path: "b.wav", digest: Digest(of: [1])), .init(path: "a.json", digest: .empty)],
        servedBy: "espeak-ng 1.51", duration: .milliseconds(12), cost: Cost(microUSD: 340), usage: ["characters": 17])

    let action = ActionDigest(Digest(of: [7]))

    @Test func survivesARoundTrip() throws {
        let bytes = result.encoded(for: action)
        for entry in [try ResultEntry(canonical: bytes, for: action), try ResultEntry(encoded: bytes, for: action)] {
            #expect(entry.result == result)
            #expect(entry.seal == .bound)
        }
    }

    @Test func isRefusedUnderAnotherAction() {
        let other = ActionDigest(Digest(of: [8]))
        for read in [{ try ResultEntry(canonical: $0, for: $1) }, { try ResultEntry(encoded: $0, for: $1) }]
            as [([UInt8], ActionDigest) throws -> ResultEntry]
        {
            let error = #expect(throws: UnusableResult.self) { try read(result.encoded(for: action), other) }
            #expect(error?.reason == "the result of another action")
        }
    }

    /// What epbuild wrote before entries were bound to their actions is read still, and known for what it is.
    @Test func anOlderEntryIsRead() throws {
        let entry = try ResultEntry(canonical: result.encodedUnbound, for: action)
        #expect(entry.result == result && entry.seal == .unbound)
        #expect(result.encodedUnbound.count < result.encoded(for: action).count)
    }

    /// As it was computed from the format alone; so an older epbuild passes over the new field, and finds the seal that it knows.
    @Test func theOlderSealIsTheSame() {
        let hex = Digest(of: result.encodedUnbound).hex
        #expect(hex == "c81aa42be659160a0fae67569cc90e7496f97afb5c53b2a789f9ed0b074f141d")
    }

    /// What an entry says of a price that nobody knows is kept, and sealed as the rest.
    @Test func anUnknownPriceIsKept() throws {
        let result = ActionResult(outputs: result.outputs, servedBy: "x", cost: Cost(microUSD: 340, unpricedCalls: 2))
        #expect(try ResultEntry(canonical: result.encoded(for: action), for: action).result.cost == Cost(microUSD: 340, unpricedCalls: 2))
    }

    @Test func onlyWhatWasDeclaredIsLeft() {
        let more = ActionResult(
            outputs: result.outputs + [.init(path: "c", digest: .empty), .init(path: "a.json", digest: Digest(of: [2]))], servedBy: "x")
        #expect(more.having(["b.wav", "a.json"])?.outputs == result.outputs)
        #expect(more.having(["b.wav", "d"]) == nil)
        #expect(result.having(["a.json", "b.wav"]) == result)
        #expect(result.having([])?.outputs == [])
    }

    @Test func anyFlippedBitIsNoticedOrHarmless() {
        let bytes = result.encoded(for: action)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                if let read = try? ResultEntry(canonical: damaged, for: action) {
                    #expect(read.result == result && read.seal == .bound, "byte \(index) bit \(bit)")
                }
            }
        }
    }

    @Test func anyTruncationIsNoticed() {
        let bytes = result.encoded(for: action)
        for count in 0..<bytes.count {
            #expect(throws: UnusableResult.self) {
                try ResultEntry(canonical: Array(bytes.prefix(count)), for: action)
            }
        }
    }

    @Test func pathsStayInsideTheDirectory() {
        #expect(["a", "a/b.c", "é"].allSatisfy(RelativePath.isClean))
        #expect(!["", "/a", "a//b", "a/", "../a", "a/./b", "a\0"].contains(where: RelativePath.isClean))
    }
}
