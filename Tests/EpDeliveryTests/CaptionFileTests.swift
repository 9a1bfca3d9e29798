import Testing

@testable import EpDelivery

@Suite struct CaptionFileTests {
    @Test func subRip() {
        let expected = """
            1
            00:00:00,500 --> 00:00:05,000
            Narrator: Welcome to the workshop.
            Today, something on the bench is hissing.

            2
            00:00:05,500 --> 00:00:06,500
            Oliver: It's a balloon!

            3
            00:00:12,250 --> 00:00:15,463
            Let it go, and the air
            rushes out at the back;

            4
            00:00:15,463 --> 00:00:20,250
            so the balloon is pushed forward,
            and that is all that a rocket does.


            """
        #expect(Sample.transcript.subRip() == expected.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
    }

    @Test func webVTT() {
        let vtt = Sample.transcript.webVTT(note: "Synthetic --> voices\n\nhere")
        #expect(vtt.hasPrefix("""
            WEBVTT

            NOTE Synthetic --&gt; voices here

            00:00:00.500 --> 00:00:05.000
            <v Narrator>Welcome to the workshop.
            Today, something on the bench is hissing.

            00:00:05.500 --> 00:00:06.500
            <v Oliver>It's a balloon!

            """))
        #expect(vtt.hasSuffix("a rocket does.\n"))
    }

    @Test func marksInTextAndNamesStayText() {
        let transcript = Transcript([
            .init(speaker: "Q&A <b>\n>", text: "a --> b & <i>c</i>", start: .zero, end: Timestamp(seconds: 2))
        ])
        #expect(transcript.webVTT().hasSuffix("<v Q&amp;A &lt;b&gt; &gt;>a --&gt; b &amp; &lt;i&gt;c&lt;/i&gt;\n"))
        let subRip = transcript.subRip()
        #expect(subRip.contains("a --\u{2060}> b & <\u{2060}i>c<\u{2060}/i>"))
        #expect(subRip.split(separator: "-->").count == 2, "one time line, and no text that looks like one")
    }

    @Test func podcastTranscriptJSON() {
        #expect(Transcript([Sample.transcript.segments[1]]).json() == """
            {
              "version": "1.0.0",
              "segments": [
                {
                  "speaker": "Oliver",
                  "startTime": 5.5,
                  "endTime": 6.5,
                  "body": "It's a balloon!"
                }
              ]
            }

            """)
    }

    @Test func transcriptPage() {
        let page = Sample.transcript.html(show: Sample.show, episode: Sample.episode, chapters: Sample.chapters)
        #expect(page.contains("""
            <h2>Hello</h2>
            <cite>Narrator:</cite>
            <time datetime="PT0S">0:00</time>
            <p dir="auto">Welcome to the workshop. Today, something on the bench is hissing.</p>
            <cite>Oliver:</cite>
            <time datetime="PT5S">0:05</time>
            <p dir="auto">It's a balloon!</p>
            <h2>The balloon</h2>
            <cite>Oliver:</cite>
            """))
    }

    /// ffmpeg finds as many captions in both files as were written, and the whole text in WebVTT, whatever is said.
    @Test(.enabled(if: Programs.has("ffmpeg"))) func ffmpegReadsHostileCaptions() throws {
        let segments = Sample.hostile.enumerated().map { index, text in
            Transcript.Segment(
                speaker: text, text: text, start: Timestamp(seconds: Double(index) * 4), end: Timestamp(seconds: Double(index) * 4 + 3))
        }
        let transcript = Transcript(segments)
        try Programs.inDirectory { programs in
            try programs.write(transcript.subRip().utf8, to: "a.srt")
            try programs.write(transcript.webVTT(note: "<b>a --> b\n\n").utf8, to: "a.vtt")
            for (file, layout) in [("a.srt", CaptionLayout.captions.namingSpeakers), ("a.vtt", .captions)] {
                let probe = try programs.run([
                    "ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", file,
                ])
                #expect(probe.output == "\(transcript.captions(layout).count)\n" && probe.errors == "", "\(file)")
            }
            let text = try programs.run(["ffmpeg", "-v", "error", "-i", "a.srt", "-f", "webvtt", "-"]).output
            for said in ["alert(1)", "</title>", "]]>", "family 🇬🇧🇨🇭", "שלום עולם", "q"] {
                let plain = said.replacing(">", with: "&gt;").replacing("<", with: "&lt;")
                #expect(
                    text.replacing("\u{2060}", with: "").contains(said) || text.replacing("\u{2060}", with: "").contains(plain), "\(said)")
            }
        }
    }
}
