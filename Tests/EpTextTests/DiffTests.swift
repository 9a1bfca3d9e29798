import Testing

@testable import EpText

@Suite struct DiffTests {
    private func diff(_ old: String, _ new: String) -> String {
        UnifiedDiff(LineDiff(from: Array(old.utf8), to: Array(new.utf8)), oldName: "old", newName: "new").text
    }

    @Test func sameTextsHaveNoDifference() {
        #expect(diff("a\nb\n", "a\nb\n") == "")
        #expect(diff("", "") == "")
    }

    @Test func aHunkHasThreeLinesOfContext() {
        #expect(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") == """
            --- old
            +++ new
            @@ -2,7 +2,7 @@
             2
             3
             4
            -5
            +five
             6
             7
             8

            """)
    }

    @Test func aMissingLineEndIsTold() {
        #expect(diff("a\nb", "a\nb\n") == "--- old\n+++ new\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n")
        #expect(diff("", "a") == "--- old\n+++ new\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n")
    }

    @Test func lineEndsOfWindowsAreADifference() {
        #expect(Array(diff("a\n", "a\r\n").utf8) == Array("--- old\n+++ new\n@@ -1 +1 @@\n-a\n+a\r\n".utf8))
    }

    @Test func namesStayOnOneLineAndEndWhereTheyEnd() {
        let diff = UnifiedDiff(LineDiff(from: [], to: [97]), oldName: "my\nfile", newName: "new")
        #expect(diff.text.hasPrefix("--- my file\t\n+++ new\n"))
    }

    /// The one of several equal blank lines that is new stands last.
    @Test func changesStandAsFarDownAsTheyGo() {
        let changes = LineDiff(from: Array("a\n\nb\n".utf8), to: Array("a\n\nc\n\nb\n".utf8)).changes
        #expect(changes == [.init(old: 2..<2, new: 2..<4)])
    }

    @Test(arguments: RandomText.Kind.allCases) func theShortestDifferenceIsFound(_ kind: RandomText.Kind) {
        var random = RandomText(for: "theShortestDifferenceIsFound(\(kind))")
        for _ in 0..<300 {
            let old = random.lines(random.number(0...25), kind)
            let new = random.edited(old, kind, places: 6)
            let diff = LineDiff(from: random.text(old), to: random.text(new))
            #expect(Rebuilt(diff).isRight)
            #expect(diff.changes.reduce(0) { $0 + $1.old.count + $1.new.count } == Self.distance(diff.old.lines, diff.new.lines))
        }
    }

    /// How many lines go and come, by the table that everybody believes.
    private static func distance(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> Int {
        var row = Array(0...new.count)
        for x in old.indices {
            var above = row
            above[0] = x + 1
            for y in new.indices { above[y + 1] = old[x] == new[y] ? row[y] : 1 + min(row[y + 1], above[y]) }
            row = above
        }
        return row[new.count]
    }

    /// Two texts of 10,000 lines with nothing in common but the words, which stand in any order.
    @Test func unrelatedLongTextsAreDoneSoon() {
        var random = RandomText(for: "unrelatedLongTextsAreDoneSoon")
        let (old, new) = (random.lines(10_000, .repetitive), random.lines(10_000, .repetitive))
        let words = random.lines(300, .distinct)
        let mixed = (0..<10_000).map { _ in words[random.number(0...299)] }
        let others = (0..<10_000).map { _ in words[random.number(0...299)] }
        // Of this thread alone: beside all other tests, most of the time is waiting for a processor.
        let start = processorSeconds()
        #expect(Rebuilt(LineDiff(from: random.text(old), to: random.text(new))).isRight)
        #expect(Rebuilt(LineDiff(from: random.text(mixed), to: random.text(others))).isRight)
        let taken = processorSeconds() - start
        print("two differences of 10,000 lines each: \(taken) s")
        #expect(taken < 60)
    }
}

/// The new text made of the old one and the changes.
private struct Rebuilt {
    let isRight: Bool

    init(_ diff: LineDiff) {
        var bytes: [UInt8] = []
        var (next, newNext, isApart) = (0, 0, true)
        for (number, change) in diff.changes.enumerated() {
            isApart = isApart && (number == 0 || change.old.lowerBound > next) && (change.old.count + change.new.count > 0)
            isApart = isApart && change.old.lowerBound - next == change.new.lowerBound - newNext
            bytes += diff.old[next..<change.old.lowerBound] + diff.new[change.new]
            (next, newNext) = (change.old.upperBound, change.new.upperBound)
        }
        bytes += diff.old[next..<diff.old.count]
        isRight = isApart && bytes == diff.new.bytes
    }
}
