import EpCore
import Testing

@testable import EpOffline

/// Scene scripts: what is said is heard by somebody, so it is looked at word by word.
@Suite struct SceneScriptTests {
    private static func written(_ scenes: String, language: String = "en", closing: String? = nil, take: Int = 1) throws -> [Value] {
        let show = "language: \(language)\n" + (closing.map { "closing:\n  \(language): \($0)\n" } ?? "")
        let prompt =
            "# Scene script\n\nWrite.\n\n## Show\n\n```yaml\n\(show)```\n\n## Scenes\n\n```yaml\nlanguage: \(language)\nscenes:\n\(scenes)\n```\n"
        return try BlockYAML.value(of: OfflineWriter.write(prompt: prompt, take: take))["scenes"]?.list ?? []
    }

    private static func said(_ scene: String, language: String = "en") throws -> String {
        let all = try written("  - id: first\n    type: text\n    title: Before\n    narration: Before.\n\(scene)", language: language)
        return all.last?["narration"]?.string ?? ""
    }

    @Test func aTitleIsSaidAndThenWhatIsToCome() throws {
        let scenes = try Self.written("  - id: a\n    type: title\n    title: How a tide works\n    narration: How a tide works.")
        let text = try #require(scenes[0]["narration"]?.string)
        #expect(text.hasPrefix("How a tide works. ") && text.count > 25)
        #expect(scenes[0]["minimum_seconds"]?.number == 4)
        let more = try Self.written("  - id: a\n    type: title\n    title: Tides\n    narration: Twice a day the sea comes.")
        #expect(more[0]["narration"]?.string == "Tides. Twice a day the sea comes.")
    }

