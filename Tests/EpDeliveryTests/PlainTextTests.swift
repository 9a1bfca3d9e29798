import Testing

@testable import EpDelivery

@Suite struct PlainTextTests {
    @Test func oneLineHasNoBreaksAndNoControls() {
        #expect(" a\r\n\tb\u{0}c \u{2028} d\u{7F}\u{85}".singleLine == "a bc d")
        #expect("\u{2007}\u{FEFF}5\u{A0}km\u{A0}\u{FFFF} \u{A0}".singleLine == "5\u{A0}km")
    }

    @Test func manyLinesKeepTheirBreaks() {
        #expect("a\r\nb\rc\nd\u{0}\te".multiLine == "a\nb\nc\nd\te")
        #expect("a\n\r\nb".multiLine == "a\n\nb")
    }

    @Test func whatIsInterpolatedIsEscapedUnlessItIsMarkup() {
        let text = "<a & \"b\">"
        let inner: Markup = "<b>\(text)</b>"
        #expect(("<p>\(inner)\(text)\(7)\(nil as Markup?)</p>" as Markup).text
            == "<p><b>&lt;a &amp; &quot;b&quot;&gt;</b>&lt;a &amp; &quot;b&quot;&gt;7</p>")
    }
}
