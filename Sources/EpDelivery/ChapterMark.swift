import EpCore

/// A chapter of the finished episode.
public struct ChapterMark: Hashable, Sendable {
    public var title: String
    public var start: Timestamp
    public var end: Timestamp

    public init(title: String, start: Timestamp, end: Timestamp) {
        self.title = title
        self.start = start
        self.end = end
    }
}

extension [ChapterMark] {
    /// The chapters file of Podcasting 2.0 (`application/json+chapters`, version 1.2.0), in order of their start.
    public func json(show: ShowFacts, episode: EpisodeFacts) -> String {
        let chapters = sorted { $0.start < $1.start }.map { mark in
            Value.object([
                .init("startTime", .double(mark.start.seconds)),
                .init("endTime", .double(mark.end.seconds)),
                .init("title", .string(mark.title.singleLine)),
            ])
        }
        let document = Value.object([
            .init("version", "1.2.0"),
            .init("title", .string(episode.title.singleLine)),
            .init("podcastName", .string(show.title.singleLine)),
            .init("author", .string(show.author.singleLine)),
            .init("chapters", .list(chapters)),
        ])
        return document.json(indented: true) + "\n"
    }

    /// The chapters as YouTube makes them of lines such as `0:00 Hello`; nil where it would make none: it wants the first
    /// at 0:00, at least three, in order, and each at least 10 seconds long.
    ///
    /// A shorter one, such as an opening, is joined to the one behind it; the last one to the one before.
    public var forYouTube: [ChapterMark]? {
        guard first?.start.milliseconds == 0, zip(self, dropFirst()).allSatisfy({ $0.start <= $1.start }) else { return nil }
        var joined: [ChapterMark] = []
        var start: Timestamp?
        for mark in self {
            let begin = start ?? mark.start
            let seconds = mark.end.milliseconds / 1000 - begin.milliseconds / 1000
            start = seconds < 10 ? begin : nil
            if seconds >= 10 { joined.append(ChapterMark(title: mark.title, start: begin, end: mark.end)) }
        }
        if start != nil, !joined.isEmpty { joined[joined.count - 1].end = self[count - 1].end }
        return joined.count < 3 ? nil : joined
    }
}