    @Test func aQuestionIsAskedAndAnotherHeadingOnlyWhereItIsNeeded() throws {
        #expect(
            try Self.said("  - id: b\n    type: text\n    title: Why two hills?\n    narration: The far side is weakest.")
                == "Why two hills? The far side is weakest.")
        #expect(
            try Self.said("  - id: b\n    type: text\n    title: Spring tides\n    narration: A spring tide is high.")
                == "A spring tide is high.")
        let led = try Self.said("  - id: b\n    type: text\n    title: Spring tides\n    narration: They come at new moon.")
        #expect(led.contains("Spring tides") && led.hasSuffix(". They come at new moon.") && !led.hasPrefix("They"))
    }

    @Test func listsAreIntroducedAndCounted() throws {
        let list =
            "  - id: b\n    type: list\n    title: Why?\n    points:\n      - The Moon pulls\n      - The Sun pulls\n    narration: \"Two things do it: The Moon pulls at all the water. The Sun pulls as well.\""
        #expect(try Self.said(list) == "Why? Two things do it. First, the Moon pulls at all the water. Second, the Sun pulls as well.")
        let bare =
            "  - id: b\n    type: list\n    title: Why?\n    points:\n      - The Moon pulls\n      - The Sun pulls\n      - The wind blows\n    narration: \"The Moon pulls strongly. The Sun pulls as well. The wind blows, too.\""
        let said = try Self.said(bare)
        #expect(
            said.contains("three")
                && said.contains("First, the Moon pulls strongly. Second, the Sun pulls as well. And finally, the wind blows, too."),
            "\(said)")
    }

    @Test(arguments: [
        ("en", "You need: a bowl, water.", "You need: a bowl, water and salt."),
        ("de", "Man braucht: Salz.", "Man braucht: a bowl, water und salt."),
        ("es", "Hace falta: sal.", "Hace falta: a bowl, water y salt."),
    ])
    func shortListsAreOneSentence(language: String, _: String, expected: String) throws {
        let lead = String(expected[..<expected.firstIndex(of: ":")!])
        let list =
            "  - id: b\n    type: list\n    title: X\n    points:\n      - a bowl\n      - water\n      - salt\n    narration: \"\(lead): a bowl, water, salt.\""
        #expect(try Self.said(list, language: language).hasSuffix(expected))
    }

    @Test func whoIsQuotedIsSaidFirst() throws {
        let quote =
            "  - id: b\n    type: quote\n    title: Why?\n    text: Tides wait for no one.\n    by: An old saying\n    narration: Sailors know. Tides wait for no one. An old saying."
        let said = try Self.said(quote)
        #expect(
            said.hasPrefix("Why? Sailors know. ") && said.hasSuffix(": Tides wait for no one.")
                && said.lowercased().contains("an old saying"), "\(said)")
        #expect(said.ranges(of: "no one").count == 1)
    }

    @Test(arguments: [
        (
            "en", "It rises by 3–5 m (see fig. 2), i.e. approx. 30% at 12 km/h & 20 °C.",
            "It rises by 3 to 5 metres, that is about 30 percent at 12 kilometres an hour and 20 degrees Celsius."
        ),
        (
            "de", "Es steigt um 3–5 m (z. B. bei Sturm), d. h. ca. 30 % bei 20 °C.",
            "Es steigt um 3 bis 5 Meter, zum Beispiel bei Sturm, das heißt etwa 30 Prozent bei 20 Grad Celsius."
        ),
        (
            "es", "Sube 3–5 m (p. ej. con viento), aprox. el 30 % a 20 °C.",
            "Sube 3 a 5 metros, por ejemplo con viento, aproximadamente el 30 por ciento a 20 grados Celsius."
        ),
    ])
    func signsAndUnitsAreSaidInWords(language: String, text: String, expected: String) throws {
        #expect(NarrationWords.of(language).spoken(text).replacing(",,", with: ",") == expected)
    }

    @Test func aTextShowsOneOfItsSentences() throws {
        let scenes = try Self.written(
            "  - id: a\n    type: text\n    title: Why?\n    narration: The water on that far side of the Earth is pulled less than all of the solid ground that lies below it is pulled by the Moon. So it stays behind there. The hill is low and wide."
        )
        #expect(scenes[0]["text"]?.string == "The hill is low and wide.")
        let given = try Self.written(
            "  - id: a\n    type: text\n    title: Why?\n    text: As given\n    narration: Another sentence stands here.")
        #expect(given[0]["text"]?.string == "As given")
    }

    @Test func theFilmEndsWithTheWordsOfTheShow() throws {
        let scenes = try Self.written("  - id: a\n    type: text\n    narration: Hallo.", language: "de", closing: "Bis bald.")
        #expect(scenes.count == 2)
        #expect(
            scenes[1]["type"]?.string == "end" && scenes[1]["narration"]?.string == "Bis bald." && scenes[1]["title"]?.string == "Bis bald")
        #expect(
            try Self.written("  - id: a\n    type: end\n    title: Ende\n    narration: Ende.", language: "de", closing: "Bis bald.").count
                == 1)
    }

    @Test func aLanguageThatIsNotKnownIsLeftAsItIs() throws {
        let scene = "  - id: a\n    type: list\n    title: 潮はなぜ？\n    points:\n      - 月\n      - 太陽\n    narration: 月、太陽。"
        let scenes = try Self.written(scene, language: "ja")
        #expect(scenes[0]["narration"]?.string == "月、太陽。")
        #expect(scenes[0]["points"]?.list?.count == 2)
    }

    @Test func everythingElseOfASceneStays() throws {
        let scene =
            "  - id: a\n    type: code\n    title: A table\n    text: |\n      a = 1\n      b = 2\n    speaker: Ann\n    image: x.png\n    maximum_seconds: 40"
        let written = try Self.written(scene)[0]
        #expect(
            written["id"]?.string == "a" && written["text"]?.string == "a = 1\nb = 2\n" && written["speaker"]?.string == "Ann"
                && written["image"]?.string == "x.png")
        #expect(written["maximum_seconds"]?.number == 40 && written["minimum_seconds"]?.number == 6 && written["narration"] == nil)
    }

    @Test func withoutScenesThereIsNothingToWrite() {
        #expect(throws: Diagnostic.self) { try OfflineWriter.write(prompt: "# Scene script\n\n## Scenes\n\n```yaml\nscenes: []\n```\n") }
        #expect(throws: Diagnostic.self) { try OfflineWriter.write(prompt: "# Scene script\n") }
    }

    @Test func theSamePromptGivesTheSameBytes() throws {
        let scene = "  - id: a\n    type: title\n    title: How a tide works\n    narration: How a tide works."
        #expect(try Self.written(scene) == Self.written(scene))
        #expect(Set(try (1...6).map { try Self.written(scene, take: $0)[0]["narration"]?.string }).count > 1)
    }
}
