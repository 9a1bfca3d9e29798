import EpEspeak
import Testing

/// The times of words from what a synthesizer tells.
@Suite struct SpokenWordsTests {
    private func words(_ text: String, _ events: [SpokenWords.Event], length: Int = 1000) -> [SpokenWords.Word] {
        SpokenWords(of: text, events, length: length).words
    }

    @Test func aWordLastsUntilTheNextOrTheEndOfItsClause() {
        let found = words(
            "One two. Three",
            [.word(at: 0, sample: 0), .word(at: 4, sample: 100), .end(sample: 180), .word(at: 9, sample: 400), .end(sample: 700)])
        #expect(found == [.init("One", from: 0, to: 100), .init("two.", from: 100, to: 180), .init("Three", from: 400, to: 700)])
    }

    /// A number is spoken in several words, a dash in none.
    @Test func whatIsWrittenIsOneWordHoweverItIsSpoken() {
        let found = words(
            "In 1984 — yes & no",
            [
                .word(at: 0, sample: 10), .word(at: 3, sample: 50), .word(at: 4, sample: 90), .word(at: 4, sample: 120),
                .word(at: 10, sample: 200), .word(at: 16, sample: 300),
            ])
        #expect(found.map(\.text) == ["In", "1984", "—", "yes", "&", "no"])
        #expect(found.map(\.start) == [10, 50, 200, 200, 300, 300] && found.map(\.end) == [50, 200, 200, 300, 300, 1000])
    }

    /// A tag belongs to the word that it touches, with its blanks; a sign is written in several letters there.
    @Test func wordsAreFoundBetweenTags() {
        let markup = "<speak>A <b c='d e'>big &amp;</b> dog</speak>"
        let found = SpokenWords(
            of: "A big & dog", markup: markup, [(8, 0), (20, 50), (25, 80), (35, 100)].map { .word(at: $0 - 1, sample: $1) }, length: 200)
        #expect(found.words == [.init("A", from: 0, to: 50), .init("big", from: 50, to: 80), .init("&", from: 80, to: 100), .init("dog", from: 100, to: 200)])
    }

    @Test(
        arguments: [
            ("", [.word(at: 0, sample: 5)]), ("  \n", []), ("One", []), ("One two", [.word(at: 99, sample: 5)]),
            ("One two", [.word(at: 4, sample: -7), .word(at: 0, sample: 3)]),
            ("One", [.word(at: 0, sample: 5000), .end(sample: 1)]),
        ] as [(String, [SpokenWords.Event])])
    func whateverItTellsTimesAreInOrder(_ text: String, _ events: [SpokenWords.Event]) {
        let found = words(text, events)
        #expect(found.count == text.split(whereSeparator: \.isWhitespace).count)
        #expect(found.allSatisfy { (0...1000).contains($0.start) && $0.start <= $0.end && $0.end <= 1000 }, "\(found)")
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.end <= $1.start }, "\(found)")
    }
}
