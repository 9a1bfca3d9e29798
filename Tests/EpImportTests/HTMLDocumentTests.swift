import EpImport
import Testing

@Suite struct HTMLDocumentTests {
    private static let page = """
        <!DOCTYPE html><html lang="de"><head><title>Gezeiten – Meine Seite</title><style>p { color: red }</style></head><body>
        <header><a href="/">Start</a></header><nav><ul><li>Menü</li></ul></nav>
        <main><article><h1>Wie die Gezeiten entstehen</h1><p>Zweimal am Tag kommt<br>das Meer.</p>
        <p hidden>Geheim</p><div style="display: none">Unsichtbar</div><p aria-hidden="true">Zierde</p><script>alert("x")</script>
        <h2>Zahlen</h2><table><tr><th>Ort</th><th>Hub</th></tr><tr><td>Eins</td><td>Zwei</td></tr><tr><td>A</td><td>B</td></tr></table>
        <dl><dt>Ebbe</dt><dd>das Wasser geht</dd><dt>Flut</dt><dd>es kommt 🌊</dd></dl>
        <blockquote><p>Das Meer folgt dem Mond.</p><footer>— <cite>Beda</cite></footer></blockquote>
        <figure><img src="hafen.png" alt=""><figcaption>Ein Hafen</figcaption></figure>
        <pre><code>hub = 4\nprint(hub)</code></pre><aside>Werbung</aside><video src="x.mp4"></video></article></main>
        <footer>Impressum</footer></body></html>
        """

    @Test func onlyWhatThePageHasToSayIsRead() throws {
        let adapted = try Adapted(Self.page)
        #expect(adapted.list.language == "de")
        #expect(
            adapted.shown == [
                "title Wie die Gezeiten entstehen: Zweimal am Tag kommt das Meer.",
                "list Zahlen: Eins: Hub Zwei. A: Hub B.", "list Zahlen: Ebbe: das Wasser geht. Flut: es kommt 🌊.",
                "quote Zahlen: Das Meer folgt dem Mond. Beda.",
                "image Ein Hafen: Ein Hafen.", "code Zahlen: ",
            ])
        #expect(adapted.scenes[3].by == "Beda")
        #expect(adapted.scenes[5].text == "hub = 4\nprint(hub)")
        let all = adapted.shown.joined()
        for word in ["Menü", "Start", "Impressum", "Geheim", "Unsichtbar", "Zierde", "alert", "Werbung", "color",
            "EinsZwei"] { #expect(!all.contains(word), "\(word)") }
        let told = adapted.list.dropped.joined(separator: "\n")
        #expect(told.contains("a video") && told.contains("remarks at the side"))
    }

    @Test func aPageWithoutMainIsReadByItsBody() throws {
        let adapted = try Adapted(
            "<html><body><nav>Menu</nav><h1>Tides</h1>Loose words<div>in a box</div><ul><li>one</li><li>two<ul><li>three</li></ul></li></ul></body></html>"
        )
        #expect(
            adapted.shown == [
                "title Tides: Loose words in a box",
                "list : one, two three.",
            ] || adapted.shown == ["title Tides: Loose words in a box one. two three."], "\(adapted.shown)")
        #expect(adapted.scenes.last?.points == ["one", "two three"])
    }

    @Test(arguments: [
        String(repeating: "<div>", count: 100_000), String(repeating: "<b><i>", count: 3_000) + "x", String(repeating: "<table><tr><td>",
            count: 2_000), String(repeating: "<svg>", count: 50_000),
    ])
    func whatIsNestedTooDeepIsRefused(body: String) {
        let said = complaint(adapting: Array("<html><body>\(body)</body></html>".utf8))
        #expect(said.contains("nested"), "\(said.prefix(200))")
    }

    @Test(arguments: [
        "<html><body><p>x" + String(repeating: "<p>", count: 50_000), "<html><<<<>>>><p>x</body",
        "<html><body><p>&#x110000; &#0; &nosuch; x</p>",
        "<html><body><p title=\"" + String(repeating: "a", count: 100_000),
        "<html><body>" + String(repeating: "<br>", count: 100_000) + "x", "<html><body><p>x<!-- " + String(repeating: "-", count: 10_000),
        "<html><body><h1></h1><p></p><img><table></table>x",
    ])
    func brokenPagesAreReadAsFarAsTheyGo(page: String) throws {
        do {
            #expect(try !Adapted(page).scenes.isEmpty)
        } catch {
            #expect("\(error)".contains("there are no words") , "\(error)")
        }
    }

    @Test func aPageOfDataIsRefused() {
        let said = complaint(adapting: Array("<html><body>".utf8) + [UInt8](repeating: 0x61, count: 9 << 20))
        #expect(said.contains("more than 8 MB of HTML"))
    }
}
