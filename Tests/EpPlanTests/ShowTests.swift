import EpCore
import Testing

@testable import EpPlan

/// What is wrong with a show or an episode is said where it stands.
@Suite struct ShowTests {
    private func show(_ text: String) throws -> Show { try Show(directory: "/s", yaml(text, file: "show.yaml")) }

    private func episode(_ text: String, show: String = "title: S") throws -> Episode {
        try Episode(directory: "/s/e", yaml(text, file: "episode.yaml"), show: self.show(show))
    }

    @Test(arguments: [
        ("title: S\ntraits: {a: [1]}\nspeed: fast\nunknown:\n", "free fields"),
        ("description:\nexplicit: ~\ncharacters:\n", "fields without a value"),
        (
            "link: https://e.example/pod\ncategory: [Education > How To, Arts]\ncover: c.png\nowner: {name: A, email: a@e.example}\n",
            "what a feed says"
        ),
        ("explicit: true\nguid: 917393E3-1b1e-5cef-ace4-edaa54e1f810\n", "explicit and guid"),
        (
            "characters:\n- {name: A, role: host, traits: [x], manner: {a: [b]}, voice: {provider: flite, voice: slt, rate: 40, pitch: 99}}\n",
            "a character"
        ),
        ("characters:\n- {name: A, aliases: [A, AA], rule: x, role: y, voyage: z}\n- {name: B, voice: ~}\n", "free fields of characters"),
        ("delivery:\n  fast: {rate: 300, pitch: -99, volume: 20}\n  slow: {rate: -12.5}\n  plain: {}\n", "deliveries"),
    ])
    func whatIsRightIsTaken(_ text: String, _ name: String) throws {
        #expect(problems { _ = try show(text) }.map(\.message) == [])
        #expect(problems { _ = try episode("title: E\noverrides:\n  \(text.replacing("\n", with: "\n  "))\n") }.map(\.message) == [])
    }

    @Test(arguments: [
        ("title: '  '", "1:8", "`title` of the show is blank", "write what it is called, or leave `title` out"),
        ("title: ''", "1:8", "`title` of the show is blank", "write what it is called, or leave `title` out"),
        ("title: [a]", "1:8", "`title` of the show must be a text, not a list", nil),
        ("link: {a: b}", "1:7", "`link` of the show must be a text, not a mapping", nil),
        ("link: e.example", "1:7", "`link` of the show must be a web address, not the text \"e.example\"", "write `link: https://…`"),
        ("link: 'https://'", "1:7", "`link` of the show must be a web address, not the text \"https://\"", "write `link: https://…`"),
        ("category: {a: b}", "1:11", "`category` of the show must be a text, or a list of texts, not a mapping", nil),
        ("cover: [a]", "1:8", "`cover` of the show must be a text, not a list", nil),
        ("owner: A", "1:8", "the owner must be a mapping (`key: value`), not the text \"A\"", nil),
        ("owner: {name: A}", "1:8", "the owner has no `email`", "add `email: …`"),
        ("owner: {email: nobody}", "1:16", "`email` of the owner must be an address, not \"nobody\"", "write `email: name@example.org`"),
        ("owner: {email: a@b, nmae: A}", "1:21", "the owner has an unknown key `nmae`", "did you mean \"name\"?"),
        ("explicit: yes", "1:11", "`explicit` of the show must be true or false, not the text \"yes\"", "write `true`"),
        ("explicit: 1", "1:11", "`explicit` of the show must be true or false, not the number 1", "write `true` or `false`"),
        ("guid: 12", "1:7", "`guid` of the show must be a UUID, such as 917393e3-1b1e-5cef-ace4-edaa54e1f810, not the number 12", nil),
        ("characters: PIP", "1:13", "`characters` of the show must be a list, not the text \"PIP\"", "write `- name: …` for each of them"),
        ("characters: [PIP]", "1:14", "character 1 must be a mapping (`key: value`), not the text \"PIP\"", nil),
        ("characters: [{role: a}]", "1:14", "character 1 has no `name`", "add `name: …`"),
        ("characters: [{name: 007}]", "1:21", "`name` of character 1 must be a text, not the number 007", "quote it: \"007\""),
        (
            "characters: [{name: A, aliases: B}]", "1:33", "`aliases` of character \"A\" must be a list of texts, not the text \"B\"",
            "write `aliases: [ … ]`"
        ),
        ("characters: [{name: A, aliases: [[B]]}]", "1:34", "`aliases` of character \"A\" must be a text, not a list", nil),
        ("characters: [{name: A, alias: [B]}]", "1:24", "character \"A\" has an unknown key `alias`", "did you mean \"aliases\"?"),
        ("characters: [{name: A, voyce: {}}]", "1:24", "character \"A\" has an unknown key `voyce`", "did you mean \"voice\"?"),
        ("characters: [{name: A}, {name: a}]", "1:32", "\"a\" names two characters: the other one in line 1", "take it from one of them"),
        (
            "characters: [{name: A}, {name: B, aliases: [C, A]}]", "1:48", "\"A\" names two characters: the other one in line 1",
            "take it from one of them"
        ),
        (
            "delivery: [a]", "1:11", "`delivery` of the show must be a mapping, not a list",
            "write `WORD: { rate: …, pitch: …, volume: … }` for each word"
        ),
        ("delivery: {loud: 6}", "1:18", "delivery \"loud\" must be a mapping (`key: value`), not the number 6", nil),
        (
            "delivery: {loud: {volume: 900}}", "1:27",
            "`volume` of delivery \"loud\" must be a number from -60 to 20 dB, not the number 900", nil
        ),
        ("delivery: {loud: {volum: 6}}", "1:19", "delivery \"loud\" has an unknown key `volum`", "did you mean \"volume\"?"),
    ])
    func aMistakeIsSaid(_ text: String, _ place: String, _ message: String, _ remedy: String?) throws {
        let found = problems { _ = try show(text) }
        #expect(found.map(\.message) == [message])
        #expect(found.first?.remedy == remedy)
        #expect(found.first?.location?.description == "show.yaml:\(place)")
    }

