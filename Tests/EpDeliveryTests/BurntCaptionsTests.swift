import EpDelivery
import Testing

/// Captions that are drawn into a picture.
@Suite struct BurntCaptionsTests {
    private func transcript(_ text: String) -> Transcript {
        Transcript([.init(speaker: "Ann", text: text, start: Timestamp(seconds: 61.5), end: Timestamp(seconds: 63.004))])
    }

    private func events(_ captions: BurntCaptions) -> [Substring] {
        captions.text().split(separator: "\n").filter { $0.hasPrefix("Dialogue:") }
    }

    @Test func aCaptionStandsWhileItIsSaid() {
        let captions = BurntCaptions(width: 1280, height: 720, transcript: transcript("Hello there."), end: Timestamp(seconds: 70))
        #expect(events(captions) == ["Dialogue: 0,0:01:01.50,0:01:03.00,Caption,,0,0,0,,Hello there."])
        #expect(captions.text().contains("PlayResX: 1280\nPlayResY: 720\n"))
    }

    @Test func aTitleStandsAllTheTime() {
        let captions = BurntCaptions(width: 720, height: 1280, title: "One\ntwo", end: Timestamp(seconds: 3700))
        #expect(events(captions) == ["Dialogue: 0,0:00:00.00,1:01:40.00,Title,,0,0,0,,One two"])
    }

    /// Whatever somebody says, it is no instruction.
    @Test func marksAreText() {
        let captions = BurntCaptions(width: 720, height: 720, transcript: transcript(#"{\an8}a\Nb \h"#), end: .zero)
        #expect(events(captions)[0].hasSuffix(",,\\{\\\u{2060}an8\\}a\\\u{2060}Nb \\\u{2060}h"))
    }

    /// The lines of an upright picture are shorter, its letters no smaller for its width.
    @Test func linesFitTheShape() {
        let long = "This is a sentence of many words, which do not fit into a line of any picture."
        let lines = [(1280, 720), (720, 720), (720, 1280)].map {
            events(BurntCaptions(width: $0.0, height: $0.1, transcript: transcript(long), end: .zero))
        }
        #expect(lines.map(\.count) == lines.map(\.count).sorted() && lines[2].count > lines[0].count)
        for (events, most) in zip(lines, [42, 32, 24]) {
            for line in events.flatMap({ $0.split(separator: ",,0,0,0,,")[1].split(separator: "\\N") }) { #expect(line.count <= most) }
        }
    }
}
