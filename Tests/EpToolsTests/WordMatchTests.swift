import EpCore
import EpProviders
import EpSound
import Testing

@testable import EpTools

/// Words of a text, and when they are said by what was heard of them.
@Suite struct WordMatchTests {
    private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    /// One a second.
    private func heard(_ text: String, from start: Double = 0) -> [TimedWord] {
        words(text).enumerated().map { TimedWord($1, from: start + Double($0), to: start + Double($0) + 0.8) }
    }

    @Test func whatWasHeardAsItIsWrittenHasItsTime() {
        let times = WordTimes.times(
            of: words("“Good evening,” he said: 42 bees."), heard: heard("good evening he said forty two bees"), within: 0...8)
        #expect(
            times.map(\.start) == [0, 1, 2, 3, 4, 6] && times[4].end == 5.8
                && times.map(\.text) == words("“Good evening,” he said: 42 bees."))
    }

    @Test func whatWasHeardOtherwiseHasTheTimeOfThat() {
        let times = WordTimes.times(of: words("the ice cold fish"), heard: heard("the nice coloured dish"), within: 0...4)
        #expect(times[0].start == 0 && times[1].start == 1 && times[3].end == 3.8)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0.end <= $1.start + 1e-9 })
    }

    @Test func whatWasNotHeardFollowsTheWordBefore() {
        let times = WordTimes.times(
            of: words("one two three four"), heard: [TimedWord("one", from: 1, to: 2), TimedWord("four", from: 30, to: 31)], within: 0...40)
        #expect(times[1].start == 2 && times[2].end < 3.2 && times[3].start == 30)
    }

    @Test func whereNothingWasHeardWordsShareTheTime() {
        let times = WordTimes.times(of: words("one two"), heard: [], within: 10...10.4)
        #expect(times[0].start == 10 && times[1].end <= 10.4 + 1e-9 && times[0].end == times[1].start)
        #expect(WordTimes.times(of: [], heard: heard("one"), within: 0...1).isEmpty)
        #expect(WordTimes.times(of: ["—", "well"], heard: heard("well"), within: 0...1).map(\.text) == ["—", "well"])
    }

    /// A cut lies in a pause; if nobody knows which words are around it, between two sentences.
    @Test func wordsBelongToThePieceInWhichTheyAreSaid() {
        let rate = SpeechCuts.sampleRate
        let cuts = SpeechCuts(pieces: [(0, 10), (10, 20), (20, 30)].map { SpeechCuts.Piece($0.0 * rate..<$0.1 * rate, isSilent: false) })
        let said = words("a b c. d e f g h. i j k l")
        let times = said.enumerated().map { TimedWord($1, from: Double($0) * 2.5, to: Double($0) * 2.5 + 2) }
        #expect(cuts.places(of: times, isHeard: [Bool](repeating: true, count: 12)) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        let isHeard = [true, true, false, false, false, false, true, true, true, true, true, true]
        #expect(cuts.places(of: times, isHeard: isHeard) == [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2])
    }

    @Test func sentencesEndWithMarksOrPauses() {
        let marked = SpokenRecord.segments(of: heard("Well. Mr. Hill said: “Yes!” And no"))
        #expect(marked.map(\.text) == ["Well.", "Mr. Hill said: “Yes!”", "And no"])
        let unmarked = SpokenRecord.segments(of: heard("one two") + heard("three four", from: 4))
        #expect(unmarked.map(\.text) == ["one two", "three four"])
    }

    /// A person corrects a word: it has the time of what it replaces.
    @Test func aCorrectedTranscriptKeepsItsTimes() throws {
        var record = SpokenRecord(
            language: "en", seconds: 9, recognizer: "x", segments: [.init(speaker: "Ann", words: heard("the night is fish and seas"))])
        var value = record.value.json()
        value = value.replacing("\"text\":\"the night is fish and seas\"", with: "\"text\":\"The knight fishes in seas.\"")
        record = try #require(Value(json: Array(value.utf8)).flatMap(SpokenRecord.init))
        #expect(
            record.segments[0].text == "The knight fishes in seas." && record.segments[0].words[4].start == 5
                && record.segments[0].speaker == "Ann")
    }

    @Test(arguments: [("0:05", 5.0), ("1:02.5", 62.5), ("1:00:01", 3601), ("90:00", 5400)])
    func clocksAreRead(_ text: String, _ seconds: Double) { #expect(ClipBounds.seconds(ofClock: text) == seconds) }

    @Test(arguments: ["", "5", "1:", ":5", "1:60", "1:2:3:4", "a:b", "-1:00", "1:-5"])
    func whatIsNoClockIsNone(_ text: String) { #expect(ClipBounds.seconds(ofClock: text) == nil) }
}
