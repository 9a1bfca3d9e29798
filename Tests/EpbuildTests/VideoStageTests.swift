import FoundationEssentials
import Testing

/// What a person may write to a video stage, its animatics and its captions, and what happens then.
@Suite struct VideoStageTests {
    private func film(_ change: (String) -> String) throws -> FilmShow { try FilmShow(scenes: 3, pipeline: change(FilmShow.pipeline)) }

    @Test func wrongSettingsAreNamedAtTheirPlaces() async throws {
        let film = try film {
            $0.replacing("size: 320x180", with: "size: 321x180, fps: 23, motion: spin, pad_seconds: 0, background: blue")
        }
        let outcome = try await film.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65)
        for text in [
            "`size` of", "`fps` of", "must be one of 24, 25, 29.97, 30", "`motion` of", "must be one of none, zoom", "`pad_seconds` of",
            "\"blue\" is no colour",
        ] {
            #expect(outcome.errors.contains(text), "\(text): \(outcome.errors)")
        }
        #expect(outcome.errors.contains("show/pipeline.yaml:5:"), "\(outcome.errors)")
    }

    @Test func aSceneThatIsTooLongIsToldOfAndKept() async throws {
        let film = try film { $0 }
        try film.machine.replace("length: 0.537", with: "maximum_seconds: 0.8, length: 0.537", in: "\(SmallShow.episode)/scenes.yaml")
        try film.machine.replace("id: s2", with: "minimum_seconds: 3, id: s2", in: "\(SmallShow.episode)/scenes.yaml")
        let outcome = try await film.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(
            outcome.errors.contains("ep/scenes.yaml:3:") && outcome.errors.contains("lasts 1.0 seconds, and was to last 0.8 at most"),
            "\(outcome.errors)")
        let timing = try film.timing
        #expect(timing.scenes.map(\.final_seconds)[1] == 3)
        #expect(try film.machine.text("\(FilmShow.out)/film.timing.md").contains("0.24 s too long"))
    }

    @Test func lengthsThatContradictEachOtherAreAnError() async throws {
        let film = try film { $0 }
        try film.machine.replace("id: s1", with: "minimum_seconds: 3, maximum_seconds: 2, id: s1", in: "\(SmallShow.episode)/scenes.yaml")
        let outcome = try await film.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains("cannot last 3.0 seconds at least and 2.0 at most"), "\(outcome)")
    }

    @Test func aSceneWithoutPictureOrLengthIsAnError() async throws {
        let blind = try await film { $0.replacing("from: [cards, sounds]", with: "from: [sounds]") }.machine.run("build", SmallShow.episode)
        #expect(blind.status == 65 && blind.errors.contains(" has no picture"), "\(blind)")
        let mute = try await film { $0.replacing("from: [cards, sounds]", with: "from: [cards]") }.machine.run("build", SmallShow.episode)
        #expect(mute.status == 65 && mute.errors.contains("nothing says how long videos/"), "\(mute)")
        // A sound that no scene has would be lost.
        let lost = try await film { $0.replacing("from: [cards, sounds]", with: "from: [cards], minimum_seconds: 1") }.machine.run(
            "build", SmallShow.episode)
        #expect(lost.status == 65 && lost.errors.contains("which is the sound of none of its scenes"), "\(lost)")
    }

    @Test(arguments: ["24", "29.97", "30"]) func otherRates(rate: String) async throws {
        let film = try film { $0.replacing("size: 320x180", with: "size: 180x320, fps: \(rate), motion: zoom") }
        try await film.show.build().expect(.built)
        let probed = try await film.run(
            "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=avg_frame_rate,width,height,nb_frames", "-of",
            "csv=p=0", "\(FilmShow.out)/film.mp4"
        ).output
        let frames = try film.timing.scenes.reduce(0) { $0 + $1.frames }
        #expect(probed == "180,320,\(rate == "29.97" ? "30000/1001" : "\(rate)/1"),\(frames)\n", "\(probed)")
        let onsets = try await film.onsets()
        let starts = try film.timing.scenes.map(\.start_seconds)
        try #require(onsets.count == starts.count)
        for (onset, start) in zip(onsets, starts) { #expect(abs(onset - start) <= 0.04, "\(onsets)") }
    }

    @Test func aSkippedSceneIsLeftOutAndToldOf() async throws {
        let film = try film { $0 }
        try await film.show.build().expect(.built)
        let skipped = try await film.machine.run("skip", SmallShow.episode, "videos/2")
        #expect(skipped.status == 0, "\(skipped)")
        try await film.show.build().expect(.built, ["videos": 0, "film": 3])
        let count = try film.timing.scenes.count
        #expect(count == 2)
        #expect(try film.machine.text("\(FilmShow.out)/film.timing.md").contains("Left out: 1."))
        let onsets = try await film.onsets()
        #expect(onsets.count == 2)
    }

    @Test func animaticsHaveTheirPanelAndSound() async throws {
        let film = try film {
            $0
                + "  rough: { tool: animatic, each: { scene: scenes.scenes }, from: [sounds], size: 320x180, deliver: flat }\n  mute: { tool: animatic, each: { scene: scenes.scenes }, from: [cards], size: 320x180, deliver: flat }\n"
        }
        // Sounds and pictures have been looked at for the videos, or are for these: once.
        try await film.show.build().expect(.built)
        let names = try film.machine.outputs(of: SmallShow.episode).keys
        for name in ["rough/scene_001.mp4", "rough/scene_003.mp4", "mute/scene_002.mp4"] { #expect(names.contains(name), "\(names)") }
        let onsets = try await film.onsets(of: "\(FilmShow.out)/rough/scene_002.mp4")
        #expect(onsets.count == 1)
        // The panel's ground, its frame and its strip of text are in it.
        let (panel, card) = (
            try await film.brightness(of: "\(FilmShow.out)/rough/scene_001.mp4"),
            try await film.brightness(of: "\(FilmShow.out)/mute/scene_002.mp4")
        )
        #expect(panel.count == 50 && (20...80).contains(panel[0]), "\(panel.count) \(panel[0])")
        #expect(card.count >= 50 && card[0] > 150, "\(card.count) \(card[0])")
        try film.machine.replace("This is scene 2.", with: "This is another.", in: "\(SmallShow.episode)/scenes.yaml")
        try await film.show.build().expect(.built, ["rough": 1, "mute": 1])
    }

    @Test func captionsOfScenesAreTheFilmsAndMayBeChanged() async throws {
        let film = try film {
            $0.replacing("from: [videos, sounds, scenes]", with: "from: [videos, captions]")
                + "  captions: { tool: captions, from: [videos], output: captions.srt, editable: true }\n"
        }
        try await film.show.build().expect(.built)
        let (own, delivered) = (
            try film.machine.text("\(SmallShow.episode)/captions.srt"), try film.machine.text("\(FilmShow.out)/film.srt")
        )
        #expect(own == delivered)
        try film.machine.replace("This is scene 2.", with: "This is MINE.", in: "\(SmallShow.episode)/captions.srt")
        try await film.show.build().expect(.built, ["captions": 0, "film": 1])
        let soft = try await film.decoded("-i", "\(FilmShow.out)/film.mp4", "-map", "0:s", "-f", "srt")
        #expect(String(decoding: soft, as: UTF8.self).contains("This is MINE."))
    }

    @Test func captionsOfWords() async throws {
        let words =
            #"{ "words": [{ "word": "Hello", "start": 0.5, "end": 0.9 }, { "word": "you.", "start": 1, "end": 1.4 }, { "word": "Later", "start": 4, "end": 4.5 }] }"#
        let show = try SmallShow([
            "show/pipeline.yaml":
                "stages:\n  words: { source: words.json }\n  captions: { tool: captions, from: [words], deliver: true }\n",
            "show/ep/words.json": words,
        ])
        try await show.build().expect(.built)
        #expect(try show.machine.text("\(SmallShow.episode)/out/captions.vtt").contains("00:00:00.500 --> 00:00:01.400\nHello you."))
        #expect(try show.machine.text("\(SmallShow.episode)/out/captions.srt").contains("00:00:04,000 --> 00:00:04,500"))
        try show.write("[1]", to: "show/ep/words.json")
        let outcome = try await show.machine.run("build", SmallShow.episode)
        #expect(outcome.status == 65 && outcome.errors.contains("word 1 has no `word`, `start` and `end`"), "\(outcome)")
    }
}
