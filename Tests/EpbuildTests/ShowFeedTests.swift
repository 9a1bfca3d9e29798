import FoundationEssentials
import Testing

/// The feed of a show, made from what its episodes have told and delivered.
@Suite struct ShowFeedTests {
    private func feed(_ machine: Machine) async throws -> String {
        let outcome = try await machine.run("build", "radio")
        #expect(outcome.status == 0, "\(outcome)")
        return try machine.text("radio/out/feed.xml")
    }

    private func values(_ element: String, in feed: String) -> [String] { Radio.values(element, in: feed) }

    @Test func episodesAreFoundHoweverDeepTheyLie() async throws {
        let feed = try await feed(Radio.machine(feed: "{ tool: feed, media_url: \"https://example.org/käse/\" }"))
        #expect(values("title", in: feed).filter { $0.hasPrefix("E") } == ["E2", "E1", "E0"], "the latest first")
        #expect(values("link", in: feed).suffix(3) == [
            "https://example.org/k%C3%A4se/a/b/c/out/001-e2.html", "https://example.org/k%C3%A4se/season%202/%C3%BCber/out/001-e1.html",
            "https://example.org/k%C3%A4se/one/out/001-e0.html",
        ])
        #expect(feed.contains("<enclosure url=\"https://example.org/k%C3%A4se/season%202/%C3%BCber/out/001-e1.mp3\""))
    }

    /// What Apple Podcasts and Spotify demand of a feed, and that nothing is named that is not there.
    @Test func aFeedIsWhatDirectoriesTake() async throws {
        let machine = try await Radio.machine()
        let outcome = try await machine.run("build", "radio")
        #expect(outcome.status == 0 && !outcome.errors.contains("warning"), "\(outcome)")
        try expectComplete(machine.text("radio/out/feed.xml"), items: 3, of: "radio", at: "https://example.org/radio", machine)
    }

    @Test func theShippedShowIsWhatDirectoriesTake() async throws {
        let machine = try await Machine.withMoonBuilt()
        let outcome = try await machine.run("build", Machine.moon)
        #expect(outcome.status == 0 && outcome.errors.ranges(of: "warning").count <= 1, "\(outcome)")
        try expectComplete(
            machine.text("olivers-workshop/out/feed.xml"), items: 1, of: "olivers-workshop", at: "https://example.org/olivers-workshop",
            machine)
    }

    private func expectComplete(_ feed: String, items: Int, of show: String, at address: String, _ machine: Machine) throws {
        let parts = feed.split(separator: "<item>", omittingEmptySubsequences: false)
        #expect(parts.count == items + 1)
        for tag in [
            "<title>", "<link>", "<description>", "<language>", "<itunes:author>", "<itunes:email>", "<itunes:image href=",
            "<itunes:category text=", "<itunes:explicit>", "rel=\"self\"",
        ] {
            #expect(parts[0].contains(tag), "the channel has no \(tag)")
        }
        for item in parts.dropFirst() {
            for tag in [
                "<title>", "<guid isPermaLink=\"false\">", "<pubDate>", "<enclosure url=", "<itunes:duration>", "<itunes:episode>",
                "<description>",
            ] {
                #expect(item.contains(tag), "an item has no \(tag)")
            }
        }
        let addresses = feed.split { "\"<>".contains($0) }.filter { $0.hasPrefix("\(address)/") && $0 != "\(address)/feed.xml" }
        #expect(addresses.count >= items * 6)
        for text in addresses {
            let path = Radio.decoded(text.dropFirst(address.count + 1))
            #expect((try? machine.read("\(show)/\(path)")) != nil, "\(text) is not there")
        }
        let lengths = try Radio.values("length", of: "enclosure", in: feed).map { try #require(Int($0)) }
        let files = addresses.filter { $0.hasSuffix(".mp3") }.map { Radio.decoded($0.dropFirst(address.count + 1)) }
        #expect(try Set(lengths) == Set(files.map { try machine.read("\(show)/\($0)").count }))
        let page = try machine.text("\(show)/out/index.html")
        let links = page.split(separator: "\"").filter { $0.hasPrefix("../") }.map(Radio.decoded)
        #expect(page.components(separatedBy: "<article>").count == items + 1 && links.count == 2 * items)
        for link in links { #expect((try? machine.read("\(show)/out/\(link)")) != nil, "the page names \(link), which is not there") }
    }

    // MARK: identity

    @Test func withAGUIDTheShowStaysWhatItIs() async throws {
        let guid = "0f3a2c44-7d0e-4a6c-9d1f-0123456789ab"
        let machine = try await Radio.machine(show: "title: Radio\nguid: \(guid.uppercased())\n")
        let before = try await feed(machine)
        #expect(values("podcast:guid", in: before) == [guid])
        try machine.edit("radio/show.yaml") { $0.replacing("Radio", with: "Wireless") + "link: https://example.org\n" }
        let after = try await feed(machine)
        #expect(values("title", in: after).first == "Wireless")
        #expect(values("guid", in: after) == values("guid", in: before) && Set(values("guid", in: after)).count == 3)
        #expect(values("podcast:guid", in: after) == [guid])
    }

    @Test func withoutOneItsAddressOrElseItsTitleTells() async throws {
        let machine = try await Radio.machine(show: "title: Oliver's Workshop\n")
        #expect(try await values("podcast:guid", in: feed(machine)) == ["6ce15ecb-3fbf-5bad-af6f-26899bcb64f0"])
        #expect(try machine.text("olivers-workshop/show.yaml").contains("guid: 6ce15ecb-3fbf-5bad-af6f-26899bcb64f0\n"))
        try machine.edit("radio/show.yaml") { $0 + "link: https://podnews.net\n" }
        let plain = try await feed(machine)
        #expect(values("podcast:guid", in: plain) != ["6ce15ecb-3fbf-5bad-af6f-26899bcb64f0"])
        // A slash at the end makes no other show, and no other address.
        try machine.edit("radio/show.yaml") { $0.replacing("podnews.net", with: "podnews.net//") }
        let slashed = try await feed(machine)
        #expect(values("podcast:guid", in: slashed) == values("podcast:guid", in: plain))
        #expect(
            slashed.contains("href=\"https://podnews.net/feed.xml\"") && slashed.contains("<enclosure url=\"https://podnews.net/one/out/"))
        // Nothing lies below a page.
        try machine.edit("radio/show.yaml") { $0.replacing("podnews.net//", with: "podnews.net/index.html") }
        let page = try await feed(machine)
        #expect(values("podcast:guid", in: page) == values("podcast:guid", in: plain))
        #expect(values("link", in: page).first == "https://podnews.net/index.html")
        #expect(page.contains("href=\"https://podnews.net/feed.xml\"") && page.contains("<enclosure url=\"https://podnews.net/one/out/"))
    }

    /// One episode may be explicit, or the only one that is not.
    @Test func anEpisodeIsExplicitByItself() async throws {
        let machine = try await Radio.machine()
        try machine.edit("radio/one/episode.yaml") { $0 + "explicit: true\n" }
        let feed = try await feed(machine)
        #expect(values("itunes:explicit", in: feed) == ["false", "true"])
        try machine.edit("radio/one/episode.yaml") { $0.replacing("explicit: true", with: "explicit: maybe") }
        let outcome = try await machine.run("build", "radio/one")
        #expect(outcome.status == 65 && outcome.errors.contains("`explicit` of the episode must be true or false"), "\(outcome)")
    }

    @Test func eachNewShowHasAnIdentityOfItsOwn() async throws {
        let machine = try Machine()
        for name in ["first", "second"] { try await machine.run("new", "show", name, "--title", "Bees").expect(0) }
        let guids = try ["first", "second"].map {
            try machine.text("\($0)/show.yaml").split(separator: "\n").filter { $0.hasPrefix("guid: ") }
        }
        #expect(guids.map(\.count) == [1, 1] && guids[0] != guids[1])
        #expect(UUID(uuidString: String(guids[0][0].dropFirst(6))) != nil)
    }

    /// Of two episodes that podcast apps would take for one, the feed keeps the first, and says so.
    @Test func episodesThatWouldBeOneAreNamed() async throws {
        let machine = try await Radio.machine()
        let before = try await values("guid", in: feed(machine))
        try Radio.add("copy", "number: 1\nseason: 2\ntitle: Another\ndate: 2026-11-04\n", says: "This is a copy.", to: machine)
        let warning =
            "radio/copy/episode.yaml:1:9: warning: the feed leaves out copy, as podcast apps would take it for a/b/c: both have season 2, number 1"
        for command in ["build", "plan", "status"] {
            try await machine.run(command, "radio").expect(0, errors: warning, "another `number`, or an `id:`")
        }
        #expect(try await values("guid", in: feed(machine)) == before)
        try machine.edit("radio/copy/episode.yaml") { $0 + "id: copy\n" }
        let after = try await values("guid", in: feed(machine))
        #expect(after.count == 4 && Set(after).count == 4)
    }

    // MARK: what is in it

    /// One episode waits at a gate; another one is corrected. The feed tells of the file that is there.
    @Test func anEpisodeThatWaitsKeepsNoOtherFromTheFeed() async throws {
        let machine = try await Radio.machine()
        let before = try await feed(machine)
        try machine.replace(
            "script: { source: script.fountain }", with: "script: { source: script.fountain, gate: true }", in: "radio/pipeline.yaml")
        try machine.replace("part 0.", with: "part nought, said at some more length.", in: "radio/one/script.fountain")
        try await machine.run("build", "radio").expect(75)
        try await machine.run("approve", "radio/one", "script").expect(0)
        try await machine.run("build", "radio").expect(75)
        let after = try machine.text("radio/out/feed.xml")
        let lengths = Radio.values("length", of: "enclosure", in: after)
        #expect(lengths != Radio.values("length", of: "enclosure", in: before))
        let there = try ["a/b/c", "season 2/über", "one"].flatMap { try machine.soundBytes(of: "radio/\($0)") }
        #expect(lengths == there.map(String.init))
    }

    /// Somebody has put a better sound in place of what was delivered: the feed tells of that one.
    @Test func theFileThatIsThereIsToldOf() async throws {
        let machine = try await Radio.machine()
        _ = try await feed(machine)
        try machine.write(machine.read("radio/one/out/001-e0.mp3") + [0, 0, 0], to: "radio/one/out/001-e0.mp3")
        try await machine.run("build", "radio/a/b/c").expect(0)
        let length = try machine.soundBytes(of: "radio/one")[0]
        #expect(try Radio.values("length", of: "enclosure", in: machine.text("radio/out/feed.xml")).last == "\(length)")
        machine.remove("radio/one/out/001-e0.mp3")
        try await machine.run("build", "radio/a/b/c").expect(
            0, errors: "warning: the feed leaves out one, as out/001-e0.mp3 is not there", "epbuild radio/one")
        #expect(try values("title", in: machine.text("radio/out/feed.xml")).suffix(2) == ["E2", "E1"])
    }

    @Test func aPersonKeepsAnEpisodeOut() async throws {
        let machine = try await Radio.machine()
        try machine.edit("radio/one/episode.yaml") { $0 + "publish: false\n" }
        let feed = try await feed(machine)
        #expect(values("title", in: feed).suffix(2) == ["E2", "E1"])
        try machine.edit("radio/one/episode.yaml") { $0.replacing("publish: false", with: "publish: no") }
        try await machine.run("build", "radio").expect(
            65, errors: "radio/one/episode.yaml:6:10: error: `publish` of the episode must be true or false")
    }

    @Test func whatIsNotFinishedOrNotDueIsNamed() async throws {
        let machine = try await Radio.machine()
        try Radio.add("next", "number: 2\nseason: 2\ntitle: Next\ndate: 2999-01-01\n", says: "This is the future.", to: machine)
        try machine.makeDirectory("radio/idea")
        try machine.write(Array("number: 3\nseason: 2\ntitle: An idea\n".utf8), to: "radio/idea/episode.yaml")
        let outcome = try await machine.run("build", "radio/next")
        outcome.expect(
            0,
            errors:
                "radio/next/episode.yaml:4:7: warning: the feed leaves out next until its date has come: Tue, 01 Jan 2999 00:00:00 +0000",
            "radio/idea/episode.yaml:1:9: warning: the feed leaves out idea, as it is not finished", "`publish: false`")
        #expect(
            try values("title", in: machine.text("radio/out/feed.xml")).last == "E0" && !machine.text("radio/out/feed.xml").contains("Next")
        )
        // A date that waits is no reason to look again before it has come.
        #expect(try await machine.run("radio/next").output.contains("up to date"))
        try machine.edit("radio/next/episode.yaml") { $0.replacing("2999", with: "2026") }
        #expect(try await machine.run("build", "radio/next").status == 0)
        #expect(try machine.text("radio/out/feed.xml").contains("<title>Next</title>"))
        try machine.edit("radio/next/episode.yaml") { $0.replacing("date: 2026-01-01\n", with: "") }
        try await machine.run("build", "radio/next").expect(0, errors: "warning: next has no date, by which podcast apps sort")
    }

    // MARK: what it says of the show

    @Test(arguments: ["example.org", "ftp://example.org", "https://", "https://example.org/?a=b", "https://example.org/a b"])
    func anAddressMustBeOfTheWeb(_ address: String) async throws {
        let outcome = try await Radio.machine(feed: "{ tool: feed, media_url: \"\(address)\" }").run("build", "radio")
        outcome.expect(65, errors: "radio/pipeline.yaml:8:34: error: `media_url` must be a web address", "\"\(address)\"", "https://…")
        let link = try await Radio.machine(show: "title: R\nlink: \"\(address)\"\n").run("build", "radio")
        link.expect(65, errors: "radio/show.yaml:2:7: error: `link` of the show must be a web address")
    }

    @Test func whatDirectoriesMissIsNamed() async throws {
        let outcome = try await Radio.machine(show: "title: Radio\nlink: http://localhost:8000/\ncategory: Eduction\nlanguage: English\n")
            .run("build", "radio")
        outcome.expect(
            0, errors: "radio/show.yaml: warning: the feed has no cover", "write `cover: cover.jpg`",
            "radio/show.yaml: warning: the feed names no owner",
            "write `owner: { name: …, email: … }`", "radio/show.yaml:2:7: warning: `link` is an address that only this machine",
            "radio/show.yaml:3:11: warning: Apple Podcasts has no category \"Eduction\"", "did you mean \"Education\"?",
            "warning: the show has no author", "that the voices are synthetic, and Apple Podcasts wants it in the sound",
            "radio/show.yaml:4:11: warning: \"English\" is no code of a language", "warning: the show has no description")
        let bare = try await Radio.machine(show: "title: Radio\n")
        for words in [["plan", "radio"], ["status", "radio"], ["why", "radio", "feed"], ["build", "radio"]] {
            let outcome = try await Program.run([Program.epbuild] + words, in: bare.workspace, environment: bare.environment())
            outcome.expect(
                0, errors: "warning: the show has no `link`, so the feed says https://localhost", "warning: the show has no category")
            #expect(outcome.errors.ranges(of: "no `link`").count == 1, "\(words): \(outcome)")
        }
    }

    @Test func aShowsCoverIsAFileAStageOrAnAddress() async throws {
        let machine = try await Radio.machine()
        #expect(try await Radio.values("href", of: "itunes:image", in: feed(machine)) == ["https://example.org/radio/out/cover.png"])
        #expect(try machine.read("radio/out/cover.png") == CoverFile.png())
        try machine.replace("cover: cover.png", with: "cover: https://example.net/c.jpg", in: "radio/show.yaml")
        #expect(try await Radio.values("href", of: "itunes:image", in: feed(machine)) == ["https://example.net/c.jpg"])
        try machine.replace("cover: https://example.net/c.jpg\n", with: "", in: "radio/show.yaml")
        try machine.replace(
            "feed: { tool: feed }", with: "art: { source: \"cover.*\", in: show }\n  feed: { tool: feed, from: [art] }",
            in: "radio/pipeline.yaml")
        #expect(try await Radio.values("href", of: "itunes:image", in: feed(machine)) == ["https://example.org/radio/out/cover.png"])
        // A JPEG, whatever it is called.
        try machine.write(CoverFile.jpeg(), to: "radio/cover.png")
        #expect(try await Radio.values("href", of: "itunes:image", in: feed(machine)) == ["https://example.org/radio/out/cover.jpg"])
        try machine.write(CoverFile.png(640, 640), to: "radio/cover.png")
        try await machine.run("build", "radio").expect(
            65, errors: "radio/cover.png: error: the cover radio/cover.png is 640 × 640 pixels", "1,400 to 3,000")
    }

    /// Each episode's cover is named as what it is, where there is one.
    @Test func anEpisodesCoverIsNamedAsItIsDelivered() async throws {
        let machine = try await Radio.machine()
        for (episode, name, bytes) in [("one", "cover.jpeg", CoverFile.jpeg()), ("a/b/c", "cover.jpg", CoverFile.png())] {
            try machine.write(bytes, to: "radio/\(episode)/\(name)")
        }
        machine.remove("radio/season 2")
        try machine.replace("  script: {", with: "  art: { source: \"cover.*\" }\n  script: {", in: "radio/pipeline.yaml")
        try machine.replace("from: [mixed, script]", with: "from: [mixed, script, art]", in: "radio/pipeline.yaml")
        #expect(try await Radio.values("href", of: "itunes:image", in: feed(machine)).suffix(2) == [
            "https://example.org/radio/a/b/c/out/001-e2.png", "https://example.org/radio/one/out/001-e0.jpg",
        ])
        for (episode, file) in [("one", "001-e0.jpg"), ("a/b/c", "001-e2.png")] {
            #expect(try machine.read("radio/\(episode)/out/\(file)").count > 20)
            #expect(try machine.text("radio/\(episode)/out/\(file.dropLast(4)).html").contains("src=\"\(file)\""))
        }
        try machine.write(Array("RIFF....WEBPVP8 ".utf8), to: "radio/one/cover.jpeg")
        try await machine.run("build", "radio").expect(
            65, errors: "radio/one/cover.jpeg: error: the cover radio/one/cover.jpeg is WebP, not JPEG or PNG")
    }
}
