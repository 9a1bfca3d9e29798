import EpCore
import Testing

@testable import EpDelivery

@Suite struct FeedTests {
    private static func item(_ episode: EpisodeFacts = Sample.episode) -> FeedItem {
        FeedItem(
            episode: episode, chapters: Sample.chapters,
            enclosure: .init(url: "https://example.org/ep001.mp3?from=feed&v=1", digest: Digest(of: Array("hello".utf8))),
            transcripts: [
                .init(url: "https://example.org/ep001.vtt", format: .webVTT),
                .init(url: "https://example.org/ep001.json", format: .json),
            ],
            chaptersURL: "https://example.org/ep001.chapters.json", link: "https://example.org/ep001.html",
            coverURL: "https://example.org/ep001.jpg")
    }

    @Test func itemCarriesEverythingThatPlayersLookFor() {
        let xml = Feed(show: Sample.show, items: [Self.item()]).xml()
        for line in [
            "<podcast:guid>f2e22924-eae2-57d5-872d-d4cdb306bc8b</podcast:guid>",
            "<itunes:category text=\"Kids &amp; Family\"><itunes:category text=\"Education for Kids\"/></itunes:category>",
            "<guid isPermaLink=\"false\">deed3982-d167-5d2d-9ad1-1dde46f9bbcd</guid>",
            "<pubDate>Sun, 01 Mar 2026 00:00:00 +0000</pubDate>",
            "<enclosure url=\"https://example.org/ep001.mp3?from=feed&amp;v=1\" length=\"5\" type=\"audio/mpeg\"/>",
            "<itunes:duration>62</itunes:duration>", "<podcast:season>1</podcast:season>", "<podcast:episode>1</podcast:episode>",
            "<podcast:chapters url=\"https://example.org/ep001.chapters.json\" type=\"application/json+chapters\"/>",
            "<podcast:transcript url=\"https://example.org/ep001.vtt\" type=\"text/vtt\" rel=\"captions\"/>",
            "<podcast:transcript url=\"https://example.org/ep001.json\" type=\"application/json\"/>",
            "<podcast:person role=\"host\" group=\"cast\">Oliver</podcast:person>",
            "<podcast:integrity type=\"sri\" value=\"sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\"/>",
        ] {
            #expect(xml.split(separator: "\n").contains(Substring(line)), "\(line)")
        }
        #expect(xml.contains("<podcast:txt purpose=\"ai-content\">The voices of Narrator"))
    }

    /// Whatever a person has written stays text, and every episode can be played and opened.
    @Test func theShowsPageListsItsEpisodes() {
        var (show, item) = (Sample.show, Self.item())
        show.description = "<b>Bees</b> & more"
        (item.episode.title, item.link, item.enclosure.url) = ("One \"quoted\" <title>", "../one/out/a.html", "../one/out/a.mp3")
        let page = ShowPage(show: show, items: [item], cover: "cover.png").html()
        for part in [
            "<h2><a href=\"../one/out/a.html\">One &quot;quoted&quot; &lt;title&gt;</a></h2>", "src=\"../one/out/a.mp3\"",
            "<p>&lt;b&gt;Bees&lt;/b&gt; &amp; more</p>",
            "<img src=\"cover.png\"", "href=\"https://example.org/workshop/feed.xml\"",
            "aria-label=\"One &quot;quoted&quot; &lt;title&gt;\"",
        ] { #expect(page.contains(part), "\(part)\n\(page)") }
        #expect(!page.contains("<script") && !page.contains("<b>"))
        show.feedURL = nil
        #expect(!ShowPage(show: show, items: []).html().contains("rss"))
    }

    @Test func whatIsNotKnownIsLeftOut() {
        let show = ShowFacts(title: "S", description: "", author: "A", link: "https://e.example", guid: Sample.show.guid)
        let episode = EpisodeFacts(title: "E", summary: "", duration: .zero, guid: "g")
        let item = FeedItem(episode: episode, enclosure: .init(url: "u", digest: .empty))
        let xml = Feed(show: show, items: [item]).xml()
        for tag in [
            "pubDate", "lastBuildDate", "itunes:image", "itunes:season", "podcast:txt", "podcast:person", "itunes:owner", "atom:link href",
        ] {
            #expect(!xml.contains("<\(tag)"), "\(tag)")
        }
    }

    /// Apple takes neither a season nor an episode 0.
    @Test func nothingIsNumberedNought() {
        var episode = Sample.episode
        (episode.season, episode.number) = (0, 0)
        let xml = Feed(show: Sample.show, items: [Self.item(episode)]).xml()
        #expect(
            !xml.contains("<itunes:episode>") && !xml.contains("<itunes:season>") && xml.contains("<podcast:episode>0</podcast:episode>"))
    }

