import EpCore
import EpPlan
import Testing

@testable import EpDesk

/// Episodes that are to be made, read from a list.
@Suite struct EpisodeListTests {
    private func rows(_ text: String, _ file: String = "list.csv") throws -> [EpisodeList.Row] {
        try EpisodeList(Array(text.utf8), file: file).rows
    }

    @Test func cellsAreFieldsByTheNamesOfTheirColumns() throws {
        let found = try rows("\u{FEFF}title, number ,done\r\n\" The sea \", 7,true\r\n\r\n\"a\nb\",007,\r\n")
        #expect(found.map(\.location.line) == [2, 4], "an empty line is none")
        #expect(found[0].fields == [.init("title", .string("The sea")), .init("number", .int(7)), .init("done", .bool(true))])
        #expect(found[1].fields == [.init("title", .string("a\nb")), .init("number", .string("007"))])
    }

    /// As spreadsheets save them where a comma is the decimal point, and as plain text.
    @Test(arguments: [
        "title;number;length\r\n\"The sea; its salt\";7;3,5\r\n", "title\tnumber\tlength\nThe sea; its salt\t7\t3,5\n",
        "title,number,length\nThe sea; its salt,7,\"3,5\"\n",
    ])
    func theFirstLineTellsWhatStandsBetweenCells(text: String) throws {
        for file in ["list.csv", "LIST.TSV"] {
            let found = try rows(text, file)
            #expect(
                found.map(\.fields) == [
                    [.init("title", .string("The sea; its salt")), .init("number", .int(7)), .init("length", .string("3,5"))]
                ], "\(text)")
        }
    }

    @Test func otherMarksInNamesSeparateNothing() throws {
        #expect(try rows("title;so, or so\nA;B\n")[0].fields == [.init("title", .string("A")), .init("so, or so", .string("B"))])
        #expect(try rows("title\nTides; and what, if\n".replacing(",", with: ""))[0].fields.count == 1)
        let problem = try #require(throws: Diagnostic.self) { try rows("title;number\nA;1;2\n") }
        #expect(problem.message == "this line has 3 cells, and there are 2 columns")
        #expect(problem.remedy == "put a cell with a semicolon in it between quotation marks")
    }

    @Test(arguments: [
        ("title\nA\n\"B\n\"\"C\nD\n", 3, "a quotation mark is never closed"), ("title,\nA,B\n", 1, "column 2 has no name"),
        ("title\nA\nB,C\n", 3, "this line has 2 cells, and there are 1 columns"), ("guest\nAnn\n", 2, "neither a title nor a topic"),
    ])
    func whatIsWrongHasItsLine(text: String, line: Int, message: String) throws {
        let problem = try #require(throws: Diagnostic.self) { try rows(text) }
        #expect(problem.location == SourceLocation(file: "list.csv", line: line, column: 1))
        #expect(problem.message.contains(message) && problem.remedy != nil, "\(problem)")
    }

    @Test(arguments: ["", "\n", "title\n", "\u{FEFF}"]) func aListOfNothingIsNone(text: String) throws {
        #expect(throws: Diagnostic.self) { try rows(text) }
    }

    @Test func whatIsNoUTF8IsRefused() throws {
        let problem = try #require(throws: Diagnostic.self) { try EpisodeList([0x74, 0xFF], file: "list.csv") }
        #expect(problem.message == "the list is not UTF-8: byte 0xFF fits no character")
        #expect(problem.location == SourceLocation(file: "list.csv", line: 1, column: 2))
    }
}
