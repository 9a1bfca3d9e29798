import EpCore
import Testing

@testable import EpOffline

/// Sources as people really have them. From each a whole episode must come, in proper form, with nothing invented.
struct OddSourceTests {
    static let sources: [(name: String, text: String)] = [
        ("one line", "Bees make honey."),
        ("a line without a full stop", "bees make honey"),
        ("no headings", """
            Bees make honey from nectar. They carry it home in a little bag.

            In the hive the bees fan it with their wings. So it gets thick and sweet. This is called ripening.

            A bee visits about 100 flowers on one trip. When it comes home, it dances. The dance tells the others where the flowers are.

            If you stand still, bees leave you alone.
            """),
        ("links, lists, code and tables", """
            ---
            layout: post
            ---
            # Bees

            See [the bee page](https://example.org/bees) or https://example.org. ![a bee](bee.png)
            **Bees** are _insects_ with `6` legs (and two pairs of wings). <!-- not this -->

            * They collect nectar
            * They collect pollen; they carry it on their legs

            | a | b |
            |---|---|
            | 1 | 2 |

            ```python
            print("buzz")
            ```

            ### A small heading

            > "Busy as a bee", people say.

            The Queen
            ---------

            The queen lays up to 2,000 eggs a day, because a bee does not live long.
            """
        ),
        ("only a list of steps", "1. Take a cup\n2. Fill it\n3. Drink it\n"),
        (
            "Windows line ends and a mark",
            "# Bees\r\n\r\nBees hum.\r\n\r\n## Why do bees hum?\r\n\r\nTheir wings beat 200 times a second.\r\n"
        ),
        (
            "seven sections",
            (1...7).map { "## Section number \($0)\n\nThis is text \($0) about the river. The river flows to the sea \($0)." }.joined(
                separator: "\n\n")
        ),
        (
            "very long",
            (1...400).map {
                "The river number \($0) flows past the town \($0), and it turns the old mill \($0) there, so the mill \($0) grinds."
            }.joined(separator: " ")
        ),
        ("an open bracket and brackets", "A cat (the small one sleeps. It is [grey and * soft. 1. It purrs (loudly)."),
        ("other alphabets", "Пчёлы делают мёд. Каждая пчела летает далеко. 蜜蜂采蜜。"),
    ]

