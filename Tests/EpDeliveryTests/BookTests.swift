import EpCore
import Testing

@testable import EpDelivery

/// A book as Markdown, EPUB and counts, whatever its titles and texts are made of.
@Suite struct BookTests {
    private static let picture = TitleCard(title: "Salt").jpeg()

    private func book(
        _ title: String = "Salt", chapters: [Book.Chapter]? = nil, language: String = "en-GB", pictures: [Book.Picture] = [],
        leftOut: [String] = []
    ) -> Book {
        let scene = Book.Scene(number: 1, title: "One", text: MarkdownText("It was *dark*.\n\n“Who?” said Ann."))
        let other = Book.Scene(number: 2, title: "Two", text: MarkdownText("It was light."))
        return Book(
            title: title, author: "Ann & Co <x>", language: language, identifier: "urn:uuid:9b0e7b3a-5d3c-5bb0-9f3e-0d9e0d2b0c11",
            summary: "A & B",
            date: PublicationDate(iso8601: "2026-11-26"),
            chapters: chapters ?? [Book.Chapter(number: 1, title: "The Bell", scenes: [scene, other])],
            cover: CoverImage(Self.picture), pictures: pictures, disclosures: ["Made by a machine."], leftOut: leftOut)
    }

    // MARK: counts

    @Test(arguments: [
        ("", 0), ("one", 1), ("It’s half-past nine.", 3), ("don't - do", 2), ("a—b", 2), ("3.5 metres, 40%", 4), ("naïve e\u{301}tude", 2),
        ("…!?", 0),
        ("他走到了灯塔。", 6), ("ひらがなとカタカナ", 9), ("GPT在上海", 4), ("مرحبا بالعالم", 2), ("안녕하세요 여러분", 2), ("👩‍👩‍👧 x", 1),
    ])
    func wordsAreCountedAsPeopleCountThem(text: String, count: Int) { #expect(TextCount(text).words == count) }

    @Test func countsOfScenesAndChapters() throws {
        let counts = BookCounts(book(leftOut: ["chapter 1, scene 3: Three"]))
        #expect(counts.words == 9 && counts.value["chapters"]?.list?[0]["scenes"]?.list?[1]["words"]?.number == 3)
        #expect(counts.value["left_out"]?.list == ["chapter 1, scene 3: Three"])
        #expect(
            counts.markdown() == """
                # Salt: 9 words

                | chapter | scene | words |
                |---|---|--:|
                | **1 · The Bell** | | **9** |
                | | 1 · One | 6 |
                | | 2 · Two | 3 |

                *Left out of this book: chapter 1, scene 3: Three.*

                *Made by a machine.*

                """)
    }

    // MARK: the manuscript

