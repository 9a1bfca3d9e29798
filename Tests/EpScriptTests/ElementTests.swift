import EpCore
import Testing

@testable import EpScript

/// Every kind of element of the standard, and its odd corners.
struct ElementTests {
    @Test func sceneHeadings() {
        for heading in [
            "INT. HOUSE", "EXT HOUSE", "EST. SHIP", "INT./EXT. CAR", "INT/EXT CAR", "I/E. CAR", "int. house - day", "Ext. yard",
        ] {
            #expect(parse("x\n\n\(heading)\n\nx").outline == ["action: x", "scene_heading: \(heading)", "action: x"])
        }
        #expect(parse("x\n\n.FLASHBACK\n\nx").outline[1] == "scene_heading: FLASHBACK")
        #expect(parse("...and then").outline == ["action: ...and then"])
        #expect(parse(". x").outline == ["action: . x"])
        #expect(parse("INTERNAL MATTERS\n\nx").outline[0] == "action: INTERNAL MATTERS")
        #expect(parse("x\nINT. HOUSE\n\ny").outline == ["action: x\nINT. HOUSE", "action: y"])
        // Without an empty line below, only capitals are a heading; never a speaker.
        #expect(parse("INT. HOUSE\nHe waits.").outline == ["scene_heading: INT. HOUSE", "action: He waits."])
        #expect(parse("Est modus in rebus\nsunt certi").outline == ["action: Est modus in rebus\nsunt certi"])
    }

    @Test func sceneNumbers() {
        func number(_ line: String) -> String? {
            if case .sceneHeading(let number) = parse(line).elements[0].kind { number } else { "not a heading" }
        }
        #expect(number("INT. HOUSE - DAY #1#") == "1")
        #expect(number("INT. HOUSE #110A#") == "110A")
        #expect(number(".FLASHBACK #1-A.#") == "1-A.")
        #expect(number("INT. HOUSE") == nil)
        #expect(number("INT. HOUSE ##") == nil)
        #expect(number("INT. HOUSE #1 2#") == nil)
        #expect(parse("INT. HOUSE - DAY #1#").outline == ["scene_heading: INT. HOUSE - DAY"])
    }

    @Test func actionKeepsItsLinesAndIndentation() {
        #expect(parse("One\n  two\n\tthree  \n\n\n    Four").outline == ["action: One\n  two\n    three", "action:     Four"])
        #expect(parse("!SCANNING THE AISLES\nHe runs.").outline == ["action: SCANNING THE AISLES\nHe runs."])
        #expect(parse("x\n!INT. y\n!! z").outline == ["action: x\nINT. y\n! z"])
        #expect(parse("!").outline == ["action: !"])
    }

    @Test func characters() {
        for cue in [
            "BOB", "MR. SMITH", "R2D2", "O'BRIEN-LEE", "MOM (O. S.)", "HANS (on the radio)", "BOB (V.O.) (CONT'D)", "ÉLODIE", "ЁЖ",
            "MAN #2", "RE:SCAN",
        ] {
            #expect(parse("x\n\n\(cue)\nHi.").outline == ["action: x", "character: \(cue)", "dialogue: Hi."], "\(cue)")
        }
        for cue in ["Bob", "23", "!BOB", "élodie", "黒澤", "(BOB)", "CUT TO:"] {
            #expect(parse("x\n\n\(cue)\nHi.").outline.count == 2, "\(cue)")
        }
        #expect(parse("@McCLANE (V.O.)\nHi").outline == ["character: McCLANE (V.O.)", "dialogue: Hi"])
        #expect(parse("@黒澤\nHi").outline == ["character: 黒澤", "dialogue: Hi"])
        #expect(parse("  \tBOB\n\tHi").outline == ["character: BOB", "dialogue: Hi"])
        // An empty line below: no character. None above: no character either.
        #expect(parse("BOB\n\nHi").outline == ["action: BOB", "action: Hi"])
        #expect(parse("x\nBOB\nHi").outline == ["action: x\nBOB\nHi"])
        #expect(parse("@Bob\n\nHi").outline == ["character: Bob", "action: Hi"])
        #expect(parse("THE END\n===").outline == ["action: THE END", "page_break: "])
        #expect(parse("@").outline == ["action: @"])
    }