    @Test(arguments: sources.map(\.name))
    func becomesAnEpisode(name: String) throws {
        let text = try #require(Self.sources.first { $0.name == name }?.text)
        let chain = try ShortPrompts.chain(sources: [text])
        let script = FountainCheck(chain.script, hasTitlePage: true)
        #expect(script.mistakes == [])
        #expect((3...7).contains(script.chapters.count))
        #expect(script.speeches.count >= 3 && script.speeches.count <= 110, "\(script.speeches.count)")
        for segment in chain.segments { #expect(FountainCheck(segment, hasTitlePage: false).mistakes == []) }
        let all = chain.script
        for sign in ["http", "](", "print(", "layout", "|", "not this", "bee.png"] { #expect(!all.contains(sign), "\(sign)") }
    }

    @Test func longSourcesAreCut() throws {
        let text = try #require(Self.sources.first { $0.name == "very long" }?.text)
        let words = Words.split(try ShortPrompts.chain(sources: [text]).script).count
        #expect(words < 1200)
    }

    /// A show with one character only, and no manner: a monologue, with the remarks that anybody may use.
    @Test func oneCharacterIsEnough() throws {
        let text = try #require(Self.sources.first { $0.name == "no headings" }?.text)
        let chain = try ShortPrompts.chain(sources: [text], characters: "- name: Ada\n")
        #expect(Set(FountainCheck(chain.script, hasTitlePage: true).speeches.map(\.speaker)) == ["ADA"])
    }

    @Test func constraintsLimitTurnsAndDeliveries() throws {
        let characters = """
            - name: Ada
              role: explains
              constraints:
                - at most one sentence at a time
            - name: Bo
              role: asks
              constraints:
                - never whispers
                - never excited
            """
        let text = try #require(Self.sources.first { $0.name == "no headings" }?.text)
        let script = FountainCheck(try ShortPrompts.chain(sources: [text], characters: characters).script, hasTitlePage: true)
        #expect(script.speeches.filter { $0.speaker == "ADA" }.allSatisfy { $0.sentences.count == 1 })
        #expect(!script.speeches.contains { $0.speaker == "BO" && $0.delivery == "excited" })
        #expect(script.speeches.contains { $0.speaker == "BO" && $0.delivery == "curious" })
    }

    /// An outline that a model or a person wrote has fewer keys; a scene comes of it all the same.
    @Test func beatsOfOtherWriters() throws {
        let cast = "## Characters\n\n```yaml\n\(ShortPrompts.cast)```\n"
        let beat =
            "## Beat\n\n```yaml\ntitle: Honey\npoints:\n  - Bees make honey because they need food in winter\n  - This store is called a comb\n```\n"
        let segment = FountainCheck(try OfflineWriter.write(prompt: "# Segment\n\n" + cast + beat), hasTitlePage: false)
        #expect(segment.mistakes == [] && segment.chapters == ["Honey"])
        #expect(segment.speeches.contains { $0.text.contains("This store is called a comb.") })
        let empty = "## Beat\n\n```yaml\ntitle: Honey\n```\n"
        let problem = #expect(throws: Diagnostic.self) { try OfflineWriter.write(prompt: "# Segment\n\n" + cast + empty) }
        #expect(problem?.message == "the beat \"Honey\" has nothing to tell")
    }

    @Test func earlierEpisodesAreNotRepeated() throws {
        let source =
            "## Honey\n\nBees make honey from sweet nectar. Ants keep small cows of their own.\n\n## Ants\n\nAnts carry heavy leaves home."
        let covered = "- key_points:\n    - Bees make honey from nectar that is sweet.\n"
        let chain = try ShortPrompts.chain(sources: [source], covered: covered)
        #expect(try BlockYAML.value(of: chain.concept)["leave_out"] == ["Bees make honey from sweet nectar."])
        #expect(!chain.script.contains("nectar") && chain.script.contains("Ants carry heavy leaves home."))
        #expect(try ShortPrompts.chain(sources: [source]).script.contains("nectar"))
    }
}

/// The four prompts with nothing but their data.
enum ShortPrompts {
    static let show = "## Show\n\n```yaml\ntitle: Bees and More\nlanguage: en\n```\n"
    static let topic = "## Topic\n\n```yaml\ntitle: Bees\ntopic: How bees live\n```\n"
    static let cast = "- name: Narrator\n- name: Ada\n  role: explains\n- name: Bo\n  role: asks\n"

    static func chain(sources: [String], characters: String = cast, covered: String? = nil) throws -> Workshop.Chain {
        let cast = "## Characters\n\n```yaml\n\(characters)\n```\n"
        let texts = "## Sources\n\n" + sources.map { "````markdown\n\($0)\n````\n" }.joined()
        let earlier = covered.map { "## Already covered\n\n```yaml\n\($0)\n```\n" } ?? ""
        var chain = Workshop.Chain()
        chain.concept = try OfflineWriter.write(prompt: "# Concept\n\n" + show + topic + texts + earlier)
        let concept = "## Concept\n\n```yaml\n\(chain.concept)```\n"
        chain.outline = try OfflineWriter.write(prompt: "# Outline\n\n" + show + cast + topic + concept + texts)
        for beat in try BlockYAML.value(of: chain.outline)["beats"]?.list ?? [] {
            let beat = "## Beat\n\n```yaml\n\(BlockYAML.text(of: beat))```\n"
            chain.segments.append(try OfflineWriter.write(prompt: "# Segment\n\n" + cast + beat))
        }
        let segments = "## Segments\n\n```yaml\n\(BlockYAML.text(of: .strings(chain.segments)))```\n"
        chain.script = try OfflineWriter.write(prompt: "# Script\n\n" + show + cast + topic + segments)
        return chain
    }
}
