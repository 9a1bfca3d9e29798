import Testing

@testable import ServerCore

@Suite struct ByteRangeTests {
    @Test(
        arguments: [
            (nil, ByteRange.whole), ("bytes=0-", .part(0..<1000)), ("bytes=0-0", .part(0..<1)), ("bytes=10-19", .part(10..<20)),
            ("bytes=990-2000", .part(990..<1000)),
            ("bytes=-500", .part(500..<1000)), ("bytes=-2000", .part(0..<1000)), ("bytes=-0", .unsatisfiable),
            ("bytes=1000-", .unsatisfiable),
            ("bytes=1000-1001", .unsatisfiable), ("bytes=5-2", .whole), ("bytes=a-b", .whole), ("bytes=0-1,5-6", .whole),
            ("items=0-1", .whole), ("bytes=-", .whole),
            ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=-1-2", .whole), ("bytes=+1-2", .whole),
        ] as [(String?, ByteRange)])
    func aHeaderAsksFor(_ header: String?, _ range: ByteRange) { #expect(ByteRange(header, of: 1000) == range) }

    @Test func nothingHasNoRange() {
        #expect(ByteRange("bytes=0-", of: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-5", of: 0) == .unsatisfiable)
    }
}
