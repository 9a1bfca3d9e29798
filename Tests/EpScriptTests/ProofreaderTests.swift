import EpCore
import Testing

@testable import EpScript

/// What a person probably did not mean.
struct ProofreaderTests {
    private static let show = ShowCast(
        characters: [.init(name: "NORA", aliases: ["OLD NORA"]), .init(name: "PIP")], deliveries: ["hollow"])

    @Test func nobodySpeaks() {
        for text in ["", "Prose.", "Nora\n\nWho is there?\n\nPip\n\nOnly me."] {
            #expect(ScriptReport(parse(text)).warnings.contains { $0.message == "nobody says anything in this script" }, "\(text)")
        }
        #expect(ScriptReport(parse("A\nx")).warnings.isEmpty)
    }

    @Test func typingErrors() {
        let much = String(repeating: "OLIVER\nHi.\n\nGUARD 1\nHo.\n\n", count: 4)
        #expect(warnings(much + "OLVIER\nHa.\n") == ["25: \"OLVIER\" speaks only once, and is nearly \"OLIVER\""])
        #expect(warnings(much + "@Oliver\nHa.\n") == ["25: \"Oliver\" is nearly \"OLIVER\", and another speaker"])
        #expect(warnings(much + "GUARD 2\nHa.\n").isEmpty)
        #expect(warnings(much + "GUARDS\nHa.\n").isEmpty)
        #expect(warnings("OLIVER\nHi.\n\nOLVIER\nHa.\n").isEmpty)
        #expect(ScriptReport(parse(much + "OLVIER\nHa.\n")).warnings.first?.remedy == "did you mean \"OLIVER\"?")
        // Whom the show knows is nobody else.
        #expect(warnings(much + "OLVIER\nHa.\n", show: ShowCast(characters: [.init(name: "OLVIER"), .init(name: "OLIVER")])).isEmpty)
        #expect(warnings("NROA\nHi.", show: ShowCast(characters: [.init(name: "NORA")])).count == 1)
    }

    /// Two names that a person takes for one are warned of, once.
    @Test(arguments: [
        ("O'BRIEN", "O’BRIEN"), ("JEAN-LUC", "JEAN\u{2011}LUC"), ("JEAN-LUC", "JEAN LUC"), ("DR. WHO", "DR WHO"), ("GUARD 1", "GUARD #1"),
        ("NORA", "ＮＯＲＡ"),
    ])
    func namesThatLookAlike(_ left: String, _ right: String) {
        #expect(warnings("\(left)\nHi.\n\n\(right)\nHo.\n") == ["4: \"\(right)\" is nearly \"\(left)\", and another speaker"])
    }

    @Test func backticks() {
        #expect(warnings("NORA\nHi.\n\n`NORA`\nHo.\n") == ["4: \"`NORA`\" is read as a speaker, but the name is \"NORA\""])
    }

    @Test(arguments: [("NORA & PIP", "NORA/PIP JUNIOR"), ("🎉 NORA", "NORA"), ("GUARD 1", "GUARD 2"), ("ZOE", "CHLOE")])
    func namesThatDoNot(_ left: String, _ right: String) {
        #expect(warnings("\(left)\nHi.\n\n\(right)\nHo.\n").isEmpty)
    }

    @Test(arguments: ["NORA CONT'D", "NORA CONT’D", "NORA V.O.", "NORA, V.O.", "NORA - V.O.", "NORA [V.O.]", "NORA (VO", "NORA V.O. CONT'D"])
    func extensionsWithoutParentheses(_ cue: String) {
        let found = warnings("NORA\nHi.\n\n\(cue)\nHo.\n")
        #expect(found == ["4: \"\(cue)\" is read as a speaker, but the name is \"NORA\", and what stands behind it has no parentheses"])
        // Nobody else is called so: that is the name.
        #expect(warnings("MAX CONT\nHi.\n\nNORA\nHo.\n").isEmpty)
    }

    @Test(arguments: ["**very\ndark** in there.", "***very\ndark***.", "*(see\nbelow)* there."])
    func emphasisOverLineEnds(_ words: String) {
        #expect(warnings("NORA\nIt was \(words)").first?.contains("is spoken here, as it begins no emphasis") == true, "\(words)")
    }

    @Test(arguments: [("Hi <b>there</b>.", "<b>"), ("Tom &amp; Pip", "&amp;"), ("One<br/>two", "<br/>"), ("It&#39;s", "&#39;")])
    func marksOfWebPages(_ words: String, _ mark: String) {
        #expect(warnings("NORA\n\(words)\n") == ["2: \"\(mark)\" is spoken here: a script has no HTML"])
        #expect(warnings("NORA\nHi.\n\n\(words)\n").isEmpty)
    }

