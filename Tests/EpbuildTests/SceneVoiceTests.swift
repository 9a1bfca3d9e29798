import EpCore
import EpPlan
import Testing

/// Who speaks the scenes of a list, and how long that lasts.
@Suite struct SceneVoiceTests {
    private static func show(
        _ scenes: String, blueprint: String = "language: en\nvoices: { en: { provider: espeak, voice: en-gb } }\n"
    ) throws -> SmallShow {
        try SmallShow([
            "show/show.yaml": "title: T\n" + blueprint,
            "show/pipeline.yaml": """
                stages:
                  list: { source: scenes.yaml }
                  voice: { tool: tts, each: { scene: list.scenes }, deliver: true }
                  timing: { tool: timing, from: [voice], deliver: true }

                """,
            "show/ep/scenes.yaml": "scenes:\n\(scenes)\n",
        ])
    }

    private static func failure(_ show: SmallShow, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws -> String {
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65, "\(outcome.errors)", sourceLocation: sourceLocation)
        return outcome.errors
    }

    @Test func aSilentSceneLastsItsTimeAndALongOneIsTold() async throws {
        let show = try Self.show(
            "- { id: a, narration: Hello there., maximum_seconds: 0.5 }\n- { id: b, title: Only seen, minimum_seconds: 2 }")
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(
            outcome.status == 0 && outcome.errors.contains("scene a lasts") && outcome.errors.contains("more than its maximum_seconds"),
            "\(outcome.errors)")
        let timing = try Node(parsing: show.machine.read("show/ep/out/timing.yaml"), file: "timing.yaml").value
        let scenes = try #require(timing["scenes"]?.list)
        #expect(scenes[1]["seconds"]?.number == 2)
        #expect(try #require(scenes[0]["over_seconds"]?.number) > 0)
        let (all, spoken) = (try #require(timing["seconds"]?.number), try #require(scenes[0]["seconds"]?.number))
        #expect(abs(all - spoken - 2) < 0.001)
    }

    @Test func aSpeakerGoesBeforeTheVoiceOfTheLanguage() async throws {
        let blueprint =
            "language: en\nvoices: { en: { provider: espeak, voice: en-gb } }\ncharacters: [ { name: Ann, voice: { provider: espeak, voice: en-us } } ]\n"
        let show = try Self.show("- { id: a, narration: Hello. }\n- { id: b, narration: Hello., speaker: Ann }", blueprint: blueprint)
        try await show.build().expect(.built, executed: 3)
        let sounds = try show.machine.outputs(of: SmallShow.episode)
        #expect(sounds["voice/1/line.wav"] != sounds["voice/2/line.wav"])
    }

    @Test func whoSpeaksIsAskedFor() async throws {
        let none = try await Self.failure(
            try Self.show("- { id: a, narration: x }", blueprint: "language: fr\nvoices: { en: { provider: espeak, voice: en } }\n"))
        #expect(none.contains("show.yaml:3:9: error: nobody is named who speaks \"fr\"") && none.contains("voices: { fr:"), "\(none)")
        let unsaid = try await Self.failure(
            try Self.show("- { id: a, narration: x }", blueprint: "voices: { en: { provider: espeak }, de: { provider: espeak } }\n"))
        #expect(unsaid.contains("nothing says in which language this is spoken"), "\(unsaid)")
        let wrong = try await Self.failure(
            try Self.show("- { id: a, narration: x }", blueprint: "language: en\nvoices: { en: { provder: espeak } }\n"))
        #expect(wrong.contains("the voice of the language \"en\" has an unknown key `provder`"), "\(wrong)")
        let unknown = try await Self.failure(try Self.show("- { id: a, narration: x, speaker: Bob }"))
        #expect(unknown.contains("scenes.yaml:2:3: error: nobody in the show is called \"Bob\""), "\(unknown)")
    }
}
