@testable import EpCore
import Testing

@Suite struct ActionResultTests {
    let result = ActionResult(
        outputs: [.init(path: "b.wav", digest: Digest(of: [1])), .init(path: "a.json", digest: .empty)],
        servedBy: "espeak-ng 1.51", duration: .milliseconds(12), cost: Cost(microUSD: 340), usage: ["characters": 17])

    @Test func survivesARoundTrip() throws {
        #expect(try ActionResult(encoded: result.encoded(), requireSeal: true) == result)
    }

    @Test func anyFlippedBitIsNoticedOrHarmless() {
        let bytes = result.encoded()
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                if let read = try? ActionResult(encoded: damaged, requireSeal: true) {
                    #expect(read == result, "byte \(index) bit \(bit)")
                }
            }
        }
    }

    @Test func anyTruncationIsNoticed() {
        let bytes = result.encoded()
        for count in 0..<bytes.count {
            #expect(throws: UnusableResult.self) {
                try ActionResult(encoded: Array(bytes.prefix(count)), requireSeal: true)
            }
        }
    }

    @Test func pathsStayInsideTheDirectory() {
        #expect(["a", "a/b.c", "é"].allSatisfy(RelativePath.isClean))
        #expect(!["", "/a", "a//b", "a/", "../a", "a/./b", "a\0"].contains(where: RelativePath.isClean))
    }
}
