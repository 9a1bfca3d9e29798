import Testing

@testable import EpPlan

@Suite struct DraftMarkTests {
    @Test(arguments: [
        ("a.mp3", "DRAFT-a.mp3"), ("clips/1.mp4", "clips/DRAFT-1.mp4"), ("DRAFT-a.mp3", "DRAFT-a.mp3"), ("DRAFT-x/a", "DRAFT-x/DRAFT-a"),
    ])
    func theLastNameIsMarkedOnce(_ path: String, _ marked: String) {
        #expect(DraftMark.marked(path) == marked)
        #expect(DraftMark.isMarked(marked))
    }
}
