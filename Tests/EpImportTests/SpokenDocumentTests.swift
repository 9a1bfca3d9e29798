import EpCore
import EpImport
import Testing

/// Captions, transcripts and answers; and what kind of document some bytes are.
@Suite struct SpokenDocumentTests {
    @Test func captionsBecomeScenesBySpeakers() throws {
        let adapted = try Adapted("""
            WEBVTT

            00:01.000 --> 00:03.000
            <v Ann>The tide comes twice

            00:03.000 --> 00:05.000
            <v Ann>a day.

            00:06.000 --> 00:08.000
            <v Ben>Why is that?
            """)
        #expect(adapted.scenes.map { "\($0.speaker): \($0.narration)" } == ["Ann: The tide comes twice a day.", "Ben: Why is that?"])
    }

    @Test func subRipWithoutNamesIsOneVoice() throws {
        let adapted = try Adapted(
            "1\r\n00:00:01,000 --> 00:00:03,000\r\n{\\an8}The <i>tide</i> comes.\r\n\r\n2\r\n00:00:04,000 --> 00:00:05,000\r\nAnd goes.\r\n"
        )
        #expect(adapted.scenes.map(\.narration) == ["The tide comes. And goes."])
        #expect(adapted.scenes[0].speaker == "")
    }

    @Test func aTranscriptIsDividedWhereSomebodyPauses() throws {
        func word(_ text: String, _ start: Double, _ end: Double) -> Value {
            ["word": .string(text), "start": .double(start), "end": .double(end)]
        }
        let words: Value = [word("The", 0, 0.2), word("tide.", 0.2, 0.6), word("It", 3.0, 3.2), word("turns.", 3.2, 3.8)]
        for value in [words, ["words": words, "language": "en"]] as [Value] {
            let bytes = Array(value.json().utf8)
            #expect(try DocumentKind(bytes, named: "words.json") == .transcript)
            let list = try DocumentReading().scenes(of: bytes, .transcript, value: value, named: "words.json")
            #expect(list.scenes.map(\.narration) == ["The tide. It turns."])
        }
        let segments: Value = ["segments": [["text": " One. ", "start": 0, "speaker": "A"], ["text": "Two.", "start": 5, "speaker": "B"]]]
        #expect(try DocumentReading().scenes(of: [], .transcript, value: segments,
            named: "x").scenes.map { "\($0.speaker) \($0.narration)" } == ["A One.", "B Two."])
        #expect(throws: Diagnostic.self) { try DocumentReading().scenes(of: [], .transcript, value: ["other": 1], named: "x") }
    }

    @Test func answersBecomeASceneForEachQuestion() {
        let list = DocumentReading().scenes(
            of: [("Who pulls?", ["The Moon."]), ("What is needed?", ["water", "a Moon"])], title: "Tides", language: "en")
        #expect(
            list.scenes.map { "\($0.kind.rawValue) \($0.title): \($0.narration)" } == [
                "title Tides: Tides.", "text Who pulls?: The Moon.",
                "list What is needed?: water, a Moon.",
            ])
    }

    private static let kinds: [(String, DocumentKind)] = [
        ("# A\n\ntext", .markdown), ("just words", .markdown), ("---\ntitle: x\n---\nwords", .markdown),
        (
            "scenes: are places in a play, and so on",
            .markdown
        ), ("[link](x) begins it", .markdown),
        ("<!doctype html><p>x", .html), ("  <html><body>", .html), ("<h1>x</h1>", .html), ("<?xml version=\"1.0\"?><html/>", .html),
        (
            "%PDF-1.7\n…",
            .pdf
        ), ("\n%PDF-1.4", .pdf),
        ("title: x\nscenes:\n  - { id: a }\n", .scenes), ("# A comment\nscenes:\n- id: a\n", .scenes), ("{\"scenes\": []}", .scenes),
        ("scenes: [ { id: a, narration: x } ]", .scenes),
        ("answers:\n  - question: x\n", .answers), ("- question: x\n  answer: y\n", .answers), ("[{\"question\": 1}]", .answers),
        ("[{\"word\": 1}]", .transcript), ("{ \"text\": \"x\" }", .transcript),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", .captions), ("1\n00:00:01,000 --> 00:00:02,000\nx\n", .captions),
    ]

    /// Whatever its name says.
    @Test(arguments: kinds.indices) func aDocumentIsKnownByWhatIsInIt(index: Int) throws {
        let (text, kind) = Self.kinds[index]
        for name in ["a.md", "a.pdf", "a"] { #expect(try DocumentKind(Array(text.utf8), named: name) == kind, "\(text)") }
    }

    @Test func whatIsNoDocumentIsNamed() {
        let files: [([UInt8], String)] = [
            ([0x89, 0x50, 0x4E, 0x47, 1], "a picture"), (Array("RIFF1234WAVE".utf8), "sound or a film"), ([0xD0, 0xCF, 0x11, 0xE0],
                "an old Word document"), (Array("{\\rtf1}".utf8), "rich text"),
            ([], "empty"), (Array("  \n ".utf8), "empty"), (Array("\u{0}\u{0}\u{0}\u{18}ftypmp42".utf8), "a film"),
        ]
        for (bytes, what) in files { #expect(complaint(adapting: bytes, named: "a.md").contains(what), "\(what)") }
        #expect(complaint(adapting: [UInt8](repeating: 0x61, count: (64 << 20) + 1)).contains("more than 64 MB"))
    }
}
