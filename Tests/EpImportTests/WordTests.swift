import Testing

/// Word documents, made here.
@Suite struct WordTests {
    private let head = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"

    private func document(_ body: String, more: [String: String] = [:]) -> [UInt8] {
        var files = more.mapValues { Array($0.utf8) }
        files["word/document.xml"] = Array("\(head)\(body)</w:body></w:document>".utf8)
        return ZipMaker.archive(files)
    }

    private func p(_ text: String, style: String? = nil) -> String {
        "<w:p>\(style.map { "<w:pPr><w:pStyle w:val=\"\($0)\"/></w:pPr>" } ?? "")<w:r><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
    }

    private func row(_ cells: String...) -> String { "<w:tr>\(cells.map { "<w:tc>\(p($0))</w:tc>" }.joined())</w:tr>" }

    @Test func paragraphsAndRuns() throws {
        let styles = "<w:styles><w:style w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>"
        let body = [
            p("The Tide", style: "berschrift1"), "<w:p><w:r><w:t>Sa</w:t></w:r><w:r><w:t>m: Hel</w:t></w:r><w:r><w:t>lo.</w:t></w:r></w:p>",
            p("Mia: Hi."), p(""),
            "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Sam</w:t></w:r><w:r><w:tab/><w:t>Shall we</w:t><w:br/><w:t>begin?</w:t></w:r></w:p>",
            p("Mia (laughing): Yes."), p("And now."),
        ].joined()
        let imported = try Imported(document(body, more: ["word/styles.xml": styles]), named: "talk.docx")
        #expect(imported.lines == ["Sam: Hello.", "Mia: Hi.", "Sam: Shall we begin?", "Mia (laughing): Yes. And now."])
        #expect(imported.chapters == ["The Tide"])
        #expect(
            imported.doubts.count == 1
                && imported.doubts[0].contains("1 paragraph names nobody and is taken as said by who spoke before: paragraph 7"),
            "\(imported.doubts)")
    }

    @Test func changesCommentsAndNotes() throws {
        let body = """
            <w:p><w:r><w:t>Sam: It is </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:ins><w:r><w:t>always </w:t></w:r></w:ins>\
            <w:r><w:t>wet.</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>\
            <w:p><w:moveFrom><w:r><w:t>Mia: Moved.</w:t></w:r></w:moveFrom></w:p>\(p("Sam: Dry?"))<w:p><w:moveTo><w:r><w:t>Mia: Moved.</w:t></w:r></w:moveTo></w:p>\
            <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>Mia: Yes.</w:t></w:r></w:p>
            """
        let more = [
            "word/comments.xml": "<w:comments><w:comment w:id=\"0\">\(p("Really?"))</w:comment></w:comments>",
            "word/footnotes.xml":
                "<w:footnotes><w:footnote>\(p(""))</w:footnote><w:footnote w:id=\"2\">\(p("Source: the sea."))</w:footnote></w:footnotes>",
            "word/header1.xml": "<w:hdr>\(p("Tide Tables"))</w:hdr>", "word/footer1.xml": "<w:ftr>\(p("12"))</w:ftr>",
        ]
        let imported = try Imported(document(body, more: more), named: "talk.docx")
        #expect(imported.lines == ["Sam: It is always wet.", "Sam: Dry?", "Mia: Moved.", "Mia: Yes."])
        for words in [
            "comment “Really?” is left out", "footnote “Source: the sea.” is left out", "“never” is deleted", "“Mia: Moved.” is deleted",
            "hidden text “secret”", "“Tide Tables” at the edge",
        ] {
            #expect(imported.doubts.count { $0.contains(words) } == 1, "\(words): \(imported.doubts)")
        }
        #expect(imported.doubts.count == 6, "\(imported.doubts)")
    }

    @Test func tablesAndTextBoxes() throws {
        let box = """
            <w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>\(p("Sam: In a box."))</w:txbxContent></w:drawing></mc:Choice>\
            <mc:Fallback><w:pict><w:txbxContent>\(p("Sam: In a box."))</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>
            """
        let table =
            "<w:tbl>\(row("Time", "Speaker", "Text"))\(row("0:01", "Sam", "Hello."))\(row("0:02", "Mia:", "Hi there, all."))\(row("", "", "And more."))\(row("0:09", "SFX", "bell"))</w:tbl>"
        let imported = try Imported(document(table + box), named: "talk.docx")
        #expect(imported.lines == ["Sam: Hello.", "Mia: Hi there, all. And more.", "Sam: In a box."])
        #expect(imported.cues == ["effect bell before 2"])
        #expect(imported.doubts.contains { $0.contains("the head of the table, “Time, Speaker, Text”, is left out") })
        let untitled = try Imported(document("<w:tbl>\(row("Sam", "Hello there."))\(row("Mia", "Hi to you."))</w:tbl>"), named: "talk.docx")
        #expect(untitled.lines == ["Sam: Hello there.", "Mia: Hi to you."] && untitled.doubts == [])
    }

    @Test func namesInTheMiddleOfThePage() throws {
        let imported = try Imported(
            document(["SAM", "(softly)", "Hello.", "MIA", "Hi.", "", "SAM", "Bye."].map { p($0) }.joined()), named: "talk.docx")
        #expect(imported.lines == ["SAM (softly): Hello.", "MIA: Hi.", "SAM: Bye."])
        #expect(imported.doubts == [])
    }

    /// What is not taken is told; what Word marks is taken.
    @Test func whatIsInARun() throws {
        let body = """
            <w:p><w:r><w:t>Mia: See </w:t></w:r><w:hyperlink r:id="rId1"><w:r><w:t>the site</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r></w:p>\
            <w:p><w:r><w:t>Sam: x</w:t></w:r><m:oMath><m:r><m:t>=2</m:t></m:r></m:oMath><w:r><w:drawing><pic:pic/></w:drawing><w:sym w:char="F04A"/></w:r></w:p>\
            <w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>Mia: Struck.</w:t></w:r></w:p>\
            <w:p><w:r><w:t>Sam: </w:t><w:ruby><w:rt><w:r><w:t>くろ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>黒</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>\
            <w:p><w:r><w:t>Mia</w:t><w:tab/><w:t>5*3*2 and f**k.</w:t></w:r></w:p>
            """
        let xml = "\(head.replacing("<w:body>", with: "")) <w:body>\(body)</w:body></w:document>"
        let imported = try Imported(ZipMaker.archive(["word/document2.xml": Array(xml.utf8)]), named: "talk.docx")
        #expect(imported.lines == ["Mia: See the site.", "Sam: x=2", "Mia: Struck.", "Sam: 黒", "Mia: 5*3*2 and f**k."])
        for words in [
            "addresses of links in 1 paragraph", "a picture is left out", "a symbol is left out", "struck-out words in 1 paragraph",
            "the reading above a word",
        ] {
            #expect(imported.doubts.count { $0.contains(words) } == 1, "\(words): \(imported.doubts)")
        }
        #expect(imported.warnings == [])
    }

    @Test func archivesThatAreNone() {
        #expect(complaint(ZipMaker.archive(["xl/workbook.xml": []]), named: "a.docx").contains("holds no Word document"))
        let good = document(p("Sam: Hi.") + p("Mia: Hi."))
        #expect(complaint(Array(good.prefix(good.count - 10)), named: "a.docx").contains("cut short"))
        var damaged = good
        damaged[60] ^= 0xFF
        #expect(complaint(damaged, named: "a.docx").contains("error:"))
        // 70 MB of spaces in a few kilobytes; and the same in many parts.
        let bomb = ZipMaker.archive(["word/document.xml": Array(head.utf8) + [UInt8](repeating: 32, count: 70 << 20)], isPacked: true)
        #expect(bomb.count < 200_000 && complaint(bomb, named: "a.docx").contains("more than 32 MB"))
        let header = [UInt8](repeating: 32, count: 20 << 20)
        let parts = [
            "word/document.xml": Array("\(head)\(p("Sam: Hi."))</w:body></w:document>".utf8),
            "word/header1.xml": Array("<w:hdr/>".utf8) + header, "word/header2.xml": Array("<w:hdr/>".utf8) + header,
        ]
        #expect(complaint(ZipMaker.archive(parts, isPacked: true), named: "a.docx").contains("more than 32 MB"))
        #expect(complaint([0xD0, 0xCF, 0x11, 0xE0, 0xA1], named: "a.doc").contains("an old Word document"))
        #expect(complaint(Array("%PDF-1.7".utf8), named: "a.pdf").contains("a PDF"))
        #expect(complaint(Array("SAM\nHello.\n".utf8), named: "a.fountain").contains("Fountain already"))
        #expect(complaint([], named: "a.txt").contains("nobody speaks"))
    }

    /// Random damage to an archive: a script or an error.
    @Test func survivesDamage() {
        let seed = UInt64.random(in: 0..<1_000_000)
        var state = seed
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let good = ZipMaker.archive(
            ["word/document.xml": Array("\(head)\(p("Sam: Hi."))\(p("Mia: Hi."))</w:body></w:document>".utf8)], isPacked: true)
        for _ in 0..<2_000 {
            var bytes = good
            for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
            if random(3) == 0 { bytes.removeLast(random(bytes.count)) }
            let outcome = complaint(bytes, named: "a.docx")
            #expect(outcome == "none" || outcome.contains("error:"), "seed \(seed)")
        }
    }
}
