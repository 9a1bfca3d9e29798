import EpCore
import EpImport
import Testing

/// EPUB and what pdftotext makes of a PDF.
@Suite struct BookAndPageTests {
    private static func book(_ changes: [String: String] = [:], without missing: String? = nil) -> [UInt8] {
        var files = [
            "mimetype": "application/epub+zip",
            "META-INF/container.xml":
                #"<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"#,
            "OEBPS/book.opf": """
            <package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Of Tides</dc:title><dc:language>en</dc:language></metadata><manifest>
            <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
            <item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/><item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/></manifest>
            <spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/></spine></package>
            """,
            "OEBPS/nav.xhtml": "<html><body><nav><p>Contents</p></nav></body></html>",
            "OEBPS/text/one.xhtml":
                "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title/></head><body><h1>Ebb</h1><p>The water goes.<a id=\"x\"/></p></body></html>",
            "OEBPS/text/two b.xhtml": "<html><body><h1>Flood</h1><p>It comes.</p></body></html>",
        ]
        for (name, text) in changes { files[name] = text }
        if let missing { files[missing] = nil }
        return ZipMaker.archive(files.mapValues { Array($0.utf8) })
    }

    @Test func chaptersAreReadInTheirOrder() throws {
        let adapted = try Adapted(Self.book())
        #expect(adapted.list.title == "Of Tides")
        #expect(adapted.list.language == "en")
        #expect(adapted.shown == ["title Of Tides: Of Tides.", "text Ebb: The water goes.", "text Flood: It comes."])
    }

    @Test func whatABookLacksIsTold() throws {
        #expect(complaint(adapting: Self.book(without: "OEBPS/book.opf")).contains("no list of its chapters"))
        let adapted = try Adapted(Self.book(without: "OEBPS/text/two b.xhtml"))
        #expect(adapted.list.dropped == ["the chapter “OEBPS/text/two b.xhtml”, which is not in the book"])
        #expect(complaint(adapting: Self.book(["OEBPS/book.opf": "<package><unclosed>"])).contains("damaged at line 1 of its XML"))
        let bomb = #"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><package>&b;</package>"#
        #expect(complaint(adapting: Self.book(["OEBPS/book.opf": bomb])).contains("document type"))
        #expect(complaint(adapting: Array(Self.book().dropLast(30))).contains("damaged or cut short"))
        #expect(complaint(adapting: ZipMaker.archive(["a.txt": [65]])).contains("neither EPUB nor Word"))
    }

    /// A chapter of zeros packs into a thousandth of its size.
    @Test func aBombIsNotUnpacked() {
        let bytes = ZipMaker.archive(["META-INF/container.xml": Array(#"<c><rootfile full-path="b.opf"/></c>"#.utf8),
            "b.opf": Array(#"<p><item id="a" href="a" media-type="html"/><itemref idref="a"/></p>"#.utf8), "a": [UInt8](repeating: 48,
            count: 40 << 20)], isPacked: true)
        #expect(complaint(adapting: bytes).contains("holds more than 32 MB"))
    }

    // MARK: what pdftotext tells

    private static func pages(_ count: Int) -> [UInt8] {
        var html =
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Tides</title></head><body><doc>\n"
        func line(_ text: String, at top: Double, height: Double) -> String {
            let words = text.split(separator: " ").map {
                "<word xMin=\"1\" yMin=\"\(top)\" xMax=\"9\" yMax=\"\(top + height)\">\($0)</word>"
            }.joined(separator: "\n")
            return "<line xMin=\"1\" yMin=\"\(top)\" xMax=\"9\" yMax=\"\(top + height)\">\(words)</line>\n"
        }
        func block(_ lines: String...) -> String { "<flow><block>\(lines.joined())</block></flow>" }
        for page in 1...count {
            html += "<page width=\"595\" height=\"842\">" + block(line("Of tides, page \(page)", at: 20, height: 10))
            html += block(line("Chapter \(["one", "two", "three", "four"][page - 1])", at: 100, height: 20))
            html += block(
                line("The water rises and falls be-", at: 140, height: 12), line("cause the Moon pulls. &amp; so on.", at: 155, height: 12))
            html +=
                block(line("• first thing", at: 200, height: 12), line("• second thing", at: 215, height: 12))
                + block(
                    line(
                        "\(page)", at: 800,
                        height: 12)) + "</page>\n"
        }
        return Array((html + "</doc></body></html>").utf8)
    }

    @Test func pagesBecomeSectionsByTheSizeOfTheirHeadings() throws {
        let list = try DocumentReading().scenes(of: Self.pages(3), .pdf, named: "tides.pdf")
        #expect(list.title == "Tides")
        #expect(
            list.scenes.map { "\($0.kind.rawValue) \($0.title): \($0.narration)" } == [
                "title Tides: Tides.",
                "list Chapter one: The water rises and falls because the Moon pulls. & so on. first thing, second thing.",
                "list Chapter two: The water rises and falls because the Moon pulls. & so on. first thing, second thing.",
                "list Chapter three: The water rises and falls because the Moon pulls. & so on. first thing, second thing.",
            ])
        #expect(list.dropped == ["what runs along the edges of the pages: headings and numbers"])
    }

    @Test func pagesWithoutWordsArePictures() throws {
        let empty = Array("<html><body><doc><page width=\"1\" height=\"1\"></page></doc></body></html>".utf8)
        #expect(throws: Diagnostic.self) { try DocumentReading().scenes(of: empty, .pdf, named: "scan.pdf") }
        do {
            _ = try DocumentReading().scenes(
                of: empty, .pdf,
                named: "scan.pdf")
        } catch { #expect(error.message.contains("its pages are pictures") && error.remedy?.contains("ocrmypdf") == true) }
    }
}