    @Test(arguments: ["Is 2 < 3 and 4 > 3?", "Q&A; R&B", "I <3 you", "<beat> Hi."])
    func signsThatAreMeant(_ words: String) { #expect(warnings("NORA\n\(words)\n").isEmpty, "\(words)") }

    @Test(arguments: ["s*** and f**k", "****!", "Stop! ** and on", "2 ** 3"])
    func starsThatAreMeant(_ words: String) { #expect(warnings("NORA\n\(words)\n").isEmpty, "\(words)") }

    @Test(arguments: [("OLIVER", "OLVIER"), ("HANNAH", "HANAH"), ("MATTHEW", "MATHEW"), ("DOROTHEA", "DOROTHIA"), ("NARRATOR", "NARATOR")])
    func slips(_ left: String, _ right: String) {
        #expect(NearName.isOneSlip(Array(left.unicodeScalars), Array(right.unicodeScalars)))
        #expect(NearName.isOneSlip(Array(right.unicodeScalars), Array(left.unicodeScalars)))
    }

    @Test(arguments: [
        ("ANNA", "HANNA"), ("MAN", "MEN"), ("DAN", "DEAN"), ("VOICE", "VOICES"), ("GUARD 1", "GUARD 2"), ("JON", "JAN"), ("WILL", "BILL"),
        ("MARIE", "MARIA"),
    ])
    func twoPeople(_ left: String, _ right: String) {
        #expect(!NearName.isOneSlip(Array(left.unicodeScalars), Array(right.unicodeScalars)))
        #expect(!NearName.isOneSlip(Array(right.unicodeScalars), Array(left.unicodeScalars)))
    }

    /// What screenplays have for the camera is nobody's speech.
    @Test func shots() {
        let much = String(repeating: "KARL\nHi.\n\n", count: 5)
        for count in 1...3 { #expect(warnings(much + String(repeating: "VARIOUS SHOTS:  Karl walks.\n\n", count: count)).isEmpty) }
        #expect(warnings(much + "KARL\n\nto his right, coming down the road.\n").isEmpty)
        #expect(warnings(much + "KARL\n\nCome down the road.\n").count == 1)
        #expect(warnings("KARL\nHi.\n\nKARL\n\nto his right.\n").contains { $0.contains("\"KARL\" is read as action") })
        #expect(warnings("KARL\nHi.\n\nWe turn until we see...\n\nKARL\n\nreflected.\n").isEmpty)
        #expect(warnings(much + "PIP: To his right.\n").count == 1)
    }

    /// A letter that somebody reads, and the slides of a talk.
    @Test func wordsBetweenSpeeches() {
        #expect(warnings("KARL\nHi.\n\nHe opens the card.\n\n    Karl --\n\n    Happy birthday.\n").isEmpty)
        #expect(warnings("KARL\nHi.\n(pause)\n\nThe impact trifecta\n\nKARL\nHo.\n").isEmpty)
        #expect(warnings("KARL\nHi.\n(pause)\n\nThe impact trifecta\n\nPIP\nHo.\n").count == 1)
        #expect(warnings("KARL\nHi.\n(pause)\n\nSo I said no.\nAnd then yes.\n\nKARL\nHo.\n").count == 1)
    }

    /// The work of comparing names grows with their number, and not with its square.
    @Test func comparingNamesIsBounded() {
        func lookups(_ count: Int) -> Int {
            let names = (0..<count).map { "SPEAKER OF LINE \($0 % 2 == 0 ? "A" : "B")\($0)" }
            var near = NearName(names)
            for name in names { _ = near.nearest(to: name + "X") { _ in false } }
            _ = near.nearest(to: String(repeating: "A", count: 100_000)) { _ in true }
            return near.lookups
        }
        let few = lookups(100)
        #expect(lookups(1_000) <= 12 * few)
        #expect(few <= 100 * (NearName.mostLetters + 1) * 9)
    }

    @Test func emptyCues() {
        #expect(warnings("@Bob\n\nBOB\nHi") == ["1: \"Bob\" says nothing here"])
        #expect(warnings("BOB\n(waves)\n\nMIA\nHi") == ["1: \"BOB\" says nothing here"])
        #expect(warnings("BOB\nHi\n\nBOB\n\nHo") == ["4: \"BOB\" is read as action here, not as a speaker"])
        #expect(warnings("BOB\nHi\n\nHe waves.\nBOB\nHo") == ["5: \"BOB\" is read as action here, not as a speaker"])
    }

    @Test func unclosedMarks() {
        #expect(warnings("a [[b\n\nc") == ["1: this note is never closed, so it counts as text"])
        #expect(warnings("a\nb /* c") == ["2: this boneyard is never closed, so it counts as text"])
        #expect(warnings("[[a]] /* b */").isEmpty)
    }

    @Test func whatLooksLikeDialogue() {
        #expect(warnings("Oliver: Hello.\n\n**Oliver:** Again.\n\nA thought: none.") == [
            "1: \"Oliver:\" looks like dialogue, but nobody says it", "3: \"Oliver:\" looks like dialogue, but nobody says it",
        ])
        #expect(warnings("OLIVER\nHi.\n\nOliver: Hello.") == ["4: \"Oliver:\" looks like dialogue, but nobody says it"])
        #expect(warnings("Title: x\nAuthor: y\n\nHe said: go.").isEmpty)
        #expect(warnedLines("Title: x\n\nNARRATOR: The lamp went out.\n\nNORA\nWho is there?") == [3])
        #expect(warnedLines("Nora: Who goes there?\nPip: Only me.\n\nNORA\nGood.", show: Self.show) == [1, 2])
        #expect(warnedLines("Title: x\nNora: Who goes there?\n\nNORA\nGood.") == [2])
        #expect(warnings("NORA\nHi.\n\nFADE IN:\n\nSUPER: London, 1945.\n\nNOTE: none.").isEmpty)
    }

    @Test func marksThatAreSpoken() {
        #expect(warnings("BOB\nHi\nSFX: bell") == ["3: this cue stands in a speech, so it is spoken"])
        #expect(warnings("BOB\n(softly) Hi") == ["2: \"(softly)\" stands before the words, so it is spoken"])
        #expect(warnings("BOB\n(softly Hi") == ["2: a parenthesis opens here and is not closed, so it is spoken"])
        #expect(warnings("BOB\nHi. (softly)") == ["2: \"(softly)\" stands behind the words, so it is spoken"])
        #expect(warnings("BOB\n[softly] Hi") == ["2: \"[softly]\" is spoken"])
        #expect(warnings("BOB\nHi (and Ho).").isEmpty)
        #expect(warnings("x\nsfx: bell") == ["2: this is not heard as a cue"])
        #expect(warnings("SFX:") == ["1: this is not heard as a cue"])
        #expect(warnings("!SFX: bell").isEmpty)
        #expect(warnings("BOB\nHi\n(MUSIC: sting)\nHo") == ["3: this cue stands in a speech, so it is a delivery"])
    }

    @Test func starsThatMarkNothing() {
        #expect(warnedLines("NORA\nIt was *very\ndark* in there.") == [2, 3])
        for words in ["He dialed *69 and *23.", "2 * 3 * 4", "f**k", "It is \\*so\\* dark.", "A ** b", "*all* of **it**"] {
            #expect(warnings("NORA\n\(words)").isEmpty, "\(words)")
        }
    }

    @Test func underscoresAndEndsThatMarkNothing() {
        #expect(warnedLines("NORA\nIt was _very\ndark_ in there.") == [2, 3])
        #expect(warnedLines("NORA\nI was [[a [[b]] c]] there.") == [2])
        #expect(warnedLines("NORA\nHi. /* a /* b */ c */ Ho.") == [2])
        for words in ["A snake_case_name.", "_All_ of __it__.", "It is \\_so\\_.", "[[a]] b"] {
            #expect(warnings("NORA\n\(words)").isEmpty, "\(words)")
        }
    }

    @Test(arguments: [
        "SFX : door", "SFX door", "[SFX] door", "(SFX) door", "SFX. door", "MUSIC UP: theme", "[MUSIC] theme", "MUSIC : theme", "@",
    ])
    func whatIsNearlyACue(_ line: String) { #expect(warnedLines("NORA\nHi.\n\n\(line)") == [4]) }

    @Test(arguments: ["MUSIC swells over the harbour.", "SFXR is a program."])
    func whatIsNoCue(_ line: String) { #expect(warnings("NORA\nHi.\n\n\(line)").isEmpty) }

    @Test func boneyardsInWords() {
        let text = "NORA\nTake his/*her* coat.\n\nPIP\nWhose?\n\nNORA\nIt was *his*/hers."
        #expect(warnings(text).first == "2: a boneyard begins inside the words here, and hides 7 lines")
        #expect(warnings("NORA\nOne /* two\nthree */ four.").isEmpty)
    }

    @Test func namesInSpeeches() {
        #expect(warnedLines("NORA\nDid you hear that?\nPIP\nHear what?\n\nPIP\nI heard nothing.") == [3])
        #expect(warnedLines("NORA\nHush.\nSFX: gate\nPIP\nWho is it?") == [3, 4])
        #expect(warnedLines("NORA\nHush.\n[[a note]]\nPIP\nWho is it?") == [4])
        #expect(warnedLines("NORA\nHush.\n  \nPIP\nWho is it?") == [4])
        #expect(warnedLines("NORA\nHush.\nPip: Who is it?", show: Self.show) == [3])
        // People say names, and shout.
        for speech in ["Pip!\nCome here.", "I said\nNO\nand I mean it.", "Pip"] {
            #expect(warnings("PIP\nx\n\nNORA\n\(speech)").isEmpty, "\(speech)")
        }
    }

    @Test func namesInAction() {
        #expect(warnedLines("NORA\nHi.\n\nShe turns.\nPIP\nI am here.") == [5])
        #expect(warnedLines("Nora\nWho moved the ladder?\n\nPip\nNobody.\n\nNORA\nHm.") == [1, 4])
        #expect(warnedLines("Title: x\n\nNora:\nWho moved the ladder?\n\nPip:\nNobody.") == [3, 6])
        #expect(warnedLines("Title: x\n\n### NORA\nWho moved it?\n\n**Pip**\nNobody.") == [3, 6])
        #expect(warnedLines("Title: x\n\n00:07\nNORA\nWho is there?") == [4])
        #expect(warnedLines("黒澤\nこれは。", show: .unknown) == [1])
        #expect(warnings("NORA\nHi.\n\nCast:\nNORA\nPIP", show: Self.show).isEmpty)
        #expect(warnings("Nora\nWho moved it?", show: Self.show).count == 1)
        #expect(warnings("!Nora\nWho moved it?\n\nNORA\nI.").isEmpty)
    }

    @Test func wordsThatAreCutOff() {
        #expect(warnedLines("NORA\nI saw it.\n(beat)\n\nIt saw me, too.\n\nPIP\nRun.") == [5])
        #expect(warnedLines("NORA\nI would have told you, but\n\nthe lamp went out.") == [3])
        #expect(warnedLines("MIRA\nMy tags are\n# winning\nand this is the rest.") == [4])
        #expect(warnedLines("NORA\nHold on.\n!The lamp flickers.\nIt is dark.") == [4])
        #expect(warnedLines("NORA\nI saw it.\n\n(softly)\nIt saw me.") == [4])
        #expect(warnedLines("NORA\nListen to this.\n\n~La la la\n~the gulls are gone") == [4])
        #expect(warnings("NORA\nI saw it.\n\nShe turns.\n\nPIP\nRun.\n\n> THE END <").isEmpty)
        #expect(warnings("NORA\nHold on.\n!The lamp flickers.\n\nIt is dark.").isEmpty)
    }

    @Test func capitalsThatAreNoName() {
        #expect(
            warnedLines("NORA\nHm.\n\nSLAM TO TITLE:\nThe sign swings.\n\nRAIN. THUNDER.\nA door.\n\nSCENE TWO\nThe cellar.") == [4, 7, 10])
        #expect(warnedLines("NORA\nHm.\n\n00:07 PIP\nHa.\n\n- PIP\nHo.", show: Self.show) == [4, 7])
        #expect(warnings("NORA:\nHm.\n\nPIP:\nHa.").isEmpty)
        #expect(warnings("NORA:\nHm.\n\nNORA\nHa.").isEmpty)
        #expect(warnings("MR.\nHm.\n\n2ND GUARD\nHa.\n\nCUTTER\nHo.").isEmpty)
        #expect(warnings("WAITER \"BLUE ROOM\"\nHm.").isEmpty)
        #expect(warnings("SCENE STEALER\nHm.", show: ShowCast(characters: [.init(name: "SCENE STEALER")])).isEmpty)
    }

    @Test func deliveries() {
        #expect(warnings("NORA\n(curiuos)\nHm.") == ["2: the delivery \"(curiuos)\" is nearly \"(curious)\""])
        #expect(warnings("NORA\n(holllow)\nHm.", show: Self.show).count == 1)
        for delivery in ["furious", "whispered", "in a hollow voice", "to Pip", "curiouser", "beat"] {
            #expect(warnings("NORA\n(\(delivery))\nHm.").isEmpty, "\(delivery)")
        }
        #expect(warnings("NORA (softly)\nHm.") == ["1: \"(softly)\" is not heard beside the name"])
        for cue in ["NORA (V.O.)", "NORA (on the phone)", "NORA (CONT'D)"] { #expect(warnings("\(cue)\nHm.").isEmpty, "\(cue)") }
    }

    @Test func strangers() {
        let report = ScriptReport(parse("NORA\nHm.\n\nPAT\nHa.\n\nOLD NORA\nHo."), show: Self.show)
        #expect(report.warnings.isEmpty)
        #expect(report.strangers.map(\.message) == ["nobody in the show is called \"PAT\""])
        #expect(report.findings.map(\.location?.line) == [4])
        #expect(report.value["warnings"]?.list?.count == 1)
    }

    @Test func escapesStayInTheScript() {
        let text = "@\u{1B}[31mNora\n\nNORA\n\u{1B}]0;x\u{7}(quiet) Hi.\n(\u{9B}31m) Hi.\n\nB\u{1B}[1mOB\nHi.\n\n# \u{202E}x"
        let report = ScriptReport(parse(text), show: Self.show)
        #expect(report.findings.count >= 2)
        let shown = report.text()
        #expect(
            !shown.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E },
            "\(shown.debugDescription)")
    }

    @Test func placesAreExact() {
        let report = ScriptReport(parse("NORA\nOne [[a\nb\nc]] two.\n   PIP\nThree.\n\nPIP\nFour."))
        #expect(report.warnings.map(\.location) == [SourceLocation(file: "test.fountain", line: 5, column: 4)])
    }

    /// Words that are spoken, or lost, though a person sees something else on the page.
    @Test(arguments: [
        ("NORA\nTwo things.\n1. This.\n\n2. That.\n", 5, "the rest of the list is not spoken"),
        ("NORA\n- one\n\n- two\n", 4, "the rest of the list is not spoken"),
        ("NORA\nOne.\n/* cut */\nTwo.\n", 4, "the boneyard above ends the speech"),
        ("NORA\nOne.\n/*\ncut\n*/\nTwo.\n", 6, "the boneyard above ends the speech"),
        ("NORA\nHi.\nINT. HOUSE - DAY\nIt is dark.\n", 3, "\"INT. HOUSE - DAY\" is spoken here"),
        ("NORA\nHi.\nCUT TO:\n", 3, "\"CUT TO:\" is spoken here"),
        ("PIP\nHi.\n\nNORA\n# 1 fan here\nOk.\n", 4, "\"NORA\" is read as action"),
        ("PIP\nHi.\n\nNORA\n!important\nmore\n", 4, "\"NORA\" is read as action"),
        ("NORA\nHi.\n\nPIP\nHo.\n\nNora and Pip\nTogether!\n", 7, "\"Nora and Pip\" is read as action"),
        ("NORA\nHi.\n\nTHE DOOR SLAMS\nand then opens.\n", 4, "its words begin with a small letter"),
        ("NORA\nHi.\n\nTHE END\nThey lived on.\n", 4, "it sounds like a part of a script"),
        ("NORA\nHi <!-- x --> there.\n", 2, "\"<!--\" is spoken here"),
        ("NORA\nHi.\n// not heard\nHo.\n", 3, "\"//\" is spoken here"),
        ("PIP\nHi.\n\n<!-- cut -->\nNORA\nYes, I am.\n", 5, "\"NORA\" is read as action"),
    ])
    func whatThePageHides(_ text: String, _ line: Int, _ message: String) {
        let found = warnings(text)
        #expect(found.count == 1 && found.first?.hasPrefix("\(line): ") == true && found.first?.contains(message) == true, "\(found)")
    }

    @Test(arguments: [
        "NORA\nI have 1. no idea\n\n2 people leave.\n", "NORA\nOne.\n\n/* cut */\n\nShe leaves.\n", "NORA\nOne.\n/* cut */\n\nShe leaves.\n",
        "NORA\nI SAID NO.\nINTO THE HOUSE!\n", "NORA\nHi.\n\nBANG\n\n> CUT TO:\n", "NORA\nHi.\n\nTHE END\n> FADE OUT.\n",
        "NORA\nHi.\n\nPIP\nHo.\n\nNora and Pip\n", "NORA\nHi.\n\nTHE OLD MAN\nAnd then.\n", "NORA\nSee https://a.example/b.\n",
    ])
    func whatThePageShows(_ text: String) { #expect(warnings(text).isEmpty, "\(warnings(text))") }
}
