import FoundationEssentials
import Testing

/// The feed of a show, made from what its episodes say of themselves.
@Suite struct ShowFeedTests {
    private static let episodes = ["one", "season 2/über", "a/b/c"]

    /// A show whose episodes are finished: each has its record, as `package` writes it.
    private func machine(_ feed: String = "{ tool: feed, media_url: \"https://example.org/käse/\" }", show: String = "title: Radio\n") throws -> Machine {
        let machine = try Machine()
        for (index, episode) in Self.episodes.enumerated() {
            try make(machine, "radio/\(episode)/out", "episode.json", """
                {"number": 1, "concept": "C\(index)", "file": "001", "enclosure": {"sha256": "\(String(repeating: "ab", count: 32))", "bytes": 5}, \
                "facts": {"episode": {"title": "E\(index)", "number": 1, "season": \(index)}}}
                """)
            try make(machine, "radio/\(episode)", "episode.yaml", "title: E\(index)\nnumber: 1\nseason: \(index)\n")
        }
        try make(machine, "radio", "show.yaml", show)
        try make(machine, "radio", "pipeline.yaml", "stages:\n  covered: { tool: covered, deliver: true }\nshow_stages:\n  feed: \(feed)\n")
        return machine
    }

    private func make(_ machine: Machine, _ directory: String, _ name: String, _ text: String) throws {
        try FileManager.default.createDirectory(atPath: "\(machine.workspace)/\(directory)", withIntermediateDirectories: true)
        try machine.write(Array(text.utf8), to: "\(directory)/\(name)")
    }

    private func feed(_ machine: Machine) async throws -> String {
        let outcome = try await machine.run("build", "radio")
        #expect(outcome.status == 0, "\(outcome)")
        return try machine.text("radio/out/feed.xml")
    }

    private func values(_ element: String, in feed: String) -> [String] {
        feed.split(separator: "<").filter { $0.hasPrefix("\(element)>") || $0.hasPrefix("\(element) ") }.map { String($0.split(separator: ">", omittingEmptySubsequences: false)[1]) }
    }

    @Test func episodesAreFoundHoweverDeepTheyLie() async throws {
        let machine = try machine()
        let feed = try await feed(machine)
        #expect(values("title", in: feed) == ["Radio", "E2", "E1", "E0"], "the latest first")
        #expect(values("link", in: feed).dropFirst() == [
            "https://example.org/k%C3%A4se/a/b/c/out/001.html", "https://example.org/k%C3%A4se/season%202/%C3%BCber/out/001.html",
            "https://example.org/k%C3%A4se/one/out/001.html",
        ])
        #expect(feed.contains("<enclosure url=\"https://example.org/k%C3%A4se/season%202/%C3%BCber/out/001.mp3\""))
        #expect(try machine.text("radio/a/b/c/out/covered.yaml") == "- C0\n- C1")
        #expect(try machine.text("radio/one/out/covered.yaml") == "[]")
    }

    @Test func withAGUIDTheShowStaysWhatItIs() async throws {
        let guid = "0f3a2c44-7d0e-4a6c-9d1f-0123456789ab"
        let machine = try machine(show: "title: Radio\nguid: \(guid.uppercased())\n")
        let before = try await feed(machine)
        #expect(values("podcast:guid", in: before) == [guid])
        try machine.edit("radio/show.yaml") { $0.replacing("Radio", with: "Wireless") + "link: https://example.org\n" }
        let after = try await feed(machine)
        #expect(values("title", in: after).first == "Wireless")
        #expect(values("guid", in: after) == values("guid", in: before) && Set(values("guid", in: after)).count == 3)
        #expect(values("podcast:guid", in: after) == [guid])
    }

    @Test func withoutOneItsAddressOrElseItsTitleTells() async throws {
        let machine = try machine(show: "title: Oliver's Workshop\n")
        #expect(try await values("podcast:guid", in: feed(machine)) == ["6ce15ecb-3fbf-5bad-af6f-26899bcb64f0"])
        #expect(try machine.text("olivers-workshop/show.yaml").contains("guid: 6ce15ecb-3fbf-5bad-af6f-26899bcb64f0\n"))
        try machine.edit("radio/show.yaml") { $0 + "link: https://podnews.net\n" }
        #expect(try await values("podcast:guid", in: feed(machine)) != ["6ce15ecb-3fbf-5bad-af6f-26899bcb64f0"])
    }

    @Test func eachNewShowHasAnIdentityOfItsOwn() async throws {
        let machine = try Machine()
        for name in ["first", "second"] { try await machine.run("new", "show", name, "--title", "Bees").expect(0) }
        let guids = try ["first", "second"].map { try machine.text("\($0)/show.yaml").split(separator: "\n").filter { $0.hasPrefix("guid: ") } }
        #expect(guids.map(\.count) == [1, 1] && guids[0] != guids[1])
        #expect(UUID(uuidString: String(guids[0][0].dropFirst(6))) != nil)
    }

    @Test(arguments: ["example.org", "ftp://example.org", "https://", "https://example.org/?a=b", "https://example.org/a b"])
    func anAddressMustBeOfTheWeb(_ address: String) async throws {
        let outcome = try await machine("{ tool: feed, media_url: \"\(address)\" }").run("build", "radio")
        outcome.expect(65, errors: "radio/pipeline.yaml:4:34: error: `media_url` must be a web address", "\"\(address)\"", "https://…")
        let link = try await machine("{ tool: feed }", show: "title: R\nlink: \"\(address)\"\n").run("build", "radio")
        link.expect(65, errors: "radio/pipeline.yaml:4:3: error: `link` of the show must be a web address")
    }
}
