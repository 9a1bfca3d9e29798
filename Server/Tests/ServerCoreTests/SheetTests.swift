import EpCore
import EpPlan
import Testing

@testable import ServerCore

/// A file of comma-separated values, as a page shows it.
@Suite struct SheetTests {
    private func shown(_ text: String, as name: String = "sheet.csv") -> String {
        let blob = MadeBlob(target: Target(parsing: "sheet"), name: name, digest: Digest(of: Array(text.utf8)))
        return Pieces.media(blob, text: text).text
    }

    @Test func aTableIsShownAsOne() {
        let html = shown("name,said\nAnn,\"a <b>, b\"\nBob\n")
        #expect(html.contains("<th scope=\"col\">name</th>") && html.contains("<td>a &lt;b&gt;, b</td>"))
        #expect(html.contains("<td>Bob</td><td></td>"), "a row that is short has empty cells")
        #expect(!shown("a,b\n", as: "sheet.txt").contains("<table"))
    }

    /// Where its cells end, nobody can know: nothing is guessed, and nothing is left out.
    @Test func aQuotationThatIsNeverClosedIsShownAsItStands() {
        let html = shown("name,said\nAnn,\"a, b\nBob,c\n")
        #expect(!html.contains("<table") && html.contains("Ann,&quot;a, b\nBob,c\n</pre>"), "\(html)")
    }
}