    @Test func dualDialogue() {
        let kinds = parse("A\nx\n\nBOB (V.O.) ^\ny\n\n@Cy^\nz").elements.map(\.kind)
        #expect(kinds == [.character(isDual: false), .dialogue, .character(isDual: true), .dialogue, .character(isDual: true), .dialogue])
        #expect(parse("BOB (V.O.) ^\ny").outline[0] == "character: BOB (V.O.)")
    }

    @Test func dialogue() {
        #expect(
            parse("BOB\nOne\n  two\n(softly)\nthree\n( a (b) )\n\nx").outline == [
                "character: BOB", "dialogue: One\ntwo", "parenthetical: softly", "dialogue: three", "parenthetical: a (b)", "action: x",
            ])
        #expect(parse("BOB\nOne\n  \n\t\t\ntwo\n  \n\nx").outline == ["character: BOB", "dialogue: One\n\n\ntwo", "action: x"])
        #expect(parse("BOB\nOne\n \nx").outline == ["character: BOB", "dialogue: One", "action: x"])
        #expect(parse("BOB\n(No) and (yes)").outline == ["character: BOB", "dialogue: (No) and (yes)"])
        #expect(
            parse("BOB\n#1 fan!\n!\n!?\n@\n.5 or .z\n...and\n>:(").outline == [
                "character: BOB", "dialogue: #1 fan!\n!\n!?\n@\n.5 or .z\n...and\n>:(",
            ])
        #expect(
            parse("BOB\nHi\n# Two\nALICE\nHo").outline == [
                "character: BOB", "dialogue: Hi", "section: Two", "character: ALICE", "dialogue: Ho",
            ])
    }

    @Test func lyrics() {
        let script = parse("~La la\n~ li\n\n~lo\n\nBOB\n~sung\nsaid")
        #expect(script.outline == ["lyrics: La la\nli", "lyrics: lo", "character: BOB", "lyrics: sung", "dialogue: said"])
        #expect(script.elements.map(\.kind)[3] == .lyrics(inSpeech: true))
        #expect(script.lines.map(\.text) == ["sung said"])
    }

    @Test func transitionsAndCentredText() {
        #expect(parse("x\n\nCUT TO:\n\ny").outline[1] == "transition: CUT TO:")
        #expect(parse("x\n\n  SMASH CUT TO:\n\ny").outline[1] == "transition: SMASH CUT TO:")
        #expect(parse("x\n\nCut to:\n\ny").outline[1] == "action: Cut to:")
        #expect(parse("x\n\nCUT TO:\ny").outline[1] == "action: CUT TO:\ny")
        #expect(parse("x\n\n> Burn to White.\n\ny").outline[1] == "transition: Burn to White.")
        #expect(parse("> THE END <\n>by me<").outline == ["centered: THE END\nby me"])
        #expect(parse("x\n>  a  <  ").outline == ["action: x", "centered: a"])
        #expect(parse(">").outline == ["action: >"])
        #expect(parse("> <").outline == ["action: > <"])
    }

    @Test func sectionsSynopsesAndPageBreaks() {
        let script = parse("# One\n## Two\n= what happens\n######   Six\n===\n=====\n= = x\n#\n==")
        #expect(
            script.outline == [
                "section: One", "section: Two", "synopsis: what happens", "section: Six", "page_break: ", "page_break: ", "synopsis: = x",
                "action: #", "synopsis: =",
            ])
        #expect(script.elements.map(\.kind).prefix(2) == [.section(level: 1), .section(level: 2)])
        #expect(script.elements[3].kind == .section(level: 6))
        #expect(parse("#NoSpace").outline == ["section: NoSpace"])
    }

    @Test func sounds() {
        let script = parse("SFX: bell\nMUSIC:  theme \nBOB\nHi\n\nx\nSFX: BOOM\n\nSFX:\nsfx: y\n!SFX: z")
        #expect(
            script.outline == [
                "effect: bell", "music: theme", "character: BOB", "dialogue: Hi", "action: x", "effect: BOOM",
                "action: SFX:\nsfx: y\nSFX: z",
            ])
    }

    @Test func notes() {
        #expect(parse("Hello [[why?]] there").outline == ["action: Hello there", "note: why?"])
        #expect(parse("Hello [[why?]] there").elements[0].markup == "Hello [[why?]] there")
        #expect(parse("[[ alone ]]\n\n[[a]] [[b]]").outline == ["note: alone", "note: a", "note: b"])
        #expect(parse("[[before]] Hello").outline == ["note: before", "action: Hello"])
        #expect(parse("BOB [[who?]]\n[[angry]]\nHi").outline == ["character: BOB", "note: who?", "note: angry", "dialogue: Hi"])
        #expect(parse("a [[over\nlines]] b").outline == ["action: a b", "note: over\nlines"])
        #expect(parse("[[with\n  \nspaces]]").outline == ["note: with\n  \nspaces"])
        #expect(parse("[[not\n\nclosed]]").outline == ["action: [[not", "action: closed]]"])
        #expect(parse("[[]]").outline == ["note: "])
        #expect(parse("a [[b").outline == ["action: a [[b"])
        #expect(parse("a [b] c]]").outline == ["action: a [b] c]]"])
    }

    @Test func boneyards() {
        #expect(parse("a /* b\n\nBOB\nHi\n*/ c").outline == ["action: a c", "boneyard: b\n\nBOB\nHi\n"])
        // What is ignored leaves an empty line where it had lines of its own.
        #expect(
            parse("BOB\nHi\n/*\nHo\n*/\nMIA\nHa").outline == [
                "character: BOB", "dialogue: Hi", "boneyard: \nHo\n", "character: MIA", "dialogue: Ha",
            ])
        #expect(
            parse("x\n\nCUT TO:\n/* y */\nEXT. HILL - NIGHT\n\nz").outline == [
                "action: x", "transition: CUT TO:", "boneyard: y", "scene_heading: EXT. HILL - NIGHT", "action: z",
            ])
        #expect(parse("BOB\n/* (softly) */\nHi").outline == ["action: BOB", "boneyard: (softly)", "action: Hi"])
        #expect(parse("BOB\n/* (softly) */ Hi").lines.map(\.text) == ["Hi"])
        #expect(parse("/* [[ */ x ]]").outline == ["boneyard: [[", "action: x ]]"])
        #expect(parse("[[ /* ]] x */").outline == ["note: /*", "action: x */"])
        #expect(parse("/*/ x").outline == ["action: /*/ x"])
        #expect(parse("/**/").outline == ["boneyard: "])
        #expect(
            parse("x\n\n/* y */\n\nBOB\n/* z */ Hi").outline == [
                "action: x", "boneyard: y", "character: BOB", "boneyard: z", "dialogue: Hi",
            ])
    }

    @Test func titlePage() {
        let script = parse(
            "Title:\n    _**BRICK & STEEL**_\n\t_FULL RETIRED_\nCredit: Written by\nDraft date: 1/20/2012\nContact:\n   Next Level\n\nFADE IN:\n"
        )
        #expect(script.titlePage.map(\.key) == ["Title", "Credit", "Draft date", "Contact"])
        #expect(
            script.titlePage.map(\.values) == [["_**BRICK & STEEL**_", "_FULL RETIRED_"], ["Written by"], ["1/20/2012"], ["Next Level"]])
        #expect(script.outline == ["action: FADE IN:"])
        #expect(parse("Show: x\nEpisode: 3\n\ny").titlePage.count == 2)
        #expect(parse("\u{FEFF}\nTITLE: x").titlePage.map(\.values) == [["x"]])
        #expect(parse("/* licence */\nTitle: x\n\ny").outline == ["boneyard: licence", "action: y"])
        // What only looks like one.
        for prose in [
            "FADE IN:\n\nx", "He said: go.\nAnd he went.", "SFX: bell", "MUSIC: x\n\ny", "INT. HOUSE: DAY\n\nx", "http://x", "> CUT TO:",
        ] {
            #expect(parse(prose).titlePage.isEmpty, "\(prose)")
        }
        #expect(parse("Title: x\nINT. HOUSE\n\ny").outline == ["scene_heading: INT. HOUSE", "action: y"])
        #expect(parse("x\n\nTitle: y").titlePage.isEmpty)
    }

    @Test func lineEndsAndByteOrderMark() {
        let source = "Title: x\n\nBOB\n(a)\nOne [[n\nm]]\n  \ntwo\n\n/* b\n\nc */\nx\ny\n"
        let plain = parse(source)
        #expect(plain.elements.count == 6)
        for end in ["\r\n", "\r"] {
            let other = parse("\u{FEFF}" + source.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end))
            #expect(other.isSame(as: plain))
            #expect(other.elements.map(\.span.line) == plain.elements.map(\.span.line))
            #expect(other.elements.map(\.span.column) == plain.elements.map(\.span.column))
        }
    }

    @Test func forcedKindsEndASpeech() {
        #expect(
            parse("@Nora\nReady?\n@Pip\nReady.").outline == ["character: Nora", "dialogue: Ready?", "character: Pip", "dialogue: Ready."])
        #expect(
            parse("The door opens.\n@McTavish\nAnyone home?").outline == [
                "action: The door opens.", "character: McTavish", "dialogue: Anyone home?",
            ])
        #expect(
            parse("NORA\nHold on.\n!The lamp flickers.\n> CUT TO:\n.THE CELLAR").outline == [
                "character: NORA", "dialogue: Hold on.", "action: The lamp flickers.", "transition: CUT TO:", "scene_heading: THE CELLAR",
            ])
        #expect(parse("NORA\n> THE END <").outline == ["action: NORA", "centered: THE END"])
    }

    @Test func deliveriesMaySpanLines() {
        let script = parse("NORA\n(quietly, so that only\nthe gulls can hear)\nThey know.\n(a (b)\nc)\nMore.")
        #expect(script.lines.map(\.delivery) == ["quietly, so that only the gulls can hear", "a (b) c"])
        #expect(script.lines.map(\.text) == ["They know.", "More."])
        // Closed too early, or never, or beyond an empty line.
        #expect(parse("NORA\n(a\nb) c\nd").lines.map(\.text) == ["(a b) c d"])
        #expect(parse("NORA\n(a\nb").lines.map(\.text) == ["(a b"])
        #expect(parse("NORA\n(a\n  \nb)").lines.map(\.text) == ["(a b)"])
        #expect(parse("NORA\n(a\n@Pip\nb)").lines.map(\.text) == ["(a", "b)"])
    }

    @Test func deliveriesMayBeEmphasized() {
        for delivery in ["*(softly)*", "_(softly)_", "***( softly )***", "**_(softly)_**", "（softly）"] {
            #expect(parse("NORA\n\(delivery)\nHi.").lines.map(\.delivery) == ["softly"], "\(delivery)")
        }
        #expect(parse("NORA\n*(a)* and *(b)*").lines.map(\.text) == ["(a) and (b)"])
    }

    @Test func spacesRightUnderACue() {
        #expect(parse("The kettle sings.\n\nNORA\n  \nListen.").lines.map(\.text) == ["Listen."])
        #expect(parse("NORA\n \nListen.").lines.isEmpty)
        #expect(parse("NORA\n  \n\nListen.").lines.isEmpty)
        #expect(parse("x\n\nCUT TO:\n  \ny").outline[1] == "transition: CUT TO:")
    }

    @Test func aTransitionEndsWithItsColon() {
        #expect(parse("Fog.\n\nCUT TO: \n\nMorning.").outline == ["action: Fog.", "action: CUT TO:", "action: Morning."])
        #expect(parse("Fog.\n\nCUT TO:\t\n\nMorning.").outline[1] == "action: CUT TO:")
        #expect(parse("Fog.\n\nCUT TO: [[hard]]\n\nMorning.").outline[1] == "transition: CUT TO:")
    }

    @Test func namesWithColonsAndCarets() {
        func speakers(_ cue: String) -> [String] { parse("\(cue)\nHi.").lines.map { $0.speaker + ($0.isDual ? " ^" : "") } }
        for cue in [
            "NORA:", "NORA :", "NORA：", "**NORA:**", "*NORA*:", "NORA (V.O.):", "NORA: (V.O.)", "NORA\u{A0}(V.O.)", "NORA\u{A0}",
            "\u{200B}NORA", "@NORA（声）",
        ] {
            #expect(speakers(cue) == ["NORA"], "\(cue)")
        }
        #expect(speakers("MR.\u{A0}SMITH") == ["MR. SMITH"])
        for cue in ["NORA ^", "NORA^", "NORA (V.O.) ^", "NORA ^ (V.O.)", "NORA^(V.O.)"] {
            #expect(speakers(cue) == ["NORA ^"], "\(cue)")
            #expect(parse(parse("\(cue)\nHi.").fountain).isSame(as: parse("\(cue)\nHi.")))
        }
        #expect(speakers(":").isEmpty && speakers("@:").isEmpty)
    }

    @Test func whatNobodySeesIsEmpty() {
        for blank in ["\u{A0}", "\u{200B}", "\u{FEFF}", "\u{3000}", " \u{A0} ", "\u{2003}\t"] {
            #expect(parse("NORA\nStop.\n\(blank)\nPIP\nWhy?").lines.map(\.speaker) == ["NORA", "PIP"], "\(blank.debugDescription)")
        }
        #expect(parse("NORA\u{3000}\n\u{A0}Stop.\u{A0}").lines.map(\.text) == ["Stop."])
        #expect(parse("\u{A0}x\ty").outline == ["action:  x\ty"])
        #expect(parse("NORA\nSto\u{FEFF}p, 今日\u{FEFF}は。").lines.map(\.text) == ["Stop, 今日は。"])
    }

    @Test func byteOrderMarksAreNoText() {
        for count in 0...3 {
            let script = parse(String(repeating: "\u{FEFF}", count: count) + "@Nora\nHi.")
            #expect(script.lines.map(\.speaker) == ["Nora"])
            #expect(script.elements.map(\.span.column) == [1, 1])
            #expect(parse(script.fountain).isSame(as: script))
        }
    }

    @Test func rulesEndASpeech() {
        for rule in ["---", "-----", "- - -", "***", "* * *", "___", "———"] {
            #expect(
                parse("NORA\nHush.\n\(rule)\nPIP\nWho is it?").outline == [
                    "character: NORA", "dialogue: Hush.", "page_break: ", "character: PIP", "dialogue: Who is it?",
                ], "\(rule)")
        }
        for words in ["--", "-- x", "**a**", "—"] { #expect(parse("NORA\n\(words)").elements.count == 2, "\(words)") }
        #expect(parse("---\ntitle: Ladder\nepisode: 4\n---\nNORA\nWho moved it?").lines.map(\.speaker) == ["NORA"])
    }

    @Test func soundsInBrackets() {
        let script = parse("[SFX: A GATE]\nNORA\nWho is there?\n\n(MUSIC: STING)\nPIP\nOnly me.\n\n**SFX: bell**\n*[MUSIC: end]*")
        #expect(script.cues.map(\.name) == ["A GATE", "STING", "bell", "end"])
        #expect(script.lines.map(\.speaker) == ["NORA", "PIP"])
        #expect(parse("[SFX: x] y").outline == ["action: [SFX: x] y"])
        #expect(parse("[[SFX: x]]").outline == ["note: SFX: x"])
        #expect(parse("(SFX: a) and (b)\n\n[SFX:]").cues.isEmpty)
    }

    @Test func sceneNumbersAreLettersAndDigits() {
        #expect(parse("INT. CELLAR #😀#\n\nDark.").outline[0] == "scene_heading: INT. CELLAR #😀#")
        #expect(parse("INT. CELLAR #12Ж#\n\nDark.").elements[0].kind == .sceneHeading(number: "12Ж"))
    }

    @Test func namesAreNoTitlePage() {
        let script = parse("Nora: Who goes there?\nPip: Only me.\n\nNORA\nGood.")
        #expect(script.titlePage.isEmpty)
        #expect(script.outline[0] == "action: Nora: Who goes there?\nPip: Only me.")
    }

    @Test func proseIsAction() {
        let script = parse("It was a dark and stormy night; the rain fell in torrents.\n\nThen it stopped.")
        #expect(script.outline.count == 2)
        #expect(script.lines.isEmpty && script.chapters.isEmpty && script.cues.isEmpty)
    }

    /// Word processors and chats leave them where a person has broken a line; editors show them as one line.
    @Test(arguments: ["\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}"])
    func softLineEnds(_ end: String) {
        let text = "NORA|Hi.||PIP||\nHo.| And |on.\n\nx|y\n\nNORA\nYes.|\n|\nPIP\nNo."
        let script = parse(text.replacing("|", with: end))
        #expect(script.lines.map { "\($0.speaker): \($0.text)" } == ["NORA: Hi.", "PIP: Ho. And on.", "NORA: Yes.", "PIP: No."])
        #expect(script.lines.map(\.location.line) == [1, 1, 6, 9])
        #expect(script.elements.contains { $0.kind == .action && $0.text == "x\ny" })
        #expect(warnings("NORA\nHi.\(end)\(end)PIP\nHo.\n\nPIP\nHo.\n").isEmpty)
        // A row of them is gone through once.
        #expect(parse("NORA\n" + String(repeating: end, count: 200_000) + "Hi.").elements.count == 2)
    }
}