    @Test func anEpisodesOverridesAreCheckedToo() throws {
        let found = problems { _ = try episode("title: E\noverrides:\n  characters:\n  - name: A\n    aliases: 3\n  explicit: no\n") }
        #expect(found.map(\.location?.description) == ["episode.yaml:6:13", "episode.yaml:5:14"])
    }

    @Test(arguments: ["' '", "''", "\"\"", "\"\\t\\n\"", "\u{A0}", "\"\\u200B\""]) func aTitleOfWhichNothingIsSeenIsNone(_ title: String) throws {
        let found = problems { _ = try episode("number: 1\ntitle: \(title)\n") }
        #expect(found.map(\.message) == ["`title` of the episode is blank"] && found.first?.location?.line == 2, "\(found)")
        #expect(found.first?.location?.column == 8)
    }

    @Test(arguments: ["title:", "title:   # 3", "title: #3 The moon"]) func aTitleThatIsNotWritten(_ line: String) throws {
        let found = problems { _ = try episode("number: 1\n\(line)\n") }
        #expect(found.map(\.message) == ["`title` of the episode is empty"] && found.first?.location?.line == 2, "\(found)")
        #expect(found.first?.remedy == "write a text, in quotes if it begins with #, or take `title` out")
    }

    @Test(arguments: ["title:Rockets", "title:\u{A0}Rockets", "title = Rockets"]) func aKeyWithoutItsSpace(_ line: String) throws {
        for found in [problems { _ = try episode("\(line)\n") }, problems { _ = try show("\(line)\n") }] {
            #expect(found.first?.message.contains("must be a mapping (`title: …`), not the text \"title") == true, "\(found)")
            #expect(found.map(\.remedy) == ["write `key: value`, with a plain space behind the colon"])
        }
    }

    @Test(arguments: ["2024-02-29", "2025-12-31", "2026-11-21T10:00", "2026-11-21T10:00:59Z", "2026-11-21 23:59+01:00"])
    func aDateIsTaken(_ date: String) throws { #expect(try episode("title: E\ndate: \(date)\n").value["date"] == .string(date)) }

    @Test(arguments: [
        "2025-02-30", "2025-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-01-00", "0000-01-01", "2025-1-1", "2025-01-01x",
        "2025-01-01T24:00", "20250101",
    ])
    func aDateThatIsNoneIsNot(_ date: String) throws {
        let found = problems { _ = try episode("title: E\ndate: \(date)\n") }
        #expect(found.map(\.location?.description) == ["episode.yaml:2:7"])
        #expect(found.first?.message == "`date` of the episode must be a day of the calendar such as 2026-11-21, not \"\(date)\"")
    }

    @Test func aNumberInATextStandsAsItIsWritten() throws {
        let episode = try episode(
            "title: 1.10\ntopic: 007\nnumber: 3\noverrides: {tagline: 1e3}\n", show: "title: 2.0\nauthor: null\nother: 2.0\n")
        #expect(episode.value == ["title": "1.10", "topic": "007", "number": 3])
        #expect(episode.blueprint == ["title": "2.0", "author": .null, "other": .written("2.0", .double(2)), "tagline": "1e3"])
        #expect(problems { _ = try self.episode("title: [a]\ntopic: {}\nnumber: -1\nseason: 1.5\n") }.map(\.location?.line) == [1, 2, 3, 4])
    }
}
