import EpCore

/// Finds the parts of a recording that stand for themselves: a question and its answer, or what somebody tells in one go.
struct ClipsWriter {
    private static let count = 3
    /// In seconds.
    private static let shortest = 8.0
    private static let longest = 45.0
    /// What is heard before the first word and behind the last one, where nobody speaks then.
    private static let lead = 0.15
    private static let tail = 0.35
    private let spoken: SpokenPassages
    private let variation: String

    init(_ prompt: Prompt) throws(Diagnostic) {
        spoken = try SpokenPassages(prompt)
        variation = prompt.variation
    }

    func document() -> Value {
        .object([.init("clips", .list(chosen.map(value))), .init("made_by", .string(OfflineWriter.madeByTranscript))])
    }

    /// The best ones, in the order of time, none of which has anything of another.
    private var chosen: [Range<Int>] {
        var ranked = candidates.sorted { (worth($1), $0.lowerBound) < (worth($0), $1.lowerBound) }
        if !variation.isEmpty { ranked = StableHash.rotated(Array(ranked.prefix(5)), by: variation) }
        var found: [Range<Int>] = []
        for range in ranked where found.count < Self.count && !found.contains(where: { $0.overlaps(range) }) { found.append(range) }
        // Of a recording that has nothing better, the whole.
        if found.isEmpty { found = [0..<spoken.passages.count] }
        return found.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// From each sentence that may begin a clip to each that may end it: an answer goes on until somebody else speaks.
    private var candidates: [Range<Int>] {
        let passages = spoken.passages
        return spoken.openings.flatMap { first in
            (first..<passages.count).filter { last in
                guard (Self.shortest...Self.longest).contains(passages[last].end - passages[first].start), !passages[last].isQuestion else {
                    return false
                }
                guard let host = spoken.host else { return true }
                return passages[last].speaker != host
                    && (last + 1 == passages.count || passages[last + 1].speaker != passages[last].speaker)
            }.map { first..<$0 + 1 }
        }
    }

    /// What its sentences are worth; a clip that goes on and on is worth less.
    private func worth(_ range: Range<Int>) -> Double {
        let passages = spoken.passages[range]
        let seconds = (passages.last?.end ?? 0) - (passages.first?.start ?? 0)
        let questions = passages.count(where: \.isQuestion)
        let leaning = passages.first?.sentence.isDependent == true ? 0.5 : 0
        let said = passages.filter { $0.speaker != spoken.host || spoken.host == nil }
        return said.map { max(-1, spoken.worth($0)) }.reduce(0, +) / (6 + seconds / 5) - Double(max(0, questions - 1)) * 0.3 - leaning
    }

    private func value(_ range: Range<Int>) -> Value {
        let passages = Array(spoken.passages[range])
        let answered = passages.filter { $0.speaker != spoken.host }
        let said = answered.isEmpty ? passages : answered
        let best = said.max { spoken.worth($0) < spoken.worth($1) } ?? passages[0]
        let before = range.lowerBound > 0 ? spoken.passages[range.lowerBound - 1].end : 0
        let after = range.upperBound < spoken.passages.count ? spoken.passages[range.upperBound].start : .infinity
        let start = max(before, passages[0].start - Self.lead), end = min(after, passages[passages.count - 1].end + Self.tail)
        return .object([
            .init("title", .string(Self.title(of: passages[0], spoken))), .init("start_seconds", .double(Self.rounded(start))),
            .init("end_seconds", .double(Self.rounded(end))), .init("quote", .string(best.text)),
        ] + (best.speaker.isEmpty ? [] : [.init("speaker", .string(spoken.fullName(best.speaker)))]))
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }

    /// A question as it was asked, without whom it was put to; of anything else, its first words.
    static func title(of passage: SpokenPassages.Passage, _ spoken: SpokenPassages) -> String {
        var words = passage.sentence.words
        let names = Set(spoken.speakers.map(Words.bare))
        if words.count > 3, let first = words.first, first.hasSuffix(","), names.contains(Words.bare(first)) { words.removeFirst() }
        if words.count > 4, ["and", "but", "so"].contains(Words.bare(words[0])) { words.removeFirst() }
        let isWhole = words.count <= 10
        let text = Words.capitalized(words.prefix(isWhole ? 10 : 8).joined(separator: " "))
        return isWhole ? (passage.isQuestion ? text : Sentence.trimmingEnd(text)) : Sentence.trimmingEnd(text) + " …"
    }
}
