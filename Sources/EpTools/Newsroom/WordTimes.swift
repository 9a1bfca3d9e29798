import EpProviders
import EpText

/// When the words of a text are said, by what a recognizer has heard of them.
///
/// A word that was heard as it is written has the time of that; what lies between two such words shares the time between them.
enum WordTimes {
    /// A word alone, as recognizers hear it: of a written word there may be none or several.
    private struct Token {
        let text: String
        /// Which written word it is of.
        let word: Int
    }

    private struct Span {
        var start: Double
        var end: Double
    }

    /// - Parameters:
    ///   - words: as they are written.
    ///   - heard: in the order of time.
    ///   - range: where in the recording they are said, in seconds.
    /// - Returns: a time for each of the words, in their order.
    static func times(of words: [String], heard: [TimedWord], within range: ClosedRange<Double>) -> [TimedWord] {
        match(words, heard: heard, within: range).words
    }

    /// The same; and which words were heard as they are written.
    static func match(_ words: [String], heard: [TimedWord], within range: ClosedRange<Double>) -> (words: [TimedWord], isHeard: [Bool]) {
        let written = words.enumerated().flatMap { index, word in HeardWords.of(word).map { Token(text: $0, word: index) } }
        let sounds = heard.flatMap { word in
            let tokens = HeardWords.of(word.text)
            return tokens.enumerated().map { (text: $1, span: part($0, of: tokens.count, Span(start: word.start, end: word.end))) }
        }
        let pairs = WordPairs(between: written.map(\.text), and: sounds.map(\.text)).pairs
        var spans = [Span?](repeating: nil, count: written.count)
        var before = (old: -1, new: -1)
        for pair in pairs + [(old: written.count, new: sounds.count)] {
            let gap = before.old + 1..<pair.old
            if !gap.isEmpty {
                let start = before.new >= 0 ? sounds[before.new].span.end : range.lowerBound
                let end = pair.new < sounds.count ? sounds[pair.new].span.start : range.upperBound
                let between = sounds[before.new + 1..<pair.new].map(\.span)
                share(written[gap], from: start, to: end, between, into: &spans, at: gap.lowerBound)
            }
            if pair.old < written.count { spans[pair.old] = sounds[pair.new].span }
            before = pair
        }
        let heardWords = Set(pairs.map { written[$0.old].word })
        return (joined(words, written, spans, from: range.lowerBound), words.indices.map(heardWords.contains))
    }

    private static func part(_ index: Int, of count: Int, _ span: Span) -> Span {
        let step = (span.end - span.start) / Double(count)
        return Span(start: span.start + step * Double(index), end: span.start + step * Double(index + 1))
    }

    /// About how long a letter takes, in seconds: words of which nothing was heard follow the one before them so fast.
    private static let letterSeconds = 0.08

    /// Gives words that were not heard as they are written the time of what was heard in their place.
    private static func share(
        _ tokens: ArraySlice<Token>, from start: Double, to end: Double, _ heard: [Span], into spans: inout [Span?], at place: Int
    ) {
        let letters = tokens.map { Double($0.text.count + 1) }
        let total = letters.reduce(0, +)
        var span = Span(start: heard.first?.start ?? start, end: heard.last?.end ?? min(max(start, end), start + total * letterSeconds))
        span.end = max(span.start, span.end)
        var passed = 0.0
        for (index, length) in letters.enumerated() {
            let length = (span.end - span.start) * length / total
            spans[place + index] = Span(start: span.start + passed, end: span.start + passed + length)
            passed += length
        }
    }

    /// Signs that nobody says stand where the word before them ends.
    private static func joined(_ words: [String], _ tokens: [Token], _ spans: [Span?], from start: Double) -> [TimedWord] {
        var times = [Span?](repeating: nil, count: words.count)
        for (token, span) in zip(tokens, spans) {
            guard let span else { continue }
            times[token.word] = Span(start: times[token.word]?.start ?? span.start, end: max(times[token.word]?.end ?? 0, span.end))
        }
        var end = start
        return zip(words, times).map { word, time in
            let start = max(end, time?.start ?? end)
            end = max(start, time?.end ?? end)
            return TimedWord(word, from: start, to: end)
        }
    }
}
