/// What is said in an episode, by whom and when: the source of captions and transcripts.
public struct Transcript: Hashable, Sendable {
    /// One line of one speaker, as it lies on the timeline.
    public struct Segment: Hashable, Sendable {
        /// The display name; empty if nobody is to be named.
        public var speaker: String
        public var text: String
        public var start: Timestamp
        public var end: Timestamp
        /// Index into the episode's chapters, if it has any.
        public var chapter: Int?
        /// When each word is heard, if the voice provider says so: one entry for each word of `text` (what white
        /// space separates). Another number of entries is ignored, and the time is shared out by characters.
        public var words: [Span]

        public init(
            speaker: String, text: String, start: Timestamp, end: Timestamp, chapter: Int? = nil, words: [Span] = []
        ) {
            self.speaker = speaker
            self.text = text
            self.start = start
            self.end = end
            self.chapter = chapter
            self.words = words
        }
    }

    /// A stretch of the timeline.
    public struct Span: Hashable, Sendable {
        public var start: Timestamp
        public var end: Timestamp

        public init(start: Timestamp, end: Timestamp) {
            self.start = start
            self.end = end
        }
    }

    public var segments: [Segment]

    public init(_ segments: [Segment]) { self.segments = segments }

    /// In which nothing is said.
    public static let empty = Transcript([Segment]())
}
