import EpCore
import Testing

@testable import EpScript

struct ReportTests {
    private static let talk = """
        MUSIC: theme

        # How rockets work

        OLIVER
        One two three four.

        MIA (V.O.)
        Five six.

        # The end

        OLIVER
        Seven.

        """

    @Test func countsAndEstimates() {
        let report = ScriptReport(parse(Self.talk))
        #expect(report.cast.map(\.name) == ["OLIVER", "MIA"])
        #expect(report.cast.map(\.lines) == [2, 1])
        #expect(report.cast.map(\.words) == [5, 2])
        #expect(report.words == 7)
        #expect(abs(report.seconds - (7 * 60 / 155.0 + 1.5)) < 1e-9)
        #expect(report.warnings.isEmpty)
    }

    /// Paragraphs of a speech that nobody says, as an empty line has ended it.
    @Test func moreWordsUnderSpeechesThanSpoken() {
        let paragraph = "This is what I have to say about it, and it has a dozen words."
        func script(_ mark: String) -> String {
            "OLIVER\nLet me tell you of bees.\n" + String(repeating: "\n\(mark)\(paragraph)\n", count: 4) + "\nMIA\nThank you.\n"
        }
        let report = ScriptReport(parse(script("")))
        #expect(report.unheardWords == 60 && report.text().contains("\nnot heard: 60 words of action\n"))
        #expect(report.warnings.map { $0.location?.line } == [4])
        #expect(report.warnings.first?.message.contains("60 words stand under speeches and are not spoken, more than the 8 that are") == true)
        for meant in [script("!"), "INT. BARN - DAY\n\n" + script("") , script("").replacing("\n\n", with: "\n  \n")] {
            #expect(!ScriptReport(parse(meant)).warnings.contains { $0.message.contains("under speeches") })
        }
        #expect(!ScriptReport(parse(Self.talk)).text().contains("not heard"))
    }

    @Test func textForPeople() {
        #expect(ScriptReport(parse(Self.talk)).text() == """
            test.fountain: 2 speakers, 3 lines, 7 words, about 4 s

              cast    lines  words
              OLIVER      2      5
              MIA         1      2

              chapters          lines  starts at
              How rockets work      2       0:00
              The end               1       0:03

            1 music cue

            (estimated at 155 words a minute and half a second a line)

            """)
        #expect(
            ScriptReport(parse("Prose.")).text(includingWarnings: false) == "test.fountain: nothing is spoken\n\nnot heard: 1 word of action\n")
        #expect(ScriptReport.length(3725) == "1 h 2 min")
        #expect(ScriptReport.length(185) == "3 min 5 s")
        #expect(ScriptReport.clock(3723) == "1:02:03")
    }

    @Test func valuesForPrograms() {
        let script = parse(Self.talk)
        let elements = script.value["elements"]?.list ?? []
        #expect(elements.count == script.elements.count)
        #expect(elements[0].json() == #"{"kind":"music","text":"theme","span":{"start":0,"end":12,"line":1,"column":1}}"#)
        #expect(elements.allSatisfy { $0["kind"]?.string != nil && $0["text"]?.string != nil && $0["span"]?["start"] != nil })
        #expect(
            script.value["lines"]?.list?[1].json()
                == #"{"speaker":"MIA","delivery":"","text":"Five six.","dual":false,"line":8,"column":1}"#)
        let report = ScriptReport(script).value
        #expect(report["lines"] == .int(3))
        #expect(report["cast"]?.list?.first?["words"] == .int(5))
        #expect(report["chapters"]?.list?[1]["startSeconds"]?.number == 3.3)
    }
}
