import EpImport
import Testing

@Suite struct MarkdownDocumentTests {
    @Test func sectionsBecomeScenes() throws {
        let adapted = try Adapted("""
            ---
            title: "How a tide works"
            lang: en
            ---
            # How a tide works

            Twice a day the sea *comes* and [goes](https://example.org).

            ## Who pulls?

            The Moon does.
            So does the Sun.

            It takes two things:

            - water
            - a **Moon**

            ## Who said so?

            > The sea follows the Moon.
            >
            > — Bede

            ```python
            level = 2.1
            ```

            The end.
            """)
        #expect(adapted.list.title == "How a tide works")
        #expect(adapted.list.language == "en")
        #expect(adapted.shown == [
            "title How a tide works: Twice a day the sea comes and goes.",
            "list Who pulls?: The Moon does. So does the Sun. It takes two things: water, a Moon.",
            "quote Who said so?: The sea follows the Moon. Bede.", "code Who said so?: ", "text Who said so?: The end.",
        ])
        #expect(adapted.scenes[1].points == ["water", "a Moon"])
        #expect(adapted.scenes[2].text == "The sea follows the Moon.")
        #expect(adapted.scenes[2].by == "Bede")
        #expect(adapted.scenes[3].text == "level = 2.1\n")
        #expect(adapted.scenes[3].minimumSeconds == 6)
        #expect(adapted.list.dropped == [])
    }

    @Test func aSceneKeepsItsNameWhereverItStands() throws {
        let text = "# Tides\n\n## Ebb\n\nThe water goes.\n\n## Flood\n\nThe water comes.\n"
        let before = try Adapted(text).ids
        #expect(before == ["tides", "ebb", "flood"])
        #expect(
            try Adapted(text.replacing("## Ebb", with: "## Spring\n\nHigh water.\n\n## Ebb")).ids == ["tides", "spring", "ebb", "flood"])
        #expect(try Adapted(text.replacing("goes.", with: "goes away.")).ids == before)
    }

    @Test func aLongSectionIsCutBetweenSentences() throws {
        let sentence = "The water rises and falls and rises again. "
        let adapted = try Adapted("# T\n\n## Long\n\n" + String(repeating: sentence, count: 10), longest: 30)
        #expect(adapted.scenes.map(\.kind) == [.title, .text, .text, .text, .text])
        #expect(adapted.scenes.dropFirst().allSatisfy { $0.narration.split(separator: " ").count <= 30 && $0.narration.hasSuffix(".") })
        #expect(Set(adapted.ids).count == 5)
        let words = adapted.scenes.dropFirst().flatMap { $0.narration.split(separator: " ") }
        #expect(words.count == 80)
    }

    @Test func aLongListIsShownInParts() throws {
        let adapted = try Adapted("## Things\n\n" + (1...14).map { "- thing \($0)\n" }.joined())
        #expect(adapted.scenes.map(\.points.count) == [4, 5, 5])
        #expect(adapted.scenes.flatMap(\.points) == (1...14).map { "thing \($0)" })
    }

    @Test func whatCannotBeHeardIsTold() throws {
        let adapted = try Adapted("""
            # T

            | Place | Range |
            |---|---|
            | Fundy | 16 m |
            | Ostend | 4 m |

            ![](nothing.png)

            ![A harbour](img/harbour.png)

            ![A map](https://example.org/map.png)

            <iframe src="https://example.org"></iframe>

            The end[^1].

            [^1]: A note.
            """)
        #expect(adapted.scenes[1].points == ["Fundy: Range 16 m", "Ostend: Range 4 m"])
        #expect(adapted.scenes[2].kind == .image && adapted.scenes[2].image == "img/harbour.png" && adapted.scenes[2].title == "A harbour")
        let told = adapted.list.dropped.joined(separator: "\n")
        for what in ["columns of the table “Place | Range”", "picture without a description (“nothing.png”)", "the picture “A map”",
            "iframe"] { #expect(told.contains(what), "\(told)") }
        #expect(adapted.shown.last?.contains("The end") == true)
    }

    @Test func picturesLieWhereTheDocumentDoes() throws {
        var reading = DocumentReading()
        reading.directory = "documents/en"
        func image(_ path: String) throws -> String {
            try reading.scenes(of: Array("# T\n\n![x](\(path))".utf8), .markdown, named: "a.md").scenes.last?.image ?? ""
        }
        #expect(try image("harbour.png") == "documents/en/harbour.png")
        #expect(try image("../../img/a.png") == "img/a.png")
        for path in ["../../../a.png", "/etc/passwd", "data:x", "file:///etc/passwd", "a\\b.png"] {
            #expect(try image(path) == "", "\(path)")
        }
    }

    @Test(arguments: [
        String(repeating: "> ", count: 20_000) + "deep", String(repeating: "- ", count: 5_000) + "deep",
        String(repeating: "[", count: 30_000),
        String(repeating: "*a_", count: 30_000) + " x",
        "---\ntitle: x\n" + String(repeating: "a", count: 100_000), String(repeating: "# a\n", count: 5_000), "\u{FEFF}# a\r\n\r\nb\r\n",
        "# \u{0}\n\n\u{202E}x",
    ])
    func oddTextsEndWithScenesOrAClearError(text: String) throws {
        do {
            let adapted = try Adapted(text)
            #expect(!adapted.scenes.isEmpty)
            #expect(Set(adapted.ids).count == adapted.scenes.count)
            #expect(adapted.ids.allSatisfy(SceneNames.isName), "\(adapted.ids.prefix(3))")
        } catch {
            #expect("\(error)".contains("document"), "\(error)")
        }
    }
}
