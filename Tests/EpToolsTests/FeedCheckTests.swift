import EpCore
import EpDelivery
import EpTools
import Testing

/// What a feed must have, tried on one that epbuild has made and on the same with one thing wrong.
@Suite struct FeedCheckTests {
    private static let address = "https://media.example.com/show/001%20bees.mp3"

    private static func feed() -> String {
        var show = ShowFacts(
            title: "Bees", description: "Of bees.", author: "Ada", link: "https://bees.example.com",
            guid: PodcastIdentity.show(feedURL: "https://bees.example.com/feed.xml"))
        show.ownerEmail = "ada@example.com"
        show.coverURL = "https://media.example.com/show/cover.jpg"
        show.categories = [ShowFacts.Category("Education", "How To")]
        var episode = EpisodeFacts(title: "Honey", summary: "How it is made.", duration: Timestamp(seconds: 62), guid: "honey-1")
        episode.date = PublicationDate(iso8601: "2026-03-01")
        let item = FeedItem(
            episode: episode, enclosure: .init(url: address, digest: Digest(of: Array("hello".utf8))),
            transcripts: [.init(url: "https://media.example.com/show/001.vtt", format: .webVTT)])
        return Feed(show: show, items: [item]).xml()
    }

    private static func findings(_ xml: String, bytes: [Int] = [5], for platforms: [Platform]? = nil) throws -> [Finding] {
        try FeedCheck(Array(xml.utf8), called: "feed.xml") { $0 == "001 bees.mp3" ? bytes : [] }.findings(for: platforms)
    }

    @Test func ourOwnIsAccepted() throws {
        let findings = try Self.findings(Self.feed())
        #expect(
            findings.count > 15 && findings.allSatisfy { $0.result == .pass }, "\(findings.filter { $0.result != .pass }.map(\.sentence))")
    }

    @Test(arguments: [
        ("<title>Bees</title>", "", "feed title"), ("<language>en</language>", "<language>English, mostly</language>", "feed language"),
        ("<link>https://bees.example.com</link>", "<link>http://localhost</link>", "feed link"),
        ("guid isPermaLink=\"false\">honey-1<", "guid><", "feed guid"),
        ("length=\"5\"", "length=\"0\"", "feed length of the file"), ("length=\"5\"", "length=\"6\"", "feed length of the file"),
        ("type=\"audio/mpeg\"", "type=\"text/html\"", "feed type of the file"),
        ("https://media.example.com/show/001", "file:///show/001", "feed address of the file"),
        ("01 Mar 2026", "1st of March 2026", "feed date"), ("text=\"How To\"", "text=\"How Not To\"", "apple category"),
        ("<itunes:explicit>false", "<itunes:explicit>clean", "apple explicit"),
        ("<itunes:duration>62", "<itunes:duration>a minute", "apple duration"),
        ("<itunes:image href=\"https", "<itunes:image href=\"ftp", "apple cover"),
        ("<itunes:author>Ada", "<itunes:author>", "apple author"),
    ])
    func whatIsWrongIsFound(_ right: String, _ wrong: String, _ rule: String) throws {
        let xml = Self.feed()
        #expect(xml.contains(right))
        let failing = try Self.findings(xml.replacing(right, with: wrong)).filter { $0.result == .fail }
        #expect(failing.map { "\($0.platform) \($0.rule)" } == [rule], "\(failing.map(\.sentence))")
        #expect(failing.allSatisfy { !$0.remedy.isEmpty })
    }

    @Test func episodesAreToldApart() throws {
        let xml = Self.feed()
        let item = try #require(xml.firstRange(of: "<item>")).lowerBound
        let twice = xml.replacing(
            "</channel>", with: String(xml[item...].prefix { $0 != "\u{0}" }).replacing("</channel>\n</rss>\n", with: "") + "</channel>")
        let failing = try Self.findings(twice).filter { $0.result == .fail }
        #expect(failing.map(\.rule) == ["guid"] && failing[0].measured == "honey-1 more than once", "\(failing.map(\.sentence))")
    }

    @Test func whomItIsFor() throws {
        let bare = Self.feed().replacing("<itunes:author>Ada", with: "<itunes:author>")
        #expect(try Self.findings(bare, for: [.podcasting]).pass && !Self.findings(bare, for: [.apple]).pass)
        // A file that does not lie here is not measured.
        #expect(try Self.findings(Self.feed(), bytes: []).pass)
        // Of two seasons, each may have a file of that name.
        #expect(try Self.findings(Self.feed(), bytes: [7, 5]).pass && !Self.findings(Self.feed(), bytes: [7]).pass)
    }

    @Test(arguments: [
        ("", "is damaged at line 1"), ("<rss version=\"2.0\">", "is damaged at line 1"), ("<html/>", "is no feed: it begins with <html>"),
        ("<!DOCTYPE x><rss/>", "document type"),
    ])
    func whatIsNoFeedIsSaid(_ text: String, _ message: String) {
        let error = #expect(throws: Diagnostic.self) { try Self.findings(text) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }
}
