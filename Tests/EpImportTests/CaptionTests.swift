import EpScript
import Testing

/// SubRip and WebVTT.
@Suite struct CaptionImportTests {
    @Test func sentencesAreJoinedOverCaptions() throws {
        let imported = try Imported("""
            1
            00:00:01,000 --> 00:00:03,000
            SAM: The tide comes in
            <i>twice</i> a day,

            2
            00:00:03,000 --> 00:00:05,000
            and goes out again.

            3
            00:00:05,500 --> 00:00:06,000
            {\\an8}MIA: Why?

            4
            00:00:07,000 --> 00:00:08,000
            SAM: The moon.

            5
            00:00:08,000 --> 00:00:09,000
            [waves]

            6
            00:00:09,000 --> 00:00:10,000
            MIA: Oh.
            """, named: "talk.srt")
        #expect(imported.lines == ["SAM: The tide comes in twice a day, and goes out again.", "MIA: Why?", "SAM: The moon.", "MIA: Oh."])
        #expect(
            imported.doubts.count == 1 && imported.doubts[0].hasPrefix("talk.srt:20: warning: 1 caption is kept as action"),
            "\(imported.doubts)")
    }

    @Test func voicesCommentsAndSettings() throws {
        let imported = try Imported("""
            WEBVTT - Tides

            STYLE
            ::cue { color: red }

            NOTE ask Mia about this

            intro
            00:01.000 --> 00:03.000 align:start
            <v Sam>Hello &amp; welcome.</v>

            00:03.000 --> 00:04.000
            <v.loud Mia>Hi <c.red>there</c>.</v> <v Sam>Shall we?

            00:04.000 --> 00:05.000
            We shall.
            """, named: "talk.vtt")
        #expect(imported.lines == ["Sam: Hello & welcome.", "Mia: Hi there.", "Sam: Shall we?", "Sam: We shall."])
        #expect(imported.doubts.contains { $0.contains("the comment “ask Mia about this” is left out") })
        #expect(imported.doubts.contains { $0.contains("1 caption names nobody and is taken as said by who spoke before: caption 3") })
    }

    /// No numbers, no empty lines, empty lines within, and what captions for the deaf have before names.
    @Test func untidyFiles() throws {
        let imported = try Imported("""
            00:00:01,000 --> 00:00:03,000
            SAM: No number.
            2
            00:00:03,000 --> 00:00:05,000
            (SIGHS) MIA: No gap.

            3
            00:00:04,000 --> 00:00:06,000
            >> SAM: A line

            behind an empty one, at 10:30.

            4
            00:00:07,000 --> 00:00:08,000
            <font color="#fff">MIA: !bang</font>

            5
            00:00:08,000 --> 00:00:09,000
            {\\an8}NOTE this.
            """, named: "a.srt")
        #expect(
            imported.lines == [
                "SAM: No number.", "MIA (SIGHS): No gap.", "SAM: A line behind an empty one, at 10:30.", "MIA: !bang NOTE this.",
            ])
        #expect(imported.doubts == [] && imported.warnings == [])
    }

    /// Settings may stand behind times, and words nowhere; those that do are said.
    @Test func wordsBehindTimesAreSaid() throws {
        let imported = try Imported(
            """
            1
            00:00:01,000 --> 00:00:02,000 X1:40 X2:600 Y1:20 Y2:50
            Sam: Hello.

            2
            00:00:03,000 --> 00:00:04,000 Mia: Yes.
            And no.

            3
            00:00:05,000-->00:00:06,000 align:start line:0 Well: fine.
            """, named: "a.srt")
        let named = try Imported("WEBVTT\n\nintro-1\n00:01 --> 00:02\nSam: hi\n\nMia: not this\n00:03 --> 00:04\nMia: but this\n", named: "a.vtt")
        #expect(named.lines == ["Sam: hi", "Mia: but this"])
        #expect(named.doubts.count == 1 && named.doubts[0].hasPrefix("a.vtt:7: warning: caption 2: “Mia: not this” stands above a time"))
        let headed = try Imported("WEBVTT - a talk\nKind: captions\nSam: lost\n\nSTYLE\n::cue {}\n\n00:01 --> 00:02\nSam: hi\n\nSTYLE\n", named: "a.vtt")
        #expect(headed.lines == ["Sam: hi"] && headed.doubts.map { String($0.prefix(40)) } == [
            "a.vtt:3: warning: caption 1: “Sam: lost”", "a.vtt:11: warning: caption 1: “STYLE” be",
        ])
        #expect(imported.lines == ["Sam: Hello.", "Mia: Yes. And no.", "Well: fine."] && imported.doubts == [])
    }

    /// Captions that a program wrote have no full stops: their lines end all the same, and there may be many.
    @Test func captionsWithoutFullStops() throws {
        let text = (1...2_000).map { "\($0)\n00:00:01,000 --> 00:00:02,000\nwords and words \($0)\n" }.joined()
        let imported = try Imported(text, named: "a.srt")
        #expect(imported.lines.count > 50 && imported.script.lines.allSatisfy { $0.text.count < 400 })
        #expect(
            imported.script.lines.map(\.text).joined(separator: " ") == (1...2_000).map { "words and words \($0)" }.joined(separator: " "))
    }

    @Test func nobodyIsNamed() throws {
        let imported = try Imported(
            "1\n00:00:01,000 --> 00:00:03,000\n- Where is it?\n- Over there.\n\n2\n00:00:04,000 --> 00:00:05,000\nI see it\n\n3\n00:00:05,000 --> 00:00:06,000\nnow.\n",
            named: "a.srt")
        #expect(imported.lines.map { $0.drop { $0 != ":" } } == [": Where is it?", ": Over there.", ": I see it now."])
        #expect(
            imported.doubts.contains { $0.contains("nobody is named") } && imported.doubts.contains { $0.contains("said by somebody else") }
        )
    }
}
