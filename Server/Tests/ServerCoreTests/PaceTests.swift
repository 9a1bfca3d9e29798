import Testing

@testable import ServerCore

@Suite struct PaceTests {
    private let pace = Pace([("ANN", 60, 4), ("ANN", 90, 6), ("ANN", 45, 3), ("BEN", 40, 4), ("BEN", 80, 8)])

    @Test func aLineOfHalfTheTimeIsInDoubt() {
        #expect(
            pace.doubt(of: "ANN", 60, in: 4) == nil && pace.doubt(of: "ANN", 60, in: 3) == nil && pace.doubt(of: "ANN", 60, in: 6) == nil)
        #expect(pace.doubt(of: "ANN", 60, in: 2) == .fast)
        #expect(pace.doubt(of: "ANN", 60, in: 9) == .slow)
    }

    @Test func littleSaysNothing() {
        #expect(pace.doubt(of: "ANN", 10, in: 0.1) == nil, "a word")
        #expect(pace.doubt(of: "BEN", 60, in: 1) == nil, "two lines are no pace")
        #expect(pace.doubt(of: "CAT", 60, in: 1) == nil && pace.doubt(of: "ANN", 60, in: 0) == nil)
    }
}
