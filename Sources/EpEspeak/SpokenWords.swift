/// When the words of a text are heard, from what a synthesizer tells while it speaks. No time of its own, and no sound.
public struct SpokenWords: Sendable, Equatable {
    /// One word as it is written: what stands between white space.
    public struct Word: Sendable, Equatable {
        public let text: String
        /// In samples from the beginning of the sound.
        public let start: Int
        public let end: Int

        public init(_ text: String, from start: Int, to end: Int) { (self.text, self.start, self.end) = (text, start, end) }
    }

    /// What a synthesizer tells.
    public enum Event: Sendable, Equatable {
        /// A word begins: where in the text, in characters from 0, and when, in samples.
        case word(at: Int, sample: Int)
        /// A clause ends: what follows is silence.
        case end(sample: Int)

        var sample: Int {
            switch self {
            case .word(_, let sample), .end(let sample): sample
            }
        }
    }

    /// In their order; as many as the text has.
    public let words: [Word]

    /// - Parameters:
    ///   - markup: the text in SSML, where that was spoken: its words between tags, none of which stands alone.
    ///   - events: as they come. A written word has several where it is spoken in several (`1984`), and none where it is not spoken (`—`).
    ///   - length: of the sound, in samples.
    public init(of text: String, markup: String? = nil, _ events: [Event], length: Int) {
        let written = text.unicodeScalars.split { $0.properties.isWhitespace }
        let places = Self.places(in: Array((markup ?? text).unicodeScalars), hasTags: markup != nil)
        var starts = [Int?](repeating: nil, count: places.count)
        var ends = [Int]()
        var (next, last) = (0, -1)
        for event in events {
            switch event {
            case .end(let sample): ends.append(sample)
            // What it tells of what lies behind, it has told before.
            case .word(let position, let sample) where position > last:
                last = position
                while next < places.count, position >= places[next].upperBound { next += 1 }
                guard next < places.count else { continue }
                if starts[next] == nil { starts[next] = min(max(sample, 0), length) }
            case .word: continue
            }
        }
        words = zip(written, Self.spans(starts, ends.sorted(), length)).map { word, span in
            Word(String(word), from: span.lowerBound, to: span.upperBound)
        }
    }

    /// Where the words stand; each with the tags that touch it.
    private static func places(in scalars: [Unicode.Scalar], hasTags: Bool) -> [Range<Int>] {
        var isTag = false
        return scalars.indices.split { index in
            if hasTags, scalars[index] == "<" { isTag = true }
            if hasTags, scalars[index] == ">" { isTag = false }
            return !isTag && scalars[index].properties.isWhitespace
        }
    }

    /// A word lasts until the next one begins, or until its clause ends; one that is not spoken takes no time.
    private static func spans(_ starts: [Int?], _ ends: [Int], _ length: Int) -> [ClosedRange<Int>] {
        var spans: [ClosedRange<Int>] = []
        var after = length
        for start in starts.reversed() {
            guard let start else {
                spans.append(after...after)
                continue
            }
            let until = max(start, after), pause = ends.first { $0 > start } ?? until
            spans.append(start...min(until, pause))
            after = start
        }
        return spans.reversed()
    }
}
