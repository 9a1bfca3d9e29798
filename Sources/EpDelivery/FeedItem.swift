public import EpCore

/// An episode as the feed offers it: its facts and where its files lie on the web.
public struct FeedItem: Hashable, Sendable {
    /// The sound or video file itself.
    public struct Enclosure: Hashable, Sendable {
        public var url: String
        /// Its media type: `audio/mpeg`.
        public var type: String
        /// Of the whole file: gives the length in bytes and the integrity.
        public var digest: Digest

        public init(url: String, type: String = "audio/mpeg", digest: Digest) {
            self.url = url
            self.type = type
            self.digest = digest
        }
    }

    /// A transcript in one of its formats.
    public struct TranscriptLink: Hashable, Sendable {
        public enum Format: String, Sendable {
            case webVTT = "text/vtt"
            case subRip = "application/x-subrip"
            case json = "application/json"
            case html = "text/html"
        }

        public var url: String
        public var format: Format

        public init(url: String, format: Format) {
            self.url = url
            self.format = format
        }
    }

    public var episode: EpisodeFacts
    public var chapters: [ChapterMark]
    public var enclosure: Enclosure
    public var transcripts: [TranscriptLink]
    /// Of the chapters JSON.
    public var chaptersURL: String?
    /// The episode's page.
    public var link: String?
    public var coverURL: String?

    public init(
        episode: EpisodeFacts, chapters: [ChapterMark] = [], enclosure: Enclosure, transcripts: [TranscriptLink] = [],
        chaptersURL: String? = nil, link: String? = nil, coverURL: String? = nil
    ) {
        self.episode = episode
        self.chapters = chapters
        self.enclosure = enclosure
        self.transcripts = transcripts
        self.chaptersURL = chaptersURL
        self.link = link
        self.coverURL = coverURL
    }
}
