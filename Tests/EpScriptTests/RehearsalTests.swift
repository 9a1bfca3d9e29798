import EpCore
import Testing

@testable import EpScript

/// What is heard: lines, chapters and cues.
struct RehearsalTests {
    private func said(_ text: String) -> [String] {
        parse(text).lines.map { "\($0.speaker)\($0.delivery.isEmpty ? "" : " (\($0.delivery))"): \($0.text)" }
    }

    @Test func aSpeechIsALine() {
        #expect(
            said("BOB (V.O.)\nOne\n  two\n  \nthree\n\nBOB (CONT'D)\nFour\n\n@McX (a) (b)\nFive") == [
                "BOB: One two three", "BOB: Four", "McX: Five",
            ])
        #expect(said("_BOB_ (x)\nA *very* **good** ***day***, _sir_\t now") == ["BOB: A very good day, sir now"])
        #expect(said("BOB\nOne [[not this]] two /* nor\n\nthis */ three") == ["BOB: One two three"])
        #expect(said("BOB\nOne\n[[n]]\ntwo\n/* b */\n\nthree") == ["BOB: One two"])
    }

    @Test func aParentheticalInTheMiddleStartsALine() {
        let text = "BOB\n(softly)\nOne.\n(louder)\n[[n]]\n( to *Mia* )\nTwo.\n()\nThree.\n(beat)"
        #expect(said(text) == ["BOB (softly): One.", "BOB (louder, to Mia): Two.", "BOB: Three."])
        #expect(parse(text).lines.map(\.location.line) == [1, 4, 8])
        #expect(said("@BOB\n\nMIA\n(waves)\n\nx") == [])
    }

    @Test func dualSpeechesStayInOrder() {
        let lines = parse("A\nx\n\nB ^\ny\n(z)\nw\n\nC\nv").lines
        #expect(lines.map(\.speaker) == ["A", "B", "B", "C"])
        #expect(lines.map(\.isDual) == [false, true, true, false])
    }

    @Test func chapters() {
        let script = parse("A\n1\n\n# One\n\nA\n2\n\n## Part\n\nB\n3\n\n# *Two*\n# Three\n\nA\n4")
        #expect(script.chapters.map(\.title) == ["", "One", "Two", "Three"])
        #expect(script.chapters.map(\.lines) == [0..<1, 1..<3, 3..<3, 3..<4])
        #expect(script.chapters.map(\.location.line) == [1, 4, 14, 15])
        #expect(parse("SFX: x\n\n# One\n\nA\n1").chapters.map(\.title) == ["One"])
        #expect(parse("A\n1").chapters.map(\.lines) == [0..<1])
        #expect(parse("# One").chapters.map(\.lines) == [0..<0])
    }

    @Test func cues() {
        let script = parse("MUSIC: theme\n\nA\n1\n\nSFX: big *bell* [[loud]]\n\nA\n2\nSFX: spoken\n\nSFX: end")
        #expect(script.cues.map(\.name) == ["theme", "big bell", "end"])
        #expect(script.cues.map(\.kind) == [.music, .effect, .effect])
        #expect(script.cues.map(\.beforeLine) == [0, 1, 2])
        #expect(script.cues[1].location == SourceLocation(file: "test.fountain", line: 6, column: 1))
        #expect(script.lines[1].text == "2 SFX: spoken")
    }

    @Test func emphasis() {
        func plain(_ text: String) -> String { Emphasis.plain(text) }
        #expect(plain("*a* **b** ***c*** _d_ _*e*_ **_f_**") == "a b c d e f")
        #expect(plain("He dialed *69 and then *23, and 2 * 3 * 4") == "He dialed *69 and then *23, and 2 * 3 * 4")
        #expect(plain("\\*a\\* \\_b\\_ \\\\ c:\\dir") == "*a* _b_ \\ c:\\dir")
        #expect(plain("snake_case_name _x y_") == "snake_case_name x y")
        #expect(plain("*one\ntwo*") == "*one\ntwo*")
        #expect(plain("**a *b* c**") == "a b c")
        #expect(plain("***a* b**") == "a b")
        #expect(plain("****a****") == "****a****")
        let runs = Emphasis.runs(of: "a **b *c*** _d_")
        #expect(runs.map(\.text) == ["a ", "b ", "c", " ", "d"])
        #expect(runs.map(\.style) == [[], .bold, [.bold, .italic], [], .underlined])
    }

    @Test(arguments: [
        ("The *big* dog.", ["big"]), ("The big dog.", []), ("*The **big dog***.", []), ("A **very\tbig** _dog_, \\*no\\*", ["very", "big", "dog,"]),
        ("One\n*two* three\n[[note]]\n*four*.", ["two", "four."]), ("un*believ*able, it is", ["unbelievable,"]),
        ("* two * stars", []), ("One [[pause 1s]] *two* [[sfx: x]] three", ["two"]), ("*one [[sfx: x]] two* three", ["one", "two"]),
        ("*one [[pause 1s]] two* three", ["two"]), ("a *[[sfx: x]]b* c", ["b"]), ("a *[[sfx: x]] b* c", ["b"]), ("a \u{10FFFC} *b*", []),
    ]) func wordsWithEmphasisStandOut(_ text: String, _ words: [String]) {
        let found = parse("BOB\n\(text)").lines.map { line in
            let said = line.text.split(separator: " ").map(String.init)
            return line.stressed.map { said[$0] }
        }
        #expect(found.flatMap(\.self) == words)
        #expect(parse("BOB\n\(text)").lines.map(\.text).joined().unicodeScalars.contains("\u{10FFFC}") == text.unicodeScalars.contains("\u{10FFFC}"))
    }
}
