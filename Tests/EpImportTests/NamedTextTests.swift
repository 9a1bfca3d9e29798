import EpImport
import EpScript
import Testing

/// Plain text in which names stand before words, in the forms in which people write them.
@Suite struct NamedTextTests {
    private static let six = [
        "Sam: Welcome to the tide tables.", "Mia: Thank you, Sam!", "Sam: What is a tide?", "Mia: The sea comes, and the sea goes.",
        "Sam: Who pulls it?", "Mia: The moon does.",
    ]

    /// The same six lines, each in a form of its own.
    private static let forms: [(String, String)] = [
        ("colon", "NAME: WORDS\n"),
        ("empty lines", "NAME: WORDS\n\n"),
        ("no space", "NAME:WORDS\n"),
        ("space before", "NAME : WORDS\n"),
        ("full width", "NAME：WORDS\n"),
        ("tab", "NAME\tWORDS\n"),
        ("colon and tab", "NAME:\tWORDS\n"),
        ("dash", "NAME - WORDS\n"),
        ("em dash", "NAME — WORDS\n"),
        ("brackets", "[NAME]: WORDS\n"),
        ("brackets alone", "[NAME] WORDS\n"),
        ("bold", "**NAME:** WORDS\n"),
        ("bold, colon outside", "**NAME**: WORDS\n\n"),
        ("bold alone", "**NAME** WORDS\n"),
        ("italic", "*NAME:* WORDS\n"),
        ("underlined", "__NAME__: WORDS\n"),
        ("list", "- NAME: WORDS\n"),
        ("stars", "* NAME: WORDS\n"),
        ("bullets", "• NAME: WORDS\n"),
        ("numbers", "12. NAME: WORDS\n"),
        ("quotation", "> NAME: WORDS\n>\n"),
        ("chat", "<NAME> WORDS\n"),
        ("prompt", "NAME> WORDS\n"),
        ("time before", "[00:07] NAME: WORDS\n"),
        ("round time", "(1:02:03) NAME: WORDS\n"),
        ("bare time", "00:07 NAME: WORDS\n"),
        ("time and dash", "00:07 - NAME: WORDS\n"),
        ("time behind", "NAME [00:07]: WORDS\n"),
        ("time in parentheses", "NAME (00:07): WORDS\n"),
        ("range", "[00:00:07 - 00:00:09] NAME: WORDS\n"),
        ("name above", "NAME\nWORDS\n\n"),
        ("name above, colon", "NAME:\nWORDS\n\n"),
        ("capitals above", "UPPER\nWORDS\n\n"),
        ("bold above", "**NAME**\nWORDS\n\n"),
        ("name and time above", "NAME  0:07\nWORDS\n\n"),
        ("heading", "## NAME\n\nWORDS\n\n"),
        ("no indent", "    NAME: WORDS\n"),
        ("Windows", "NAME: WORDS\r\n"),
        ("no-break space", "NAME:\u{A0}WORDS\n"),
        ("table", "| NAME | WORDS |\n"),
        ("list, bold, time", "1. [00:07] **NAME:** WORDS\n"),
        ("capitals", "UPPER: WORDS\n"),
        ("capitals, dash", "UPPER - WORDS\n"),
        ("small", "LOWER: WORDS\n"),
        ("empty line between", "NAME:\n\nWORDS\n\n"),
        ("bold and italic", "***NAME:*** WORDS\n"),
        ("two colons", "NAME:: WORDS\n"),
        ("colon and dash", "NAME:- WORDS\n"),
        ("semicolon", "NAME; WORDS\n"),
        ("equals", "NAME = WORDS\n"),
        ("arrow", "NAME -> WORDS\n"),
        ("fat arrow", "NAME => WORDS\n"),
        ("angle", "NAME > WORDS\n"),
        ("dash without space", "NAME- WORDS\n"),
        ("em dash without spaces", "NAME—WORDS\n"),
        ("parentheses", "(NAME) WORDS\n"),
        ("parentheses and colon", "(NAME): WORDS\n"),
        ("handle", "@NAME: WORDS\n"),
        ("picture", "🎙 NAME: WORDS\n"),
        ("quotes", "\"NAME\": WORDS\n"),
        ("HTML", "<p><strong>NAME</strong>: WORDS</p>\n"),
        ("tab and time", "NAME\t00:07\tWORDS\n"),
        ("time in a line", "[NAME] 14:23:10\nWORDS\n\n"),
        ("small alone", "LOWER\nWORDS\n\n"),
    ]

