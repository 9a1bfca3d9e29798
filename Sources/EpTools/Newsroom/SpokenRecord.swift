import EpCore
import EpDelivery
import EpProviders

/// A transcript: what is said in a recording, by whom and when, sentence by sentence.
struct SpokenRecord {
    struct Segment {
        /// Nil if nobody has said who speaks.
        var speaker: String?
        /// Each as it is written, with its marks.
        var words: [TimedWord]

        var text: String { words.map(\.text).joined(separator: " ") }
        var start: Double { words.first?.start ?? 0 }
        var end: Double { words.map(\.end).max() ?? 0 }
    }

    var language: String?
    /// Of the recording.
    var seconds: Double
    /// Who has listened.
    var recognizer: String?
    /// The share of words that the recognizer has heard wrong, where the text is known.
    var errorRate: Double?
    /// In the order of time; none is empty.
    var segments: [Segment]

    /// Sentences of what was heard: they end with a full stop, with a pause, or after many words.
    /// - Parameter words: in the order of time.
    static func segments(of words: [TimedWord]) -> [Segment] {
        var segments: [Segment] = []
        var current: [TimedWord] = []
        for (index, word) in words.enumerated() {
            current.append(word)
            let pause = index + 1 < words.count ? words[index + 1].start - word.end : .infinity
            guard
                pause >= longPause || endsSentence(word.text) || current.count >= mostWords && pause >= shortPause
                    || current.count >= 2 * mostWords
            else { continue }
            segments.append(Segment(words: current))
            current = []
        }
        return segments
    }

    /// In seconds: between sentences where nobody has written full stops.
    private static let longPause = 0.6
    private static let shortPause = 0.1
    private static let mostWords = 30

    /// Sentences of a text that somebody says in one go.
    static func sentences(of words: [TimedWord], by speaker: String?) -> [Segment] {
        var segments: [Segment] = []
        var current: [TimedWord] = []
        for word in words {
            current.append(word)
            guard endsSentence(word.text) else { continue }
            segments.append(Segment(speaker: speaker, words: current))
            current = []
        }
        return current.isEmpty ? segments : segments + [Segment(speaker: speaker, words: current)]
    }

    static func endsSentence(_ word: String) -> Bool {
        let closing: Set<Swift.Character> = ["\"", "'", "”", "’", "»", ")", "]"]
        guard let sign = word.last(where: { !closing.contains($0) }), ".!?…。！？".contains(sign) else { return false }
        return !["mr.", "mrs.", "ms.", "dr.", "st.", "prof.", "vs.", "e.g.", "i.e."].contains(word.lowercased())
    }
}

extension SpokenRecord {
    var value: Value {
        var members: [Value.Member] = []
        if let language { members.append(.init("language", .string(language))) }
        members.append(.init("duration_seconds", .double(Self.rounded(seconds))))
        if let recognizer { members.append(.init("recognizer", .string(recognizer))) }
        if let errorRate { members.append(.init("word_error_rate", .double(Self.rounded(errorRate)))) }
        return .object(members + [.init("segments", .list(segments.map(Self.value)))])
    }

    private static func value(_ segment: Segment) -> Value {
        var members: [Value.Member] = [.init("start", .double(rounded(segment.start))), .init("end", .double(rounded(segment.end)))]
        if let speaker = segment.speaker { members.append(.init("speaker", .string(speaker))) }
        let words = segment.words.map { TimedWord($0.text, from: rounded($0.start), to: rounded($0.end)).value }
        return .object(members + [.init("text", .string(segment.text)), .init("words", .list(words))])
    }

    /// To the millisecond.
    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

    /// Reads what `value` wrote, also after a person has changed it: of a sentence with other words, these get the times of those that they
    /// replace.
    /// - Returns: nil if it is no transcript.
    init?(_ value: Value) {
        guard let list = value["segments"]?.list else { return nil }
        language = value["language"]?.letters
        seconds = value["duration_seconds"]?.number ?? 0
        recognizer = value["recognizer"]?.letters
        errorRate = value["word_error_rate"]?.number
        segments = list.compactMap(Self.segment).sorted { $0.start < $1.start }
    }

    private static func segment(_ value: Value) -> Segment? {
        let told = (value["words"]?.list ?? []).compactMap(TimedWord.init)
        let written = (value["text"]?.letters ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        let start = value["start"]?.number ?? told.first?.start ?? 0
        let end = max(start, value["end"]?.number ?? told.last?.end ?? start)
        let isAsTold = written.isEmpty || written == told.map(\.text)
        let words = isAsTold ? told : WordTimes.times(of: written, heard: told, within: start...end)
        return words.isEmpty ? nil : Segment(speaker: value["speaker"]?.letters, words: words)
    }

    /// For captions and pages.
    var transcript: Transcript {
        Transcript(
            segments.map { segment in
                Transcript.Segment(
                    speaker: segment.speaker ?? "", text: segment.text, start: Timestamp(seconds: segment.start),
                    end: Timestamp(seconds: segment.end),
                    words: segment.words.map { Transcript.Span(start: Timestamp(seconds: $0.start), end: Timestamp(seconds: $0.end)) })
            })
    }

    /// To be read: a paragraph for each turn, with who speaks.
    var plainText: String {
        var paragraphs: [(speaker: String?, text: String, end: Double)] = []
        for segment in segments {
            if let last = paragraphs.last, last.speaker == segment.speaker, segment.speaker != nil || segment.start - last.end < 2 {
                paragraphs[paragraphs.count - 1].text += " " + segment.text
                paragraphs[paragraphs.count - 1].end = segment.end
            } else {
                paragraphs.append((segment.speaker, segment.text, segment.end))
            }
        }
        return paragraphs.map { ($0.speaker.map { "\($0): " } ?? "") + $0.text + "\n" }.joined(separator: "\n")
    }
}
