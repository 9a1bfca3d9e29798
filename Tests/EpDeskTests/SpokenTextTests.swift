import EpCore
import Testing

@testable import EpDesk

/// The words of one speech are replaced where they stand, and nothing around them.
@Suite struct SpokenTextTests {
    private static let script = "# One\r\n\n@Ann\n(softly)\n  The tide\n  comes in.\n\nBEN\nThe tide comes in. [[pause 1]]\n"

    private func changed(_ old: String, _ new: String, at line: Int) throws -> String {
        String(decoding: try SpokenText(Array(Self.script.utf8), file: "s.fountain").replacing(old, with: new, at: line), as: UTF8.self)
    }

    @Test(arguments: [3, 5]) func wordsOfSeveralLinesBecomeOne(_ line: Int) throws {
        let expected = Self.script.replacing("  The tide\n  comes in.\n\nBEN", with: "  It is late.\n\nBEN")
        #expect(try changed("The tide comes in.", " It  is late. ", at: line) == expected)
    }

    @Test func whatStandsAmongMarksIsLeftToAnEditor() {
        let problem = #expect(throws: Diagnostic.self) { try changed("The tide comes in.", "It is late.", at: 9) }
        #expect(problem?.message.contains("s.fountain:9") == true && problem?.remedy != nil)
    }

    @Test(arguments: ["", "  ", "(whispering) x", "# Two", "= x", "> left", "!BANG", "~la", "a [[note]]", "a /* b", "[x", ".x"])
    func whatIsNoSpeechIsRefused(_ words: String) { #expect(throws: Diagnostic.self) { try changed("The tide comes in.", words, at: 3) } }

    @Test func aLineThatIsNotThereIsNone() { #expect(throws: Diagnostic.self) { try changed("The tide comes in.", "x", at: 99) } }
}
