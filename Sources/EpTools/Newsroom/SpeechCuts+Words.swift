import EpProviders
import EpSound

extension SpeechCuts.Piece {
    /// Where it begins, in seconds of the recording.
    var start: Double { Double(range.lowerBound) / Double(SpeechCuts.sampleRate) }
    var seconds: Double { Double(range.count) / Double(SpeechCuts.sampleRate) }
}

extension SpeechCuts {
    /// Of the whole recording.
    var seconds: Double { pieces.last.map { $0.start + $0.seconds } ?? 0 }

    /// In which piece each of some words is said.
    ///
    /// A cut lies in a pause. Where the words around it were not heard, it is taken to lie at the end of a sentence, if one ends there.
    /// - Parameter isHeard: which of the words have a time that was heard.
    func places(of words: [TimedWord], isHeard: [Bool]) -> [Int] {
        var places = [Int](repeating: 0, count: words.count)
        var first = 0
        for (index, piece) in pieces.enumerated().dropFirst() {
            first = max(first, Self.firstWord(after: piece.start, words, isHeard))
            for word in first..<max(first, words.count) { places[word] = index }
        }
        return places
    }

    private static func firstWord(after cut: Double, _ words: [TimedWord], _ isHeard: [Bool]) -> Int {
        let next = words.firstIndex { ($0.start + $0.end) / 2 >= cut } ?? words.count
        let lower = isHeard[..<next].lastIndex(of: true).map { $0 + 1 } ?? 0
        let upper = isHeard[next...].firstIndex(of: true) ?? words.count
        let ends = (lower...upper).filter { $0 == 0 || SpokenRecord.endsSentence(words[$0 - 1].text) }
        return ends.min { abs($0 - next) < abs($1 - next) } ?? next
    }
}

extension TimedWord {
    func moved(by seconds: Double) -> TimedWord { TimedWord(text, from: start + seconds, to: end + seconds) }

    /// What some vendors tell lies beyond the end of what they were given.
    func within(_ range: ClosedRange<Double>) -> TimedWord {
        let start = min(max(start, range.lowerBound), range.upperBound)
        return TimedWord(text, from: start, to: min(max(end, start), range.upperBound))
    }
}
