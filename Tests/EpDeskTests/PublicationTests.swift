import EpCore
@testable import EpDesk
import Testing

/// What is published of a show, and what becomes of what was there: values without I/O.
struct PublicationTests {
    private func file(_ path: String, _ bytes: [UInt8] = [1, 2, 3]) -> Publication.File {
        .init(path: Path(path), source: "/show/\(path)", digest: Digest(of: bytes))
    }

    private func part(_ directory: String, isAskedFor: Bool = true) -> Publication.Part {
        .init(directory: Path(directory), files: [file("\(directory)/out/a.mp3"), file("\(directory)/out/a.vtt")], isAskedFor: isAskedFor)
    }

    private func feed(_ paths: [String], size: Int = 3) -> String {
        paths.map {
            "<item><enclosure url=\"https://x.org/s/\($0)/out/a.mp3\" length=\"\(size)\" type=\"audio/mpeg\"/><podcast:transcript url=\"https://x.org/s/\($0)/out/a.vtt\" type=\"text/vtt\"/></item>"
        }
        .joined()
    }

    private func publication(_ parts: [Publication.Part], feed: String?, before: PublishedList = PublishedList()) throws -> Publication {
        let names = feed.map {
            FeedNames("<rss><channel><link>https://x.org/s</link>\($0)</channel></rss>", episodes: parts.map(\.directory))
        }
        return try Publication(
            parts, show: [file("out/cover.png")], feeds: feed == nil ? [] : [file("feed.xml")], names: names, before: before,
            shownAs: "show")
    }

    @Test func whatTheFeedNamesIsPublishedAndTheFeedLast() throws {
        let it = try publication([part("one"), part("two")], feed: feed(["one"]))
        #expect(it.files.map(\.path.text) == ["one/out/a.mp3", "one/out/a.vtt", "out/cover.png"])
        #expect(it.feeds.map(\.path.text) == ["feed.xml"])
        #expect(it.unnamed == ["two"])
        #expect(it.stale.isEmpty)
    }

    @Test func withoutAFeedAllIsPublished() throws {
        let it = try publication([part("one"), part("two", isAskedFor: false)], feed: nil)
        #expect(it.files.map(\.path.text) == ["one/out/a.mp3", "one/out/a.vtt", "out/cover.png"] && it.unnamed.isEmpty)
    }

    @Test func whatIsNoLongerOfTheShowIsStale() throws {
        var before = PublishedList(show: "s")
        for path in ["one/out/a.mp3", "one/out/old.mp3", "gone/out/a.mp3", "two/out/a.mp3", "two/out/a.vtt", "out/cover.jpg"] {
            before.files[Path(path)] = Digest(of: [1, 2, 3])
        }
        // Nobody asked for `two`: it stays as it is there.
        let it = try publication([part("one"), part("two", isAskedFor: false)], feed: feed(["one", "two"]), before: before)
        #expect(it.stale.map(\.text) == ["gone/out/a.mp3", "one/out/old.mp3", "out/cover.jpg"])
        // The feed names it no longer.
        let other = try publication([part("one"), part("two", isAskedFor: false)], feed: feed(["one"]), before: before)
        #expect(other.stale.map(\.text).filter { $0.hasPrefix("two/") } == ["two/out/a.mp3", "two/out/a.vtt"])
    }

    @Test func aFeedThatNamesWhatIsNotThereIsRefused() throws {
        let parts = [part("one"), part("two", isAskedFor: false)]
        #expect { try publication(parts, feed: feed(["one", "two"])) } throws: {
            ($0 as? Diagnostic)?.message.contains("two/out/a.mp3, which is neither built here nor published") == true
        }
        // About to be put there is not there.
        var before = PublishedList(show: "s")
        for path in ["two/out/a.mp3", "two/out/a.vtt"] { before.files[Path(path)] = .some(nil) }
        #expect(throws: Diagnostic.self) { try publication(parts, feed: feed(["one", "two"]), before: before) }
        for path in ["two/out/a.mp3", "two/out/a.vtt"] { before.files[Path(path)] = Digest(of: [1, 2, 3]) }
        #expect(try publication(parts, feed: feed(["one", "two"]), before: before).files.count == 3)
        #expect { try publication([part("one")], feed: feed(["one"], size: 4)) } throws: {
            ($0 as? Diagnostic)?.message.contains("has 4 bytes, and it has 3") == true
        }
    }

    @Test func addressesAreDecodedAndOfTheRightEpisode() {
        let xml = """
            <atom:link href="https://x.org/feed.xml"/><itunes:image href="https://x.org/k%C3%A4se/out/cover.png"/>
            <enclosure url="https://x.org/k%C3%A4se/season%202/%C3%BCber/out/a%26b&amp;c.mp3" length="7"/>
            <enclosure url="https://x.org/k%C3%A4se/one/out/x.mp3" length="8"/><link href="https://other.org/one/out/x.mp3"/>
            """
        let names = FeedNames(xml, episodes: ["one", "season 2/über", "a/one", "über"])
        #expect(
            names.files == [
                .init(path: "out/cover.png", size: nil), .init(path: "season 2/über/out/a&b&c.mp3", size: 7),
                .init(path: "one/out/x.mp3", size: 8),
            ])
        #expect(names.episodes == ["one", "season 2/über"])
        #expect(FeedNames("<rss/>", episodes: ["one"]).files.isEmpty)
        #expect(FeedNames("<enclosure url=\"https://x.org/one/out/../../secret\" length=\"1\"/>", episodes: ["one"]).files.isEmpty)
    }

    @Test func aListIsReadAsItWasWritten() {
        var list = PublishedList(show: "0f3a2c44")
        list.files = ["one/out/a b.mp3": Digest(of: [1]), "new\nline": Digest(of: [2]), "soon.mp3": nil]
        #expect(PublishedList(list.bytes) == list)
        let odd = PublishedList(Array("rubbish\n\(Digest.empty) ../../etc/passwd\n- /etc/passwd\nabc/3 x\n".utf8))
        #expect(odd == PublishedList())
    }
}
