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

    /// Lines such as `0:00 Hello`, which YouTube turns into chapters; nil where it would not: it wants the first
    /// at 0:00, at least three, in order, and each at least 10 seconds long.
    public var youTubeLines: [String]? {
        let starts = map { $0.start.milliseconds / 1000 }
        guard count >= 3, starts.first == 0, let last, last.end.milliseconds - last.start.milliseconds >= 10_000,
            zip(starts, starts.dropFirst()).allSatisfy({ $1 - $0 >= 10 })
        else { return nil }
        return map { "\($0.start.clock) \($0.title.singleLine)" }
    }
}
