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
        #expect(ScriptReport(parse("Prose.")).text() == "test.fountain: nothing is spoken\n")
        #expect(ScriptReport.length(3725) == "1 h 2 min")
        #expect(ScriptReport.length(185) == "3 min 5 s")
        #expect(ScriptReport.clock(3723) == "1:02:03")
    }

    private func warnings(_ text: String) -> [String] {
        ScriptReport(parse(text)).warnings.map { "\($0.location?.line ?? 0): \($0.message)" }
    }

    @Test func typingErrors() {
        let much = String(repeating: "OLIVER\nHi.\n\nGUARD 1\nHo.\n\n", count: 4)
        #expect(warnings(much + "OLVIER\nHa.\n") == ["25: \"OLVIER\" speaks only once, and is nearly \"OLIVER\""])
        #expect(warnings(much + "@Oliver\nHa.\n").count == 1)
        #expect(warnings(much + "GUARD 2\nHa.\n").isEmpty)
        #expect(warnings("OLIVER\nHi.\n\nOLVIER\nHa.\n").isEmpty)
        #expect(ScriptReport(parse(much + "OLVIER\nHa.\n")).warnings.first?.remedy == "did you mean \"OLIVER\"?")
    }

    @Test func emptyCues() {
        #expect(warnings("@Bob\n\nBOB\nHi") == ["1: \"Bob\" says nothing here"])
        #expect(warnings("BOB\n(waves)\n\nMIA\nHi") == ["1: \"BOB\" says nothing here"])
        #expect(warnings("BOB\nHi\n\nBOB\n\nHo") == ["4: \"BOB\" is read as action here, not as a speaker"])
        #expect(warnings("BOB\nHi\n\nHe waves.\nBOB\nHo") == ["5: \"BOB\" is read as action here, not as a speaker"])
    }

    @Test func unclosedMarks() {
        #expect(warnings("a [[b\n\nc") == ["1: this note is never closed, so it counts as text"])
        #expect(warnings("a\nb /* c") == ["2: this boneyard is never closed, so it counts as text"])
        #expect(warnings("[[a]] /* b */").isEmpty)
    }

    @Test func whatLooksLikeDialogue() {
        #expect(warnings("Oliver: Hello.\n\n**Oliver:** Again.\n\nA thought: none.") == [
            "1: \"Oliver:\" looks like dialogue, but nobody says it", "3: \"Oliver:\" looks like dialogue, but nobody says it",
        ])
        #expect(warnings("OLIVER\nHi.\n\nOliver: Hello.") == ["4: \"Oliver:\" looks like dialogue, but nobody says it"])
        #expect(warnings("Title: x\nAuthor: y\n\nHe said: go.").isEmpty)
    }

    @Test func marksThatAreSpoken() {
        #expect(warnings("BOB\nHi\nSFX: bell") == ["3: this cue stands in a speech, so it is spoken"])
        #expect(warnings("BOB\n(softly) Hi") == ["2: \"(softly)\" stands before the words, so it is spoken"])
        #expect(warnings("x\nsfx: bell") == ["2: this is not heard as a cue"])
        #expect(warnings("SFX:") == ["1: this is not heard as a cue"])
        #expect(warnings("!SFX: bell").isEmpty)
    }

    @Test func valuesForPrograms() {
        let script = parse(Self.talk)
        let elements = script.value["elements"]?.list ?? []
        #expect(elements.count == script.elements.count)
        #expect(elements[0].json() == #"{"kind":"music","text":"theme","span":{"start":0,"end":12,"line":1,"column":1}}"#)
        #expect(elements.allSatisfy { $0["kind"]?.string != nil && $0["text"]?.string != nil && $0["span"]?["start"] != nil })
        #expect(script.value["lines"]?.list?[1].json() == #"{"speaker":"MIA","delivery":"","text":"Five six.","dual":false,"line":8,"column":1}"#)
        let report = ScriptReport(script).value
        #expect(report["lines"] == .int(3))
        #expect(report["cast"]?.list?.first?["words"] == .int(5))
        #expect(report["chapters"]?.list?[1]["startSeconds"]?.number == 3.3)
    }
}
