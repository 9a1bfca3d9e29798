/// A word with its times, as whoever listened has told it.
public struct HeardWord: Hashable, Sendable {
    public let text: String
    /// Empty if nobody is to be named.
    public let speaker: String
    public let span: Transcript.Span

    public init(_ text: String, speaker: String = "", from start: Double, to end: Double) {
        (self.text, self.speaker) = (text, speaker)
        span = .init(start: Timestamp(seconds: start), end: Timestamp(seconds: max(start, end)))
    }
}

extension Transcript {
    /// A pause that ends a segment: captions do not stand through it.
    private static let pause: Int64 = 1000

    /// What was heard, in segments that end where somebody else speaks, or nobody for a second.
    public init(_ words: [HeardWord]) {
        var segments: [Segment] = []
        for word in words.sorted(by: { $0.span.start < $1.span.start }) {
            // One entry may hold more than a word: its time is shared out among them.
            let spans = Self.spans(of: word)
            guard !spans.isEmpty else { continue }
            if var last = segments.last, last.speaker == word.speaker, word.span.start.milliseconds - last.end.milliseconds < Self.pause {
                last.text += " \(word.text)"
                last.end = max(last.end, word.span.end)
                last.words += spans
                segments[segments.count - 1] = last
            } else {
                segments.append(.init(speaker: word.speaker, text: word.text, start: word.span.start, end: word.span.end, words: spans))
            }
        }
        self.init(segments)
    }

    private static func spans(of word: HeardWord) -> [Span] {
        let parts = Int64(word.text.words.count), (start, end) = (word.span.start.milliseconds, word.span.end.milliseconds)
        let moments = (0...max(0, parts)).map { Timestamp(milliseconds: start + (end - start) * $0 / max(1, parts)) }
        return zip(moments, moments.dropFirst()).map { .init(start: $0, end: $1) }
    }
}
