import EpDelivery
import Testing

@Suite struct ChapterMarkTests {
    private func marks(_ starts: [Double], end: Double) -> [ChapterMark] {
        zip(starts, starts.dropFirst() + [end]).enumerated().map { index, times in
            ChapterMark(title: "Part\n\(index + 1)", start: Timestamp(seconds: times.0), end: Timestamp(seconds: times.1))
        }
    }

    @Test func chaptersForYouTubeFollowItsRule() {
        func lines(_ marks: [ChapterMark]) -> [String]? {
            marks.forYouTube?.map { "\($0.start.clock) \($0.title.replacing("\n", with: " "))" }
        }
        #expect(lines(marks([0, 75, 3700], end: 3800)) == ["0:00 Part 1", "1:15 Part 2", "1:01:40 Part 3"])
        #expect(
            lines(marks([0, 9.5, 51.6, 98.1], end: 147)) == ["0:00 Part 2", "0:51 Part 3", "1:38 Part 4"], "a short opening is joined")
        #expect(
            lines(marks([0, 20, 40, 45, 90], end: 95)) == ["0:00 Part 1", "0:20 Part 2", "0:40 Part 4"], "in the middle, and at the end")
        #expect(marks([0, 75], end: 3800).forYouTube == nil, "fewer than three")
        #expect(marks([1, 75, 100], end: 3800).forYouTube == nil, "not from the start")
        #expect(marks([0, 75, 84], end: 3800).forYouTube == nil, "two are left, as one is too short")
        #expect(marks([0, 75, 100], end: 109).forYouTube == nil, "two are left, as the last one is too short")
        #expect(marks([0, 100, 75], end: 3800).forYouTube == nil, "out of order")
        #expect([ChapterMark]().forYouTube == nil)
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
