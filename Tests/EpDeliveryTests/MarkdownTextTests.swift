import Testing

@testable import EpDelivery

@Suite struct MarkdownTextTests {
    @Test(arguments: [
        ("One *two* **three** `four`", "<p>One <em>two</em> <strong>three</strong> <code>four</code></p>"),
        ("[a](https://x.example/?a=1&b=2)", "<p><a href=\"https://x.example/?a=1&amp;b=2\">a</a></p>"),
        ("# Top\n\n### Deep", "<h2>Top</h2>\n<h3>Deep</h3>"), ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<https://x.example>", "<p><a href=\"https://x.example\">https://x.example</a></p>"),
        ("a <b>c</b> & \"d\"", "<p>a &lt;b&gt;c&lt;/b&gt; &amp; &quot;d&quot;</p>"),
        ("<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p><a href=\"\">x</a></p>"), ("", ""), ("a\u{0}\u{7}b\r\nc", "<p>ab\nc</p>"),
    ])
    func asHTML(_ text: String, _ html: String) { #expect(MarkdownText(text).html.text == html) }

    @Test(arguments: [
        ("One *two*\nthree  \nfour", "One two three\nfour"),
        ("[a](https://x.example) and <https://y.example>", "a (https://x.example) and https://y.example"),
        ("# Top\n\nText\n\n- a\n- b\n\nEnd", "Top\n\nText\n\n- a\n- b\n\nEnd"), ("<b>x</b> &amp; `y`", "<b>x</b> & y"), ("", ""),
    ])
    func asPlainText(_ text: String, _ plain: String) { #expect(MarkdownText(text).plainText == plain) }

    /// Notes of the person's own stand in place of summary and learning points, and nowhere else.
    @Test func notesStandInPlaceOfTheSummary() {
        var episode = Sample.episode
        episode.notes = MarkdownText("\nMine, with [a link](https://x.example).\n\n")
        let notes = ShowNotes(show: Sample.show, episode: episode, chapters: Sample.chapters)
        let usual = ShowNotes(show: Sample.show, episode: Sample.episode, chapters: Sample.chapters)
        #expect(notes.markdown().contains("\n\nMine, with [a link](https://x.example).\n\n## Chapters\n"))
        #expect(notes.html().hasPrefix("<p>Mine, with <a href=\"https://x.example\">a link</a>.</p>\n<h2>Chapters</h2>"))
        #expect(!notes.markdown().contains("What you will learn") && usual.markdown().contains(usual.beginning().split(separator: "\n")[0]))
        #expect(usual.beginning().hasSuffix("\n") && usual.markdown().contains(usual.beginning()))
    }
}
