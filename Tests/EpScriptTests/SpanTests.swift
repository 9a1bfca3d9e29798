import EpCore
import Testing

@testable import EpScript

struct SpanTests {
    private static let source = """
        Title: A
        Notes:
            b
            c

        # Öffnung

        INT. HOUSE #1#
          SFX: bell

          BOB (V.O.) ^
          (a)
          One [[n]] é [[m]]
          two

          !Bang
        and  /* x
        y */ on
        [[z]] [[w]]  Last
        """

    @Test func slicesAreWhatIsMeant() {
        let script = parse(Self.source)
        #expect(script.elements.map { $0.slice(of: Self.source) } == [
            "# Öffnung", "INT. HOUSE #1#", "SFX: bell", "BOB (V.O.) ^", "(a)", "One [[n]] é [[m]]\n  two", "[[n]]", "[[m]]",
            "!Bang\nand  /* x\ny */ on\n[[z]] [[w]]  Last", "/* x\ny */", "[[z]]", "[[w]]",
        ])
        let titles = script.titlePage.map { String(decoding: Array(Self.source.utf8)[$0.span.bytes], as: UTF8.self) }
        #expect(titles == ["Title: A", "Notes:\n    b\n    c"])
    }

    @Test func linesAndColumns() {
        let places = parse(Self.source).elements.map { "\($0.span.line):\($0.span.column)" }
        #expect(places == ["6:1", "8:1", "9:3", "11:3", "12:3", "13:3", "13:7", "13:15", "16:3", "17:6", "19:1", "19:7"])
    }

    @Test func indentedActionBeginsWithItsIndentation() {
        let source = "x\n\n    y [[n]]\n"
        #expect(parse(source).elements[1].slice(of: source) == "    y [[n]]")
        #expect(parse(source).elements[1].text == "    y")
    }

    @Test func badUTF8IsFound() throws {
        func error(_ bytes: [UInt8]) -> Diagnostic? {
            do throws(Diagnostic) { _ = try Script(parsing: bytes, file: "a.fountain") } catch { return error }
            return nil
        }
        let latin = try #require(error(Array("BOB\nÜber ".utf8) + [0xE9, 0x20] + Array("x".utf8)))
        #expect(latin.location == SourceLocation(file: "a.fountain", line: 2, column: 6))
        #expect(latin.code == .badInput)
        #expect(latin.remedy?.contains("UTF-8") == true)
        #expect(error([0xFF, 0xFE, 0x42, 0x00])?.message.contains("UTF-16") == true)
        #expect(error([0xFF, 0xFE, 0x42, 0x00])?.location?.line == 1)
        #expect(error(Array("x\r\n".utf8) + [0xC3])?.location == SourceLocation(file: "a.fountain", line: 2, column: 1))
        #expect(error(Array("🚀".utf8)) == nil)
    }
}
