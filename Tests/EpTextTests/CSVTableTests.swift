import EpText
import Testing

@Suite struct CSVTableTests {
    private func cells(_ text: String) throws -> [[String]] { try CSVTable(text).rows.map(\.cells) }

    @Test(arguments: [
        ("", []), ("a", [["a"]]), ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,", [["a", ""]]), (",", [["", ""]]),
        (" a , b ", [[" a ", " b "]]), ("ä,蜂\n", [["ä", "蜂"]]),
    ])
    func cellsAreWhatStandsBetweenCommas(text: String, expected: [[String]]) throws { #expect(try cells(text) == expected) }

    @Test(arguments: [
        ("\"a,b\",c", [["a,b", "c"]]), ("\"a \"\"x\"\" b\"", [["a \"x\" b"]]), ("\"\"\"\"", [["\""]]), ("\"\",b", [["", "b"]]), ("\"\"", [[""]]),
        // White space before the quotation is none of the cell, and what follows it is.
        (" \"a,b\"", [["a,b"]]), ("\"a\"b,c", [["ab", "c"]]), ("\"a\" \"b\",c", [["a \"b\"", "c"]]), ("\"\"x\"y,z", [["x\"y", "z"]]),
        // A quotation mark within a cell is a letter.
        ("x\"y,5\",z", [["x\"y", "5\"", "z"]]),
    ])
    func cellsMayBeQuoted(text: String, expected: [[String]]) throws { #expect(try cells(text) == expected) }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func anyLineEndEndsARow(end: String) throws {
        #expect(try cells("a,b\(end)1,2") == [["a", "b"], ["1", "2"]])
        #expect(try cells("a\(end)") == [["a"]], "an empty last line is none")
        #expect(try cells("a\(end)\(end)b\(end)") == [["a"], [""], ["b"]])
        #expect(try cells("\"a\(end)b\",c\(end)d") == [["a\(end)b", "c"], ["d"]])
        #expect(try CSVTable("\"a\(end)b\"\(end)\(end)c").rows.map(\.line) == [1, 3, 4])
    }

    @Test func emptyLinesAreTold() throws {
        #expect(try CSVTable("a\n\n,\n\"\"\n").rows.map(\.isEmpty) == [false, true, false, true])
    }

    @Test func aByteOrderMarkIsNoneOfTheText() throws {
        #expect(try cells("\u{FEFF}a,b") == [["a", "b"]])
        #expect(try cells("\u{FEFF}\"a\"") == [["a"]])
        #expect(try cells("\u{FEFF}") == [])
        #expect(try cells("a,\u{FEFF}b") == [["a", "\u{FEFF}b"]])
    }

    /// To a `Character` these are one letter with what they follow.
    @Test(arguments: ["\u{301}", "\u{20DD}", "\u{200D}"])
    func marksThatCombineHideNothing(mark: String) throws {
        #expect(try cells("a,\(mark)b") == [["a", "\(mark)b"]])
        #expect(try cells("\"\(mark)a,\"\(mark),b") == [["\(mark)a,\(mark)", "b"]])
        #expect(try cells("a\n\(mark)") == [["a"], [mark]])
    }

    /// Separators of lines and paragraphs are letters of a text, as they are for every spreadsheet.
    @Test func otherSeparatorsAreLetters() throws { #expect(try cells("a\u{2028}b,c\u{85}d\u{0B}\n") == [["a\u{2028}b", "c\u{85}d\u{0B}"]]) }

    @Test(arguments: [("\"", 1), ("a,\"b\n", 1), ("a\r\n\"b\"\r\nc,\"d\r\ne\"\"\r\n", 3), ("a\n\n\"b\"\"", 3), ("\"a\nb\",\"c", 2)])
    func aQuotationThatIsNeverClosedIsTold(text: String, line: Int) {
        #expect(throws: CSVTable.UnclosedQuotation(line: line)) { try CSVTable(text) }
    }

    @Test func noMoreRowsThanAskedForAreRead() throws {
        #expect(try CSVTable("1\n2\n3", limit: 2).rows.map(\.cells) == [["1"], ["2"]])
        #expect(try CSVTable("1\n2\n\"3", limit: 2).rows.count == 2)
        #expect(try CSVTable("1", limit: 0).rows.isEmpty)
    }

    /// What is written by the rules is read as it was.
    @Test func whatIsWrittenIsRead() throws {
        let letters = ["\"", ",", "\n", "\r", "\r\n", " ", "a", "é", "\u{301}", "\u{FEFF}"]
        var random = RandomText(for: "a table that is written and read")
        for _ in 0..<500 {
            let rows = (0..<random.number(0...4)).map { _ in
                (0...random.number(0...3)).map { _ in
                    (0..<random.number(0...6)).map { _ in letters[random.number(0...letters.count - 1)] }.joined()
                }
            }
            let lines = rows.map { cells in cells.map { "\"\(Self.doubled($0))\"" }.joined(separator: ",") + "\r\n" }
            #expect(try cells(lines.joined()).map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } })
        }
    }

    private static func doubled(_ cell: String) -> String {
        String(String.UnicodeScalarView(cell.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }))
    }

    /// A text of marks alone takes no longer for its kind.
    @Test(arguments: ["\"", " ", ",", "\n", " \"", "x\"", "\"\"\","]) func aLongTextTakesTimeByItsLength(part: String) {
        func seconds(_ count: Int) -> Double {
            let text = String(repeating: part, count: count)
            let start = processorSeconds()
            _ = try? CSVTable(text)
            return processorSeconds() - start
        }
        let short = seconds(20_000)
        #expect(seconds(200_000) < max(short, 0.001) * 40)
    }
}
