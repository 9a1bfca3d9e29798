import Testing

@testable import EpScript

/// What is written out and read again is the same script.
struct RoundTripTests {
    /// Pieces of lines that mean something, and that meet here as no person would have them meet.
    private static let pieces = [
        "BOB", "Bob", "ÉLODIE", "黒澤", "R2D2", "23", "INT. HOUSE - DAY", "int. house", "EST ", ".HILL", "..", "CUT TO:", "TO:",
        "hello", "Hello there", "SFX: bell", "MUSIC:", "SFX:", "sfx: x", "MUSIC: song", "Title: x", "KEY:", "Author:", "a:b", "(softly)",
        "(", ")", "()",
        "(a) (b)", "^", "^^", "@", "!", "~", ">", "<", "> x <", "><", "#", "##", "# A", "#1#", "#1-a.#", "=", "==", "===", "====", "= s",
        "*", "**", "_", "\\", "*a*", "_b_", "[[", "]]", "[[n]]", "[[ n ]]", "[[", "/*", "*/", "/* b */", "/**/", "[[]]", "[[a\nb]]",
        "[[a\n  \nb]]", "[[a\n\nb]]",
        "/*\n\n*/", "/*\nBOB\n*/", " ", "  ", "    ", "\t", ".", ":", "\u{A0}", "\u{0}", "🚀", ".5", "!x", "!!", "@@X", "~~", "(V.O.)",
        "(CONT'D)", "\u{C}",
        "\u{FEFF}", "\u{200B}", "\u{3000}", "NORA:", "：", "^ (V.O.)", "---", "* * *", "[SFX: x]", "(MUSIC: y)", "*(softly)*", "（x）", "(a",
        "b)", "Hi /* b", "!y", "@Mia",
    ]
    private static let ends = ["\n", "\n", "\n", "\n\n", "\n\n", "\n  \n", "\n \n", "\r\n", "\r", "\r\n\r\n", "\n\t\n", "\n\u{A0}\n"]

    static func hostileScript(_ random: inout Seeded) -> String {
        var text = Int.random(in: 0..<8, using: &random) == 0 ? "\u{FEFF}" : ""
        for _ in 0..<Int.random(in: 1..<14, using: &random) {
            for _ in 0..<[1, 1, 1, 2, 2, 3, 4].randomElement(using: &random)! {
                text += pieces.randomElement(using: &random)!
                if Int.random(in: 0..<3, using: &random) == 0 { text += " " }
            }
            text += ends.randomElement(using: &random)!
        }
        return text
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func hostileScriptsSurvive(seed: UInt64) {
        var random = Seeded(seed)
        for round in 0..<1_000 {
            let source = Self.hostileScript(&random)
            let script = parse(source)
            let written = script.fountain
            let again = parse(written)
            let isSame = script.isSame(as: again) && again.fountain == written && Self.hears(script) == Self.hears(again)
            #expect(
                isSame,
                "seed \(seed), round \(round): \(source.debugDescription) -> \(written.debugDescription)\n\(script.outline)\n\(again.outline)"
            )
            if !isSame { return }
        }
    }

    /// Everything that is heard, without places.
    private static func hears(_ script: Script) -> [String] {
        script.lines.map { "\($0.speaker)|\($0.delivery)|\($0.text)|\($0.isDual)" }
            + script.chapters.map { "\($0.title)|\($0.lines)" } + script.cues.map { "\($0.kind)|\($0.name)|\($0.beforeLine)" }
    }

    /// Random bytes, forced into UTF-8, and a whole script with some bytes replaced.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func damagedTextIsRead(seed: UInt64) {
        var random = Seeded(seed)
        for round in 0..<400 {
            var bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            if round.isMultiple(of: 2) {
                bytes = Array(RoundTripTests.hostileScript(&random).utf8)
                for _ in 0..<4 where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let source = String(decoding: bytes, as: UTF8.self)
            let script = parse(source)
            let count = source.utf8.count
            let areInside = script.elements.allSatisfy { $0.span.bytes.upperBound <= count && $0.span.line > 0 && $0.span.column > 0 }
            #expect(areInside, "seed \(seed), round \(round)")
            #expect(script.isSame(as: parse(script.fountain)), "seed \(seed), round \(round): \(source.debugDescription)")
        }
    }

    @Test func writesWhatAPersonWouldWrite() {
        let source = """
            Title: How Rockets Work
            Author:
                Oliver
                Mia

            # Lift-off
            = The question.

            INT. WORKSHOP - DAY #1A#

            SFX: hammer

            OLIVER (V.O.)
            (whispering)
            Listen. [[Pause here.]]
              
            It is *close* now.

            MIA ^
            ~Fly me to the moon
            ~and back

            @McTavish
            No.

            !BOOM
            goes the rocket

            > THE END <

            > FADE OUT.

            /* Not this:

            MIA
            Yes. */

            ===

            """
        #expect(parse(source).fountain == source)
    }

    @Test func nothingIsWrittenAsNothing() {
        #expect(parse("").fountain == "")
        #expect(parse("\u{FEFF}\r\n \r\n").fountain == "")
    }
}
