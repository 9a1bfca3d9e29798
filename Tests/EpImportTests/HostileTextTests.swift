import EpImport
import EpScript
import Testing

/// Text with all that people and programs leave in it: what is said is what was written, and the rest is told.
@Suite struct HostileTextTests {
    /// Words of a speech that Fountain or a proofreader might take for something else.
    private static let words = [
        "!bang", "@home", ".NET IS GOOD", ">50 people", "~sing", "= eq", "===", "---", "***", "* star", "*star", "5*3*2", "f**k and sh*t",
        "a /* c */ b", "a_b _c", "https://x.org/*",
        "At 10:30, or 9:15?", "See http://x.org/a.", "12. twelve", "-5 degrees", "“quote”", "'s up", "<sam> {\\x", "|x|",
        "Well—no; yes = no -> so",
    ]

    @Test(arguments: words) func wordsAreSaidAsTheyStand(_ words: String) throws {
        let imported = try Imported("Sam: Hello.\nMia: Hello.\nSam: \(words)\nMia: Yes.\nSam: Bye.\n")
        #expect(imported.lines == ["Sam: Hello.", "Mia: Hello.", "Sam: \(words)", "Mia: Yes.", "Sam: Bye."], "\(imported.result.fountain)")
        #expect(imported.doubts == [] && imported.warnings == [], "\(imported.doubts) \(imported.warnings)")
    }

    @Test func emphasisIsNotHeard() throws {
        let imported = try Imported("Sam: It is *very\nlong* and **bold**.\nMia: *(softly)* Yes.\nSam: _No_.\n")
        #expect(imported.lines == ["Sam: It is very long and bold.", "Mia (softly): Yes.", "Sam: No."])
        #expect(imported.doubts == [] && imported.warnings == [])
    }

    @Test(arguments: [
        ("Dr. Who", "Mr. T."), ("The Man Who Sold The World", "2nd Guard"), ("Sam “Ace” Jones", "D'Arcy"), ("SPEAKER_01", "SPEAKER_02"),
        ("Guard #1", "R2-D2"), ("سام", "三船"),
    ])
    func names(_ one: String, _ other: String) throws {
        let imported = try Imported("\(one): Hi.\n\(other): Hi.\n\(one): Bye.\n\(other): Bye.\n")
        #expect(imported.lines == ["\(one): Hi.", "\(other): Hi.", "\(one): Bye.", "\(other): Bye."])
        #expect(imported.doubts == [] && imported.warnings == [], "\(imported.doubts) \(imported.warnings)")
    }

    /// A few words in parentheses may be words, and a word with a colon a name: it is asked.
    @Test func whatMayBeMeantOtherwiseIsTold() throws {
        let imported = try Imported(
            "Sam: (Well) I never.\nMia: No (only five).\nSam: I went\nRemember: never swim.\nMia: Yes.\nSam: So.\nSam: [a [b] c] go.\n10:30 is late: very.\n"
        )
        #expect(
            imported.lines == [
                "Sam (Well): I never.", "Mia: No (only five).", "Sam: I went", "Remember: never swim.", "Mia: Yes.", "Sam: So.",
                "Sam: go. 10:30 is late: very.",
            ])
        let told = [
            "1: warning: (“Well”) is taken for how", "4: warning: “Remember” is taken for the name",
            "7: warning: [“a [b] c”] is kept as a note",
        ]
        #expect(imported.doubts.count == told.count && zip(imported.doubts, told).allSatisfy { $0.contains($1) }, "\(imported.doubts)")
        let few = try Imported("Sam: Hi.\n" + String(repeating: "it is a long way\n", count: 20) + "Mia: so we go.\nSam: Bye.\n")
        #expect(
            few.result.speakers == ["Sam"]
                && few.doubts.contains { $0.contains("talk.txt:22: warning: 1 line begins like a name and a colon") }, "\(few.doubts)")
    }

    /// A paragraph of a few words would look like the name of somebody else.
    @Test func shortParagraphsGoOn() throws {
        let imported = try Imported(
            "Sam: One is here.\n\nStill Sam.\n\nAnd this is a whole paragraph.\n\nMia: Two.\nSam: Bye.\nMia: Bye.\n")
        #expect(imported.result.fountain.contains("One is here. Still Sam.\n  \nAnd this is a whole paragraph."))
        #expect(imported.warnings == [], "\(imported.warnings)")
    }

    @Test func markdown() throws {
        let imported = try Imported("""
            ---
            guest: Bob
            ---

            Sam: A footnote[^1], a \\# and 1\\. and \\'it\\'.
            Mia: See [the moon][1] and [the sea].
            Sam: Yes.

            ```sh
            # no chapter
            ```

            | Mia | a \\| b |
            | Sam | Bye. |

            [^1]: The note.
            [1]: https://moon.example "Moon"
            [the sea]: https://sea.example
            """, named: "talk.md")
        #expect(
            imported.lines == [
                "Sam: A footnote, a # and 1. and 'it'.", "Mia: See the moon and the sea.", "Sam: Yes. # no chapter", "Mia: a | b",
                "Sam: Bye.",
            ])
        #expect(imported.chapters == [""])
        #expect(imported.script.titlePage.map(\.values) == [["guest: Bob"]])
        for words in ["1 line is left out as a footnote", "addresses of links in 3 lines", "1 line names nobody"] {
            #expect(imported.doubts.count { $0.contains(words) } == 1, "\(words): \(imported.doubts)")
        }
        #expect(imported.doubts.count == 3, "\(imported.doubts)")
    }

    @Test func whatNobodySees() throws {
        let imported = try Imported("\u{FEFF}\u{FEFF}Sam: a\0b\u{1}c\u{1B}d\r\nMia:\u{A0}e\u{2060}f\u{200B}g\r\nSam: h\u{3000}i\r\n")
        #expect(imported.lines == ["Sam: ab c d", "Mia: efg", "Sam: h i"])
        #expect(imported.doubts.count == 1 && imported.doubts[0].contains("null"), "\(imported.doubts)")
    }

    /// Work grows with the length, whatever stands there.
    @Test(.timeLimit(.minutes(1)), arguments: ["([{", "(a) [b] ", "[a](b) ", "*", "<", "“Sam: ", "- > ", "\n(softly)\n", "words\n"])
    func longTexts(_ unit: String) throws {
        let imported = try Imported(
            "Sam: Hi.\nMia: Hi.\nSam: " + String(repeating: unit, count: 40_000 / unit.utf8.count) + " end.\nMia: Bye.\n")
        #expect(imported.lines.last == "Mia: Bye.")
    }
}
