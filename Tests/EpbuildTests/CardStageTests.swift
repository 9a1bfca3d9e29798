import FoundationEssentials
import Testing

/// Cards as a stage makes them.
@Suite struct CardStageTests {
    private static func show(_ card: String, scene: String = "{ id: a, title: Tides, narration: x }") throws -> SmallShow {
        try SmallShow([
            "show/pipeline.yaml": """
                stages:
                  list: { source: scenes.yaml }
                  card: { tool: image, each: { scene: list.scenes }, card: \(card), deliver: true }

                """,
            "show/ep/scenes.yaml": "scenes:\n- \(scene)\n",
        ])
    }

    private static func failure(
        _ show: SmallShow, status: Int32 = 65, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        return outcome.errors
    }

    private static func size(_ png: [UInt8]) -> String {
        func number(_ place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        return png.count > 24 && png.starts(with: [0x89, 0x50, 0x4E, 0x47]) ? "\(number(16))x\(number(20))" : "no picture"
    }

    @Test(arguments: ["1280x720", "1080x1920", "64x64"]) func aCardIsAsLargeAsItIsToBe(size: String) async throws {
        let show = try Self.show("{ size: \(size) }")
        try await show.build().expect(.built, executed: 1)
        #expect(Self.size(try show.machine.read("show/ep/out/card/1/card.png")) == size)
    }

    @Test func onlyWhatIsShownMakesItStale() async throws {
        let show = try Self.show("{ size: 320x180 }")
        try await show.build().expect(.built, executed: 1)
        for (old, new, count) in [("narration: x", "narration: y", 0), ("title: Tides", "title: Ebbs", 1), ("id: a", "id: b", 0)] {
            try show.machine.replace(old, with: new, in: "show/ep/scenes.yaml")
            try await show.build().expect(executed: count)
        }
    }

    @Test func mistakesHaveTheirPlaces() async throws {
        let mistakes = [
            ("{ size: large }", ["pipeline.yaml:3:68: error: \"large\" is no size of a card"]),
            (
                "{ look: drak }",
                ["pipeline.yaml:3:68: error: there is no look \"drak\"", "write `light` or `dark`"]
            ),
            ("{ sise: 1x1 }", ["unknown key `sise`", "did you mean \"size\"?"]),
            ("{ accent: blue }", ["`accent` is no colour: blue", "#2563c9"]),
            ("{ type: titel }", ["there is no card of the type \"titel\"", "did you mean \"title\"?"]),
            (
                "{ title: \"{{ show.nothing }}\" }",
                ["`show.nothing` is not defined"]
            ),
            ("{ image: none.png }", ["there is no file \"none.png\""]), ("{ fonts: [show.yaml] }", ["is no font that can be read"]),
        ]
        for (card, says) in mistakes {
            let said = try await Self.failure(try Self.show(card))
            for words in says { #expect(said.contains(words), "\(card): \(words) in \(said)") }
        }
    }

    /// A JPEG is decoded for the drawing, and shown as it is; one that is cut off is an error.
    @Test func aPhotographIsShown() async throws {
        let show = try Self.show("{ size: 320x180, type: image, image: photo.jpg, background: \"#ffffff\" }", scene: "{ id: a, narration: x }")
        let media = MediaMaker(machine: show.machine)
        try await media.make("-f lavfi -i color=c=0xC02040:size=300x200 -frames:v 1 -q:v 2 photo.jpg")
        try await show.build().expect(.built, executed: 2)
        let card = "out/card/1/card.png"
        #expect(Self.size(try show.machine.read("show/ep/\(card)")) == "320x180")
        let middle = try await media.shell("ffmpeg -v error -i \(card) -vf crop=2:2:160:90,scale=1:1,format=rgb24 -f rawvideo - | od -An -tu1")
        let colour = middle.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
        #expect(colour.count == 3 && zip(colour, [0xC0, 0x20, 0x40]).allSatisfy { abs($0 - $1) <= 6 }, "\(middle)")
        try await show.build().expect(.upToDate)

        let whole = try show.machine.read("show/ep/photo.jpg")
        try show.machine.write(Array(whole.prefix(200)), to: "show/ep/photo.jpg")
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65 || outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("error:"), "\(outcome)")
    }

    @Test func aLetterThatNoFontHasIsNamedWithItsPlace() async throws {
        let hieroglyph = try await Self.failure(try Self.show("{}", scene: "{ id: a, title: \"\u{13000}\" }"))
        #expect(hieroglyph.contains("scenes.yaml:2:3: error: no font that is known here has “\u{13000}” (U+13000)"), "\(hieroglyph)")
        // Of a script that is known, but whose font has not this letter.
        let gap = try await Self.failure(try Self.show("{}", scene: "{ id: a, title: \"x \u{0378}\" }"))
        #expect(gap.contains("no font has “\u{0378}” (U+0378)") && gap.contains("give one that has it by `fonts`"), "\(gap)")
    }

    @Test func tooMuchForACardIsAnError() async throws {
        let said = try await Self.failure(try Self.show("{}", scene: "{ id: a, text: \"\(String(repeating: "all of it ", count: 900))\" }"))
        #expect(said.contains("do not fit on a card, however small they are set") && said.contains("make two scenes of it"), "\(said)")
    }

    @Test func doctorKnowsWhoDraws() async throws {
        let show = try Self.show("{}")
        let said = try await show.machine.run("doctor")
        #expect((said.output + said.errors).contains("pango 1."), "\(said.output)\(said.errors)")
    }
}
