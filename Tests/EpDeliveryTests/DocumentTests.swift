import EpCore
import Testing

@testable import EpDelivery

@Suite struct DocumentTests {
    @Test func showNotes() {
        #expect(ShowNotes(show: Sample.show, episode: Sample.episode, chapters: Sample.chapters).markdown() == """
            # How rockets work

            *Oliver's Workshop* · Season 1, episode 1 · 2026-03-01 · 1:02

            Why does a rocket fly where there is no air?

            ## What you will learn

            - Push the gas back, and the gas pushes you forward

            ## Chapters

            0:00 Hello\\
            0:12 The balloon\\
            0:40 Goodbye

            ## Cast

            - **Narrator**: synthetic voice (espeak-ng, en-gb)
            - **Oliver**: Host, synthetic voice (flite, rms)
            - **Ada Maker**: Writer

            The voices of Narrator (espeak-ng, en-gb) and Oliver (flite, rms) are synthetic: a computer speaks.

            ## Sources

            - [Newton's Principia](<https://example.org/principia?book=1&part=2>)
            - A balloon

            © 2026 Ada Maker

            """)
    }

    @Test func notesSayOnlyWhatIsKnown() {
        let episode = EpisodeFacts(title: "Bare", summary: "", duration: .zero, guid: "x")
        var show = ShowFacts(title: "S", description: "", author: "", link: "", guid: Sample.show.guid)
        show.copyright = "© "
        #expect(ShowNotes(show: show, episode: episode).markdown() == "# Bare\n\n*S* · 0:00\n")
        #expect(ShowNotes(show: show, episode: episode, chapters: [Sample.chapters[1]]).markdown().contains("- The balloon (0:12)"))
        show.copyright = "© 2026 Me"
        #expect(ShowNotes(show: show, episode: episode).markdown().hasSuffix("\n© 2026 Me\n"))
    }

    @Test func disclosureAlwaysNamesSyntheticVoices() {
        var episode = Sample.episode
        episode.disclosure = "A language model wrote the script."
        #expect(episode.aiDisclosure == "A language model wrote the script. The voices of Narrator (espeak-ng, en-gb)"
            + " and Oliver (flite, rms) are synthetic: a computer speaks.")
        episode.people = [Sample.cast[1]]
        episode.disclosure = nil
        #expect(episode.aiDisclosure == "The voice of Oliver (flite, rms) is synthetic: a computer speaks.")
        episode.people = [Sample.cast[2]]
        #expect(episode.aiDisclosure == nil)
    }

    @Test func onlyLinksOfTheWebBecomeLinks() {
        #expect(Markdown.link("a]b", to: "javascript:alert(1)") == "a\\]b")
        #expect(Markdown.link("a", to: "https://e.example/x y>(z)\n") == "[a](<https://e.example/x%20y%3E%28z%29>)")
        #expect(WebAddress(file: "../ä b.mp3").text == "../%C3%A4%20b.mp3")
    }

    /// Pages and notes with every hostile text in every place, read by the HTML parser of Python's library and by a
    /// CommonMark parser: the same elements as harmless texts give, and every text found again.
    @Test(.enabled(if: Programs.has("python3"))) func hostileTextsStayTexts() throws {
        guard let python = Python.path else { return }
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let texts = Sample.hostile + (0..<60).map { _ in random.text(50) }
        try Programs.inDirectory { programs in
            var cases: [Value] = []
            for text in texts where !text.singleLine.isEmpty { cases.append(Self.documents(text)) }
            try programs.write(Value.list(cases).json().utf8, to: "cases.json")
            try programs.write(Value.list([Self.documents("harmless")]).json().utf8, to: "harmless.json")
            try programs.write(Self.check.utf8, to: "check.py")
            let outcome = try programs.run([python, "check.py"])
            #expect(outcome.status == 0, "seed \(seed): \(outcome.errors.suffix(2000))")
            #expect(outcome.output == "\(cases.count) cases\n")
        }
    }

    private static func documents(_ text: String) -> Value {
        var (show, episode) = (Sample.show, Sample.episode)
        (show.title, show.copyright) = (text, text)
        (episode.title, episode.summary, episode.learningPoints, episode.disclosure) = (text, text.singleLine, [text], text)
        episode.sources = [.init(text, url: "https://example.org/")]
        episode.people = [Person(name: text, role: .init(text), voice: .synthetic(provider: text, voice: text))]
        let chapters = [ChapterMark(title: text, start: .zero, end: Timestamp(seconds: 9))]
        let transcript = Transcript([.init(speaker: text, text: text, start: .zero, end: Timestamp(seconds: 9), chapter: 0)])
        let page = EpisodePage(
            show: show, episode: episode, chapters: chapters, transcript: transcript,
            files: .init(audio: text, cover: text, captions: text))
        return [
            "text": .string(text.singleLine), "page": .string(page.html()),
            "transcript": .string(transcript.html(show: show, episode: episode, chapters: chapters)),
            "notes": .string(ShowNotes(show: show, episode: episode, chapters: chapters).markdown()),
        ]
    }

    private static let check = """
        import json
        from html.parser import HTMLParser
        from markdown_it import MarkdownIt
        class Reader(HTMLParser):
            def __init__(self):
                super().__init__()
                self.tags, self.open, self.text = [], [], []
            def handle_starttag(self, tag, attributes):
                self.tags.append((tag, [name for name, _ in attributes]))
                if tag not in ("meta", "img", "source", "track", "br"):
                    self.open.append(tag)
            def handle_endtag(self, tag):
                assert self.open.pop() == tag, tag
            def handle_data(self, data):
                self.text.append(data)
        def read(html):
            reader = Reader()
            reader.feed(html)
            reader.close()
            assert not reader.open, reader.open
            return reader
        def documents(case):
            notes = MarkdownIt("commonmark").render(case["notes"])
            return {"page": case["page"], "transcript": case["transcript"], "notes": notes}
        harmless = {name: read(html).tags for name, html in documents(json.load(open("harmless.json"))[0]).items()}
        cases = json.load(open("cases.json", encoding="utf-8"))
        for case in cases:
            for name, html in documents(case).items():
                found = read(html)
                assert found.tags == harmless[name], (case["text"], name, found.tags, html)
                count = sum(text.strip(" \\n").count(case["text"]) for text in found.text)
                assert count >= 6 or name == "transcript" and count >= 4, (case["text"], name, count, html)
        print(len(cases), "cases")

        """
}
