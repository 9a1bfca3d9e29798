import Testing

@testable import EpExecution

/// What programs print, as it reaches a terminal.
@Suite struct ProgramMessagesTests {
    @Test(arguments: [
        ("plain\n\n  \ntwo\n", ["plain", "two"]), ("\u{1B}[31mred\u{1B}[0m", ["red"]), ("10 %\r50 %\r100 %\n", ["100 %"]),
        ("done\r\n", ["done"]),
        ("\u{1B}]0;title\u{7}after", ["after"]), ("\u{1B}]52;c;eA==\u{1B}\\after", ["after"]), ("\u{1B}Pq#0\u{1B}\\after", ["after"]),
        ("\u{9B}2Jafter", ["after"]),
        ("a\u{8}b\u{7}c\u{0}d", ["abcd"]), ("\u{1B}(Bx", ["x"]), ("\u{202E}evil", ["evil"]), ("a\tb", ["a    b"]),
        ("\u{1B}]0;never ends", []), ("\u{1B}", []),
    ])
    func nothingCommandsATerminal(_ printed: String, _ lines: [String]) {
        #expect(ProgramMessages.plain(printed) == lines)
    }

    @Test func theLastLinesAreKept() {
        let messages = ProgramMessages((1...40).map { "line \($0)\u{1B}[0m\n" }.joined())
        #expect(messages.plainLines == (29...40).map { "line \($0)" })
        #expect(messages.lines == (29...40).map { "line \($0)\u{1B}[0m" })
    }
}
