import Testing

@testable import EpText

@Suite struct MergeTests {
    private let names = ThreeWayMerge.Names(ours: "edited", base: "generated before", theirs: "generated")

    private func merge(
        _ base: String, _ ours: String, _ theirs: String, _ style: ThreeWayMerge.Style = .merge
    ) -> (text: String, conflicts: Int) {
        let merge = ThreeWayMerge(base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8), names: names, style: style)
        return (String(decoding: merge.bytes, as: UTF8.self), merge.conflicts)
    }

    @Test func changesApartAreBothTaken() {
        #expect(merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\nE\n") == ("A\nb\nc\nD\nE\n", 0))
    }

    @Test func theSameChangeIsTakenOnce() {
        #expect(merge("a\nb\n", "a\nx\nb\n", "a\nx\nb\n") == ("a\nx\nb\n", 0))
        #expect(merge("a\nb\n", "", "") == ("", 0))
    }

    @Test func aSideWithoutChangesGivesWay() {
        #expect(merge("a\nb", "a\nb", "c\nd") == ("c\nd", 0))
        #expect(merge("a\nb", "c\nd", "a\nb") == ("c\nd", 0))
    }

    @Test func differentChangesOfOnePlaceAreMarked() {
        #expect(merge("a\nb\nc\n", "a\nB\nc\n", "a\nß\nc\n") == ("a\n<<<<<<< edited\nB\n=======\nß\n>>>>>>> generated\nc\n", 1))
    }

    @Test func whatBothSidesHaveStandsOutsideTheMarks() {
        let (text, conflicts) = merge("a\nb\n", "a\nx\n1\n2\n3\n4\ny\n", "a\nX\n1\n2\n3\n4\nY\n")
        #expect(conflicts == 2 && text.contains(">>>>>>> generated\n1\n2\n3\n4\n<<<<<<< edited\n"), "\(text)")
    }

    @Test func theBaseIsShownIfAskedFor() {
        let (text, _) = merge("a\nb\nc\n", "a\nB\nc\n", "a\nß\nc\n", .diff3)
        #expect(text == "a\n<<<<<<< edited\nB\n||||||| generated before\nb\n=======\nß\n>>>>>>> generated\nc\n")
    }

    @Test func aMarkBeginsALineAndEndsAsTheTextDoes() {
        #expect(merge("a", "b", "c").text == "<<<<<<< edited\nb\n=======\nc\n>>>>>>> generated\n")
        #expect(
            Array(merge("a\r\n", "b\r\n", "c\r\n").text.utf8) == Array("<<<<<<< edited\r\nb\r\n=======\r\nc\r\n>>>>>>> generated\r\n".utf8))
    }

    @Test func marksAreFound() {
        let (text, _) = merge("a\nb\nc\n", "a\nB\nc\n", "a\nß\nc\n")
        #expect(ConflictMarks.find(in: Array(text.utf8)) == 2)
        #expect(ConflictMarks.find(in: Array("\u{FEFF}<<<<<<< x\r\n=======\r\n>>>>>>> y\r\n".utf8)) == 1)
        #expect(ConflictMarks.find(in: Array("<<<<<<<\na\n|||||||\n=======\n>>>>>>>".utf8)) == 1)
        for harmless in [
            "", "Heading\n=======\n", "=======\n", "<<<<<<< a\n", "<<<<<<< a\n=======\n", ">>>>>>> a\n=======\n<<<<<<< b\n",
            "<<<<<<<< a\n=======\n>>>>>>>> b\n",
            "> > >\n<<<<<<< a\n========\n>>>>>>> b\n", " <<<<<<< a\n=======\n>>>>>>> b\n",
        ] {
            #expect(ConflictMarks.find(in: Array(harmless.utf8)) == nil, "\(harmless)")
        }
    }
}