    @Test(arguments: forms.indices) func everyFormSaysTheSame(_ index: Int) throws {
        let (name, form) = Self.forms[index]
        let text = Self.six.map { line in
            let (speaker, words) = (line.prefix(3), line.dropFirst(5))
            return form.replacing("NAME", with: speaker).replacing("UPPER", with: speaker.uppercased()).replacing(
                "LOWER", with: speaker.lowercased()
            ).replacing("WORDS", with: words)
        }.joined()
        let imported = try Imported(text)
        #expect(
            imported.lines.map { $0.lowercased() } == Self.six.map { $0.lowercased() }, "\(name):\n\(text)\n→\n\(imported.result.fountain)")
        #expect(imported.doubts.allSatisfy { $0.contains("times of") }, "\(name): \(imported.doubts)")
        #expect(imported.warnings == [], "\(name)")
        #expect(imported.result.lineCount == 6 && imported.result.speakers.count == 2)
    }

    @Test func namesOfEveryKind() throws {
        let imported = try Imported("""
            黒澤：こんにちは。
            Dr. Who: Hello.
            黒澤：さようなら。
            McTavish-O'Neil: Aye.
            Speaker 1: One.
            Élodie de la Tour: Oui.
            Q: Why?
            A: Because.
            山田「元気ですか」
            Иван: Привет.
            """)
        #expect(
            imported.lines == [
                "黒澤: こんにちは。", "Dr. Who: Hello.", "黒澤: さようなら。", "McTavish-O'Neil: Aye.", "Speaker 1: One.", "Élodie de la Tour: Oui.",
                "Q: Why?", "A: Because.", "山田: 元気ですか", "Иван: Привет.",
            ])
        #expect(imported.doubts == [])
    }

    @Test func spellingsOfOneNameAreOneSpeaker() throws {
        let imported = try Imported("Sam: One.\nSAM: Two.\nsam: Three.\nSam: Four.\nMia: Five.\nMia: Six.")
        #expect(imported.result.speakers == ["Sam", "Mia"])
    }

    @Test func deliveries() throws {
        let imported = try Imported("""
            Sam (whispering): Is it here?
            Mia: (loudly) It is not.
            Sam [sad]: Oh. (laughs) Well then.
            Mia, shouting: Come back!
            SAM (V.O.): I went (and I mean it).
            """)
        #expect(
            imported.lines == [
                "Sam (whispering): Is it here?", "Mia (loudly): It is not.", "Sam (sad): Oh.", "Sam (laughs): Well then.",
                "Mia (shouting): Come back!", "Sam: I went (and I mean it).",
            ])
        #expect(imported.result.fountain.contains("(V.O.)"))
        #expect(imported.doubts == [])
    }

    /// Lines are joined; a paragraph without a name goes on, and that is said.
    @Test func speechesOverLinesAndParagraphs() throws {
        let imported = try Imported("Sam: This is a long\nsentence in lines.\n\nAnd a paragraph.\n\nMia: Yes.\nSam: No.\nMia: Yes.\n")
        #expect(imported.lines == ["Sam: This is a long sentence in lines. And a paragraph.", "Mia: Yes.", "Sam: No.", "Mia: Yes."])
        #expect(imported.doubts.count == 1 && imported.doubts[0].hasPrefix("talk.txt:4: warning: 1 line names nobody"))
    }

    @Test func sounds() throws {
        let imported = try Imported("""
            MUSIC: theme
            Sam: Hello.
            [SFX: door]
            Mia: Hi.
            (MUSIC: waves)
            Sound effect: bell
            Sam: Bye.
            [door slams]
            (music)
            Mia: Bye [laughs] now.
            """)
        #expect(imported.lines == ["Sam: Hello.", "Mia: Hi.", "Sam: Bye.", "Mia: Bye now."])
        #expect(imported.cues == ["music theme before 0", "effect door before 1", "music waves before 2", "effect bell before 2"])
        // What is kept and not heard is told, with its places.
        #expect(imported.doubts.count == 2, "\(imported.doubts)")
        #expect(imported.doubts[0].contains("talk.txt:8: warning: 2 lines are kept as action, which is not heard: 8–9"))
        #expect(imported.doubts[1].contains("talk.txt:10: warning: [“laughs”] is kept as a note"))
        #expect(imported.result.fountain.contains("[[laughs]]") && imported.result.fountain.contains("door slams"))
    }

    @Test func titlesChaptersAndProse() throws {
        let imported = try Imported("""
            ---
            title: Tide Tables
            date: 2026-11-01
            ---

            # The Moon

            *A beach at night.*

            **Sam:** Look at [the moon](https://moon.example/a)! <!-- louder? -->

            **Mia:** It is 10:30 &amp; late.

            ## Not a chapter

            **Sam:** There are three reasons: one, two and three.

            # The Sea

            **Mia:** `Deep`, and 5 * 3 = 15.
            """, named: "talk.md")
        #expect(
            imported.lines == [
                "Sam: Look at the moon!", "Mia: It is 10:30 & late.", "Sam: There are three reasons: one, two and three.",
                "Mia: Deep, and 5 * 3 = 15.",
            ])
        #expect(imported.chapters == ["The Moon", "The Sea"])
        #expect(imported.script.titlePage.map(\.key) == ["title", "date"])
        #expect(imported.doubts.count == 3, "\(imported.doubts)")
        #expect(imported.doubts.contains { $0.contains("the comment “louder?” is left out") })
        #expect(imported.doubts.contains { $0.contains("addresses of links in 1 line are left out") })
    }

    /// A single title above chapters is the title page's; a plain first line may be.
    @Test func theTitle() throws {
        let headed = try Imported("# Tides\n\n## One\n\nSam: Hi.\n\n## Two\n\nMia: Hi.\n")
        #expect(headed.script.titlePage.map(\.values) == [["Tides"]] && headed.chapters == ["One", "Two"])
        let plain = try Imported("How Tides Work\n\nSam: Hi.\nMia: Hi.\n")
        #expect(plain.script.titlePage.map(\.values) == [["How Tides Work"]])
        #expect(plain.doubts.count == 1 && plain.doubts[0].contains("taken for the title"))
    }

    /// In prose a word and a colon is no speaker; a name that speaks once is asked about.
    @Test func whatIsNoName() throws {
        let prose = "The sea is wide.\n\nRemember: it is also deep.\n\nIt has fish.\n\nIt has salt.\n\nIt has ships.\n\nIt has waves.\n"
        #expect(complaint(Array(prose.utf8)).contains("talk.txt: error: nobody speaks in it"))
        let once = try Imported("Sam: One.\n\nA long paragraph.\n\nAnother.\n\nRemember: never swim.\n\nMore words.\n\nSam: Two.\n")
        #expect(once.result.speakers == ["Sam", "Remember"])
        #expect(once.doubts.contains { $0.hasPrefix("talk.txt:7: warning: “Remember” is taken for the name of a speaker") })
    }

    /// Words that Fountain would read as something else are said all the same.
    @Test func wordsThatLookLikeMarks() throws {
        let words = [
            "# one", "= two", "~ three", "@four", ".seven", "!eight", "> nine <", "[[ten", "/* eleven", "===", "INT. TWELVE", "CUT TO:",
            "#13 fan",
        ]
        let imported = try Imported(words.map { "Sam: \($0)\nMia: Yes.\n" }.joined())
        let said = imported.lines.enumerated().filter { $0.offset.isMultiple(of: 2) }.map { $0.element.dropFirst(5) }
        #expect(said.map { $0.filter { !"[ /".contains($0) } } == words.map { $0.filter { !"[ /".contains($0) } })
        #expect(imported.doubts == [])
    }

    @Test func encodings() throws {
        let text = "Zoë: Où es-tu ?\nLéa: Ici – là.\nZoë: “Bien”.\nLéa: Oui."
        let expected = try Imported(text).lines
        #expect(expected.count == 4)
        let utf16 = Array(text.utf16)
        let little = utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let big = utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        #expect(try Imported([0xFF, 0xFE] + little).lines == expected)
        #expect(try Imported([0xFE, 0xFF] + big).lines == expected)
        #expect(try Imported([0xEF, 0xBB, 0xBF] + Array(text.utf8)).lines == expected)
        let guessed = try Imported(little)
        #expect(guessed.lines == expected && guessed.doubts.contains { $0.contains("was read as UTF-16") })
        let codes: [Character: UInt8] = ["ë": 0xEB, "ù": 0xF9, "é": 0xE9, "à": 0xE0, "–": 0x96, "“": 0x93, "”": 0x94]
        let windows = try Imported(text.map { codes[$0] ?? $0.asciiValue! })
        #expect(windows.lines == expected && windows.doubts.contains { $0.contains("Windows-1252") })
    }

    /// What only looks like a tag is words; an accent behind a bracket hides none.
    @Test func tagsAreKnownTags() throws {
        #expect(try Imported("Sam: if a <b and c> d").lines == ["Sam: if a <b and c> d"])
        let line = try #require(Imported("Sam: <b>x</b> <font color=\"red\">y</font> <v Mia>\u{301}w --- > <i>z</i>").lines.first)
        #expect(line.unicodeScalars.filter(\.isASCII).map(String.init).joined() == "Sam: x y w --- > z")
        let fenced = try Imported("```text to say\nSam: hi\n```\n")
        #expect(fenced.lines == ["Sam: hi"] && fenced.doubts.contains { $0.contains("left out") })
        // One word may be the name of a language, or a word.
        #expect(try Imported("```*Mia\nSam: hi\n```\n").doubts.contains { $0.contains("“*Mia” behind ``` is left out") })
        #expect(try Imported("```markdown\nSam: hi\n```\n").doubts == [])
    }

    /// Whatever the bytes are, there is a script or an error.
    @Test func survivesAnything() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var state = seed
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let bits = [
            "Sam", ":", "：", "\n", "\n\n", "[", "]", "(", ")", "**", "*", "_", "|", "\t", " - ", "00:07", "-->", "<v Mia>", "「", "」", "#",
            "---", "```", "<!--", "-->", "[[", "/*", "&amp;", "黒", "\u{301}", "♪", "1. ", "> ", "WEBVTT", "\u{FEFF}", "SFX", "INT. ", "~",
            "@", "=", "\\", "`", "{\\", "}",
        ]
        for _ in 0..<3_000 {
            let text = (0..<random(40)).map { random(3) == 0 ? "w\($0)w " : bits[random(bits.count)] }.joined()
            do {
                let imported = try Imported(text)
                #expect(imported.result.lineCount == imported.script.lines.count, "seed \(seed)")
                // Every word is in the script, or told.
                let told = imported.doubts.joined()
                let words = text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.filter { $0.first == "w" && $0.last == "w" }
                #expect(
                    ["left out", "cannot be written"].contains { told.contains($0) }
                        || words.allSatisfy { imported.result.fountain.contains($0) }, "seed \(seed): \(text)")
            } catch { #expect("\(error)".contains("error:"), "seed \(seed)") }
        }
    }
}