    @Test func theOwnerHasANameOfTheirOwn() {
        var show = Sample.show
        show.ownerName = "Office & Co"
        #expect(
            Feed(show: show, items: []).xml().contains(
                "<itunes:owner>\n<itunes:name>Office &amp; Co</itunes:name>\n<itunes:email>ada@example.org</itunes:email>"))
    }

    @Test(arguments: [
        ("http://localhost:8080/a", true), ("https://LOCALHOST", true), ("http://127.0.0.1/x", true), ("http://127.9.9.9", true),
        ("http://[::1]:80/", true), ("http://0.0.0.0", true),
        ("http://user@localhost/", true), ("https://192.168.1.4/pod", true), ("https://172.20.0.1", true), ("http://10.0.0.1", true),
        ("https://studio.local/", true),
        ("https://box", true), ("https://a.localhost.", true), ("https://example.org", false), ("https://172.32.0.1", false),
        ("https://8.8.8.8", false),
        ("https://localhost.example.org", false), ("https://mylocalhost.org/localhost", false),
    ])
    func anAddressOfThisNetworkIsKnown(_ address: String, _ isLocal: Bool) throws {
        #expect(try #require(WebAddress(address)).isLocal == isLocal)
    }

    /// An address is escaped where one must stand; what a feed is known by stays as it was.
    @Test func lettersOutsideASCIIAreEscapedInAddresses() {
        var show = Sample.show
        (show.link, show.feedURL) = ("https://example.org/über uns", "https://example.org/über uns/feed.xml")
        let text = Feed(show: show, items: []).xml()
        #expect(text.contains("<atom:link href=\"https://example.org/%C3%BCber%20uns/feed.xml\""))
        #expect(text.contains("<link>https://example.org/%C3%BCber%20uns</link>") && !text.contains("über"), "\(text)")
        #expect(text.contains("<podcast:guid>f2e22924-eae2-57d5-872d-d4cdb306bc8b</podcast:guid>"))
        #expect(ShowPage(show: show, items: [], cover: nil).html().contains("https://example.org/%C3%BCber%20uns/feed.xml"))
        show.link = "https://example.org/a%20b?c=d&e#f"
        #expect(Feed(show: show, items: []).xml().contains("<link>https://example.org/a%20b?c=d&amp;e#f</link>"), "twice is once")
    }

    @Test func nothingDependsOnTheClock() {
        #expect(Feed(show: Sample.show, items: [Self.item()]).xml() == Feed(show: Sample.show, items: [Self.item()]).xml())
    }

    /// Random and hostile texts, read back by an XML parser and by feedparser.
    @Test(.enabled(if: Programs.has("python3"))) func parsersReadBackEveryText() throws {
        guard let python = Python.path else { return }
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let titles = Sample.hostile + (0..<150).map { _ in random.text(60) }
        let items = titles.enumerated().map { index, title in
            var episode = Sample.episode
            (episode.title, episode.guid, episode.summary, episode.disclosure) = (title, "guid-\(index)", title, title)
            episode.people = [Person(name: "n " + title, role: .init(title))]
            var item = Self.item(episode)
            item.enclosure.url += title
            return item
        }
        try Programs.inDirectory { programs in
            try programs.write(Feed(show: Sample.show, items: items).xml().utf8, to: "feed.xml")
            try programs.write(Value.list(titles.map { .string($0.singleLine) }).json().utf8, to: "titles.json")
            try programs.write(Self.check.utf8, to: "check.py")
            let outcome = try programs.run([python, "check.py"])
            #expect(outcome.status == 0, "seed \(seed): \(outcome.errors.suffix(2000))")
            #expect(outcome.output == "\(titles.count) items\n")
        }
    }

    private static let check = """
        import feedparser, json, sys
        import xml.etree.ElementTree as tree
        titles = json.load(open("titles.json", encoding="utf-8"))
        channel = tree.parse("feed.xml").getroot().find("channel")
        podcast = "{https://podcastindex.org/namespace/1.0}"
        items = channel.findall("item")
        assert len(items) == len(titles)
        for index, (item, title) in enumerate(zip(items, titles)):
            assert (item.findtext("title") or "") == title, (item.findtext("title"), title)
            assert item.findtext("guid") == f"guid-{index}"
            assert item.find("enclosure").get("length") == "5"
            assert (item.findtext(podcast + "txt") or "") == title, title
            name = "n " + title if title else "n"
            assert item.findtext(podcast + "person") == (name if len(name) < 100 else name[:127] + "…"), title
        feed = feedparser.parse("feed.xml")
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.feed.title == "Oliver's Workshop" and feed.version == "rss20"
        first = next(entry for entry in feed.entries if entry.id == "guid-9")
        assert first.published_parsed[:3] == (2026, 3, 1)
        assert first.enclosures[0].length == "5" and first.itunes_duration == "62"
        print(len(items), "items")

        """
}
