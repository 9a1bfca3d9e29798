import EpScript
import Testing

@Suite struct FinalDraftTests {
    private func document(_ content: String, title: String = "") -> [UInt8] {
        Array(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>\n<FinalDraft DocumentType=\"Script\" Version=\"5\"><Content>\(content)</Content>\(title)</FinalDraft>"
                .utf8)
    }

    private func paragraph(_ type: String, _ text: String) -> String { "<Paragraph Type=\"\(type)\"><Text>\(text)</Text></Paragraph>" }

    @Test func paragraphsAreWhatTheySay() throws {
        let content = [
            "<Paragraph Type=\"Scene Heading\" Number=\"1\"><SceneProperties><Summary><Paragraph><Text>They meet.</Text></Paragraph></Summary></SceneProperties><Text>INT. BOAT - DAY</Text></Paragraph>",
            paragraph("Action", "Sam rows."), paragraph("Character", "Sam (V.O.)"), paragraph("Parenthetical", "(softly)"),
            "<Paragraph Type=\"Dialogue\"><Text>Row, </Text><Text Style=\"Italic\">row</Text><Text> on.</Text></Paragraph>",
            paragraph("Parenthetical", "(louder)"), paragraph("Dialogue", "Now!"),
            paragraph("Action", "SFX: splash"), paragraph("Character", "MIA"), paragraph("Dialogue", "SAM: is not here &amp; gone."),
            "<Paragraph><DualDialogue>\(paragraph("Character", "SAM"))\(paragraph("Dialogue", "Yes."))\(paragraph("Character", "MIA"))\(paragraph("Dialogue", "No."))</DualDialogue></Paragraph>",
            "<Paragraph Type=\"Action\"><ScriptNote><Paragraph><Text>Check this.</Text></Paragraph></ScriptNote><Text>They stop.</Text></Paragraph>",
            paragraph("Transition", "FADE OUT."),
        ].joined()
        let title =
            "<TitlePage><Content>\(paragraph("", "THE BOAT"))\(paragraph("", "Written by"))\(paragraph("", "Ann Author"))\(paragraph("", "Draft 3"))</Content></TitlePage>"
        let imported = try Imported(document(content, title: title), named: "boat.fdx")
        #expect(
            imported.lines == [
                "Sam (softly): Row, row on.", "Sam (louder): Now!", "MIA: SAM: is not here & gone.", "SAM: Yes.", "MIA: No.",
            ])
        #expect(imported.script.lines.map(\.isDual) == [false, false, false, false, true])
        #expect(imported.cues == ["effect splash before 2"])
        #expect(imported.script.titlePage.map(\.values) == [["THE BOAT"], ["Written by"], ["Ann Author"], ["Draft 3"]])
        #expect(imported.script.elements.map(\.kind.name).prefix(3) == ["scene_heading", "synopsis", "action"])
        #expect(imported.doubts.count == 1 && imported.doubts[0].contains("the note “Check this.” is left out"), "\(imported.doubts)")
    }

    /// Who speaks is whoever the document says; words that begin like marks are said.
    @Test func namesAndMarks() throws {
        let content = [
            paragraph("Character", "Man in the big red hat and coat (O.S.)"), paragraph("Dialogue", "!Hi *there*."),
            paragraph("Character", "SAM? (INTO PHONE)"),
            paragraph("Parenthetical", "(softly"), paragraph("Dialogue", "= one"), paragraph("Character", "MIA"),
            paragraph("Singing", "La la"), paragraph("Singing", "lo"),
        ].joined()
        let outside =
            "<Alts><Paragraph><Text>Other words.</Text></Paragraph></Alts><HeaderAndFooter><Header><Paragraph><Text>Draft</Text></Paragraph></Header></HeaderAndFooter>"
        let imported = try Imported(document(content, title: outside), named: "boat.fdx")
        #expect(imported.lines == ["Man in the big red hat and coat: !Hi there.", "SAM? (INTO PHONE, softly): = one", "MIA: La la lo"])
        #expect(imported.doubts.contains { $0.contains("“Other words.” stands outside of the script, and is left out") })
        #expect(imported.doubts.contains { $0.contains("the words “Draft” at the edge of the pages are left out") })
    }

    @Test func bombsAndDamageAreErrors() {
        let bomb =
            "<?xml version=\"1.0\"?><!DOCTYPE FinalDraft [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><FinalDraft><Content>\(paragraph("Character", "&b;"))</Content></FinalDraft>"
        #expect(complaint(Array(bomb.utf8), named: "a.fdx").contains("document type"))
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(complaint(Array("<?xml version=\"1.0\"?><FinalDraft>\(deep)".utf8), named: "a.fdx").contains("nested"))
        #expect(complaint(Array(document(paragraph("Character", "SAM")).dropLast(30)), named: "a.fdx").contains("damaged at line"))
        #expect(complaint(Array("<?xml version=\"1.0\"?><html/>".utf8), named: "a.fdx").contains("not of Final Draft"))
        #expect(complaint(document(paragraph("Action", "Nothing.")), named: "a.fdx").contains("nobody speaks"))
    }
}
