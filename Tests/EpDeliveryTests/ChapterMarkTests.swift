import EpDelivery
import Testing

@Suite struct ChapterMarkTests {
    private func marks(_ starts: [Double], end: Double) -> [ChapterMark] {
        zip(starts, starts.dropFirst() + [end]).enumerated().map { index, times in
            ChapterMark(title: "Part\n\(index + 1)", start: Timestamp(seconds: times.0), end: Timestamp(seconds: times.1))
        }
    }

    @Test func youTubeLinesFollowItsRule() {
        #expect(marks([0, 75, 3700], end: 3800).youTubeLines == ["0:00 Part 1", "1:15 Part 2", "1:01:40 Part 3"])
        #expect(marks([0, 75], end: 3800).youTubeLines == nil, "fewer than three")
        #expect(marks([1, 75, 100], end: 3800).youTubeLines == nil, "not from the start")
        #expect(marks([0, 75, 84], end: 3800).youTubeLines == nil, "shorter than ten seconds")
        #expect(marks([0, 75, 100], end: 109).youTubeLines == nil, "the last one shorter")
        #expect(marks([0, 100, 75], end: 3800).youTubeLines == nil, "out of order")
        #expect([ChapterMark]().youTubeLines == nil)
    }

    @Test func chaptersJSON() {
        #expect([Sample.chapters[2], Sample.chapters[0]].json(show: Sample.show, episode: Sample.episode) == """
            {
              "version": "1.2.0",
              "title": "How rockets work",
              "podcastName": "Oliver's Workshop",
              "author": "Ada Maker",
              "chapters": [
                {
                  "startTime": 0,
                  "endTime": 12,
                  "title": "Hello"
                },
                {
                  "startTime": 40,
                  "endTime": 62.4,
                  "title": "Goodbye"
                }
              ]
            }

            """)
    }
}
