import Testing

@testable import EpDelivery

@Suite struct CaptionTests {
    private func texts(_ text: String, seconds: Double, _ layout: CaptionLayout = .captions) -> [[String]] {
        Transcript([.init(speaker: "", text: text, start: .zero, end: Timestamp(seconds: seconds))]).captions(layout).map(\.lines)
    }

    @Test func aShortLineStaysWhole() {
        #expect(texts("It's a balloon!", seconds: 1) == [["It's a balloon!"]])
        #expect(texts(" \n ", seconds: 1) == [])
    }

    @Test func linesBreakBetweenSentencesThenClauses() {
        #expect(texts("Welcome to the workshop. Today, something is hissing.", seconds: 4) == [
            ["Welcome to the workshop.", "Today, something is hissing."]
        ])
        #expect(texts("When the air rushes out at the back, the balloon flies on.", seconds: 4) == [
            ["When the air rushes out at the back,", "the balloon flies on."]
        ])
    }

    @Test func captionsBreakBetweenSentences() {
        let text = "The first sentence says something about a rocket. The second one is about the balloon, which is smaller."
        #expect(texts(text, seconds: 7) == [
            ["The first sentence says", "something about a rocket."],
            ["The second one is about the balloon,", "which is smaller."],
        ])
    }

    @Test func abbreviationsDoNotEndASentence() {
        let text = "Everybody in the workshop was waiting for Dr. Grey and the others to come back with the keys of the shed."
        #expect(!texts(text, seconds: 6).joined().contains { $0.hasSuffix("Dr.") })
    }

    @Test func slowSpeechIsCutAtSevenSeconds() {
        let captions = Transcript([
            .init(speaker: "", text: "One, two, three, four, five, six.", start: .zero, end: Timestamp(seconds: 20)),
            .init(speaker: "", text: "Hm.", start: Timestamp(seconds: 30), end: Timestamp(seconds: 50)),
        ]).captions()
        #expect(captions.count >= 4)
        #expect(captions.allSatisfy { $0.end.milliseconds - $0.start.milliseconds <= 7000 })
        #expect(captions.last?.end == Timestamp(seconds: 37))
    }

    @Test func wordTimesAreUsedWhenTheyMatchTheWords() {
        func span(_ start: Double, _ end: Double) -> Transcript.Span {
            .init(start: Timestamp(seconds: start), end: Timestamp(seconds: end))
        }
        let long = "supercalifragilisticexpialidocious, extraordinarily"
        var segment = Transcript.Segment(
            speaker: "", text: "\(long) \(long)", start: .zero, end: Timestamp(seconds: 8),
            words: [span(0, 1), span(1, 2), span(6, 7), span(7, 7.5)])
        let timed = Transcript([segment]).captions()
        #expect(timed.map(\.start.seconds) == [0, 6] && timed.map(\.end.seconds) == [2, 7.5])
        segment.words.removeLast()
        #expect(Transcript([segment]).captions().map(\.start.seconds) == [0, 4])
    }

    @Test func wordsLongerThanALineAreCut() {
        let word = String(repeating: "Donaudampfschifffahrt", count: 9)
        let lines = texts(word, seconds: 9).joined()
        #expect(lines.allSatisfy { $0.count <= 42 } && lines.joined() == word)
    }

    @Test func peopleTalkingAtOnceShareTheTime() {
        let text = "I am saying this at the same time."
        let captions = Transcript([
            .init(speaker: "A", text: text, start: .zero, end: Timestamp(seconds: 4)),
            .init(speaker: "B", text: text, start: .zero, end: Timestamp(seconds: 4)),
            .init(speaker: "C", text: "Wait.", start: Timestamp(seconds: 3.5), end: Timestamp(seconds: 5)),
        ]).captions()
        #expect(captions.map(\.speaker) == ["A", "B", "C"])
        #expect(captions.map(\.start.seconds) == [0, 2, 3.5])
        #expect(captions.map(\.end.seconds) == [2, 3.5, 5])
    }

    @Test func lengthOfManyCaptionsTakesLittleTime() {
        let sentence = "Let it go, and the air rushes out at the back; so the balloon is pushed forward. "
        let segments = (0..<600).map { index in
            Transcript.Segment(
                speaker: index % 2 == 0 ? "A" : "B", text: sentence, start: Timestamp(seconds: Double(index) * 5),
                end: Timestamp(seconds: Double(index) * 5 + 4.5))
        }
        var count = 0
        let time = ContinuousClock().measure { count = Transcript(segments).captions().count }
        print("600 lines in \(count) captions: \(time)")
        #expect(count == 600)
    }

    /// Whatever is said, and whenever: no word is lost, nothing overlaps, nothing is too long.
    @Test(arguments: [CaptionLayout.captions, .transcript, .captions.namingSpeakers])
    func propertiesHoldForRandomTranscripts(_ layout: CaptionLayout) {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            let segments = (0..<Int.random(in: 1...6, using: &random)).map { index in
                let start = Double.random(in: 0...20, using: &random)
                let text = index == 0 ? Sample.hostile.randomElement(using: &random) ?? "" : random.text(300)
                return Transcript.Segment(
                    speaker: "Speaker \(index)", text: text, start: Timestamp(seconds: start),
                    end: Timestamp(seconds: start + Double.random(in: -1...15, using: &random)),
                    words: text.words.map { _ in
                        let start = start + Double.random(in: 0...3, using: &random)
                        return .init(
                            start: Timestamp(seconds: start), end: Timestamp(seconds: start + Double.random(in: -1...1, using: &random)))
                    }.filter { _ in index % 2 == 0 })
            }
            let captions = Transcript(segments).captions(layout)
            #expect(zip(captions, captions.dropFirst()).allSatisfy { $0.end <= $1.start }, "overlap, seed \(seed)")
            #expect(captions.allSatisfy { $0.start < $0.end && $0.end.milliseconds - $0.start.milliseconds <= 7000 }, "time, seed \(seed)")
            #expect(captions.allSatisfy { (1...layout.lines).contains($0.lines.count) }, "lines, seed \(seed)")
            #expect(captions.allSatisfy { $0.lines.allSatisfy { (1...layout.lineCharacters).contains($0.count) } }, "width, seed \(seed)")
            guard !layout.namesSpeakers else { continue }
            for segment in segments where segment.words.isEmpty {
                let said = captions.filter { $0.speaker == segment.speaker }.flatMap(\.lines).joined()
                #expect(letters(said) == letters(segment.text), "words, seed \(seed)")
            }
        }
    }

    /// What a reader must find again: everything but white space and what cannot be shown.
    private func letters(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .control && ![0xFEFF, 0xFFFE, 0xFFFF].contains($0.value)
        }
    }
}