    @Test func theManuscript() {
        #expect(
            BookManuscript(book()).markdown()
                == """
                # Salt

                *Ann & Co \\<x\\>*

                ## 1 · The Bell

                It was *dark*.

                “Who?” said Ann.

                * * *

                It was light.

                ---

                *Made by a machine.*

                """.replacing("Ann & Co", with: "Ann \\& Co"))
    }

    /// What a scene calls a heading stands below its chapter's; a line of code that looks like one stays.
    @Test func headingsOfScenesStandBelowTheirChapter() {
        let scene = Book.Scene(number: 1, title: nil, text: MarkdownText("# Top\n\n```\n# code\n```\n\n###### Low\n\n#tag"))
        let text = BookManuscript(book(chapters: [Book.Chapter(number: 1, title: nil, scenes: [scene])])).markdown()
        #expect(text.contains("## 1\n\n### Top\n\n```\n# code\n```\n\n###### Low\n\n#tag"), "\(text)")
    }

    // MARK: EPUB

    @Test func theSameBookGivesTheSameBytes() throws {
        let first = try EPUB(book()).bytes()
        #expect(try EPUB(book()).bytes() == first)
        #expect(try EPUB(book("Pepper")).bytes() != first)
        // Reading systems know the file by these bytes.
        #expect(Array(first[30..<58]) == Array("mimetypeapplication/epub+zip".utf8))
    }

    private static let strange = [
        "Salt & <Pepper> \"q\" 'x'", "🌊 The 潮 Clock", "ملح البحر", "", "   ", "A\u{0}B\u{7}C", "]]> --> <!-- &amp;",
        String(repeating: "very ", count: 400) + "long",
    ]

    @Test(arguments: strange.indices) func strangeTitlesAndTextsAreValid(index: Int) throws {
        guard Programs.has("epubcheck") || Programs.has("java") else { return }
        let title = Self.strange[index]
        let texts = [
            "<script>alert(1)</script>\n\nA <b>bold</b> & <br> &nbsp; &copy; word\n\n<div>\nblock\n</div>\n\n![a map](map.jpg) ![gone](gone.png) [web](https://example.org/?a=1&b=2) [near](other.md)",
            "# Heading\n\n> quote\n\n1. one\n2. two\n\n```\ncode < & >\n```\n\n---\n\n[x](javascript:alert(1)) <mailto:a@b.example> ***both***",
            title, "",
        ]
        let scenes = texts.enumerated().map { Book.Scene(number: $0 + 1, title: title, text: MarkdownText($1)) }
        let picture = try #require(CoverImage(Self.picture))
        let book = book(
            title,
            chapters: [
                Book.Chapter(number: nil, title: "Foreword", scenes: [scenes[0]]), Book.Chapter(number: 1, title: title, scenes: scenes),
            ],
            language: ["en", "ar", "zh-Hant-TW", "de_AT", "not a language", ""][index % 6],
            pictures: [.init(name: "map.jpg", image: picture), .init(name: "unused.jpg", image: picture)], leftOut: [title])
        #expect(book.missingPictures == ["gone.png"])
        try expectValid(book)
    }

    @Test func aVeryLongChapterIsValid() throws {
        guard Programs.has("java") else { return }
        let scene = Book.Scene(
            number: 1, title: nil, text: MarkdownText(String(repeating: "It went on, and on, and *on*.\n\n", count: 20_000)))
        try expectValid(book(chapters: [Book.Chapter(number: 1, title: "Long", scenes: [scene])]))
    }

    /// By the programs that bookshops check with.
    private func expectValid(_ book: Book) throws {
        try Programs.inDirectory { programs in
            try programs.write(EPUB(book).bytes(), to: "book.epub")
            let check = try programs.run(["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", "/usr/bin/epubcheck", "book.epub"])
            #expect(check.status == 0 && !check.output.contains("WARNING") && !check.errors.contains("WARNING"), "\(check)")
            let unpacked = try programs.run(["python3", "-c", "import zipfile; zipfile.ZipFile('book.epub').extractall()"])
            #expect(unpacked.status == 0, "\(unpacked)")
            guard Programs.has("xmllint") else { return }
            let lint = try programs.run(["sh", "-c", "xmllint --noout --nonet EPUB/*.xhtml EPUB/*.opf EPUB/*.ncx META-INF/*.xml"])
            #expect(lint.status == 0 && lint.errors.isEmpty, "\(lint)")
        }
    }

    @Test func pagesSayTheirLanguageAndDirection() {
        let page = EPUBPage(book(language: "ar")).chapter(book().chapters[0], pictures: [:]).text
        #expect(page.contains("lang=\"ar\" xml:lang=\"ar\" dir=\"rtl\""))
        #expect(
            book(language: "he-Latn").direction == "ltr" && book(language: "az-Arab").direction == "rtl"
                && book(language: "x y").languageTag == "und")
    }

    // MARK: reading aloud

    @Test func aChapterIsReadByOneVoice() {
        let scenes = [
            Book.Scene(number: 1, title: "One", text: MarkdownText("(Rain.) *She* said [it](https://example.org).\n\n---\n\n“No.”")),
            Book.Scene(number: 2, title: nil, text: MarkdownText("> @b (softly): ~ no")),
        ]
        let text = BookReading(Book.Chapter(number: 3, title: "The Bell", scenes: scenes), language: "en-GB", speaker: "Reader").fountain()
        #expect(text.hasPrefix("Title: The Bell\n\n# One\n\nREADER\nChapter 3. The Bell.\n\nREADER\nRain. She said it"), "\(text)")
        #expect(text.contains("\n\nREADER\n“No.”\n\n# 2\n\nREADER\nb softly,: no"), "\(text)")
    }

    @Test func longParagraphsAreSaidInSeveralBreaths() {
        let paragraph = String(repeating: "This is one sentence of nine words or so. ", count: 60)
        let text = BookReading(
            Book.Chapter(number: 1, title: nil, scenes: [.init(number: 1, title: nil, text: MarkdownText(paragraph))]), language: "fr",
            speaker: "R"
        ).fountain()
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("This") }
        #expect(lines.count > 2 && lines.allSatisfy { $0.count < 1_000 && $0.hasSuffix(".") } && text.contains("Chapitre 1."))
        #expect(lines.joined(separator: " ") == paragraph.dropLast())
    }

    @Test func metadataForFFmpegIsEscaped() {
        let text = FFMetadata(
            tags: [("title", "a=b;c#d\\e\nf"), ("comment", "")], chapters: [("One; two", 1_024), ("Three", 2_048)], rate: 44_100
        ).text
        #expect(
            text
                == ";FFMETADATA1\ntitle=a\\=b\\;c\\#d\\\\e f\n[CHAPTER]\nTIMEBASE=1/44100\nSTART=0\nEND=1024\ntitle=One\\; two\n[CHAPTER]\nTIMEBASE=1/44100\nSTART=1024\nEND=3072\ntitle=Three\n"
        )
    }
}
