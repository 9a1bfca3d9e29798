import EpCore
import Testing

@Suite struct WrittenTextTests {
    @Test func aMarkIsNoText() throws {
        #expect(try WrittenText.decode([0xEF, 0xBB, 0xBF] + Array("ü".utf8), of: "a.md") == "ü")
        #expect(try WrittenText.decode([], of: "a.md") == "")
    }

    /// Lines end as they do everywhere; the mark takes no column.
    @Test(arguments: [
        ([0x61, 0xFF], 1, 2), ([0xEF, 0xBB, 0xBF, 0xFF], 1, 1), ([0xC3, 0xBC, 0x0D, 0x0A, 0xC3, 0xBC, 0xE9], 2, 2), ([0x0D, 0x0A, 0x0D, 0xFF], 3, 1),
    ] as [([UInt8], Int, Int)])
    func theFirstBadByteHasItsPlace(_ bytes: [UInt8], _ line: Int, _ column: Int) throws {
        let problem = try #require(WrittenText.problem(in: bytes, of: "a.md"))
        #expect(problem.message.hasPrefix("the file is not UTF-8: byte 0x") && problem.remedy == "save it as UTF-8", "\(problem)")
        #expect(problem.location == SourceLocation(file: "a.md", line: line, column: column), "\(problem)")
    }

    @Test(arguments: [
        ([0xFF, 0xFE, 0x41, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x41], "UTF-16"), ([0x41, 0, 0x42, 0], "UTF-16"), ([0, 0x41, 0, 0x42], "UTF-16"),
        (Array("PK\u{3}\u{4}x".utf8), "ZIP"), (Array("%PDF-1.7".utf8), "PDF"), (Array(#"{\rtf1 x}"#.utf8), "RTF"),
        ([0xD0, 0xCF, 0x11, 0xE0], "Word"),
    ] as [([UInt8], String)])
    func whatIsNoTextIsNamed(_ bytes: [UInt8], _ form: String) throws {
        let problem = try #require(WrittenText.problem(in: bytes, "the script", of: "a.fountain"))
        #expect(problem.message.hasPrefix("the script is ") && problem.message.contains(form), "\(problem)")
        #expect(problem.location == SourceLocation(file: "a.fountain", line: 1, column: 1))
    }

    @Test(arguments: ["A\0B", "{\\r", "%PD", "\0"]) func whatOnlyBeginsSoIsText(_ text: String) {
        #expect(WrittenText.problem(in: Array(text.utf8), of: "a.md") == nil)
    }
}
