import EpCore
import EpPlan
import FoundationEssentials
import Testing

/// The show `explainers`, from its documents to what is said and shown, and what each edit of it costs.
@Suite struct ExplainerTests {
    private static let episode = "explainers/ep001-how-a-tide-works"
    private static let show = "explainers/show.yaml"
    private static let pipeline = "explainers/pipeline.yaml"
    private static let document = "\(episode)/documents/en.md"

    /// A machine on which the English film of the first episode is built. It is built once; each test gets a copy.
    private static func withFilmBuilt() async throws -> Machine {
        let machine = try Machine(copying: await builtOnce.value)
        try await machine.build(episode).expect(executed: 0)
        return machine
    }

    private static let builtOnce = Task {
        let machine = try Machine()
        for stage in ["input_adaptation", "script_generation", "out", "episode.lock"] { machine.remove("\(episode)/\(stage)") }
        try machine.replace("languages: [en, de, es]", with: "languages: [en]", in: show)
        try machine.replace("looks: [light, dark]", with: "looks: [dark]", in: show)
        try machine.edit(pipeline) { text in
            // Films are made in a test of their own.
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("  video_generation:") && !$0.hasPrefix("  films:") }
            return lines.joined(separator: "\n").replacing("size: 1280x720", with: "size: 320x180") + "\n"
        }
        try await machine.build(episode).expect(
            .built, executed: 23,
            [
                "input_adaptation": 1, "validation": 1, "content_parsing": 1, "script_generation": 1, "audio_generation": 9, "cards": 9,
                "timing": 1,
            ])
        return machine
    }

    private static func scenes(_ machine: Machine) throws -> [Value] {
        try Node(parsing: machine.read("\(episode)/script_generation/en.yaml"), file: "en.yaml").value["scenes"]?.list ?? []
    }

    @Test func whatIsWrittenCanBeReadAloud() async throws {
        let machine = try await Self.withFilmBuilt()
        let scenes = try Self.scenes(machine)
        #expect(scenes.map { $0["type"]?.string } == ["title", "text", "text", "text", "list", "text", "quote", "text", "end"])
        let said = scenes.compactMap { $0["narration"]?.string }
        #expect(said[0].hasPrefix("How a tide works. Twice a day"))
        #expect(said[1].hasPrefix("What pulls the water? The Moon pulls"))
        #expect(
            said[4].contains("It depends on three things. First, the Sun. It pulls")
                && said[4].contains("up to 16 metres. And finally, the weather."))
        #expect(said[5].hasSuffix("less than 30 centimetres, about the length of a school ruler."))
        #expect(
            said[6].hasSuffix("old English saying puts it: Time and tide wait for no one.")
                || said[6].hasSuffix("old English saying says it like this: Time and tide wait for no one."))
        #expect(said[8] == "Thank you for watching. The voice that you heard is made by a computer.")
        #expect(said.allSatisfy { !$0.contains { "*_#()[]".contains($0) } })
        let timing = try Node(parsing: machine.read("\(Self.episode)/out/timing/en/timing.yaml"), file: "timing.yaml").value
        let times = try #require(timing["scenes"]?.list)
        #expect(times.compactMap { $0["id"]?.string } == scenes.compactMap { $0["id"]?.string })
        #expect(times[0]["start_seconds"]?.number == 0)
        let (second, first) = (try #require(times[1]["start_seconds"]?.number), try #require(times[0]["seconds"]?.number))
        #expect(second == first)
        #expect((60...180).contains(try #require(timing["seconds"]?.number)))
    }

    @Test func oneSentenceCostsItsOwnSceneAndNoCard() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.replace("Rock hardly gives way", with: "Stone hardly gives way", in: Self.document)
        try await machine.build(Self.episode).expect(
            executed: 6,
            [
                "input_adaptation": 1, "validation": 1, "content_parsing": 1, "script_generation": 1, "audio_generation": 1, "cards": 0,
                "timing": 1,
            ])
        // Taken back, nothing is to be done.
        try machine.replace("Stone hardly gives way", with: "Rock hardly gives way", in: Self.document)
        try await machine.build(Self.episode).expect(executed: 0)
    }

    @Test func anEditByHandCostsItsOwnSound() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.replace("Nobody pours water in", with: "Nobody at all pours water in", in: "\(Self.episode)/script_generation/en.yaml")
        try await machine.build(Self.episode).expect(executed: 2, ["audio_generation": 1, "timing": 1])
    }

    @Test func aTitleCostsItsCardAndItsSound() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.replace("## Where is there hardly any tide?", with: "## Where is there no tide?", in: Self.document)
        try await machine.build(Self.episode).expect(executed: 7, ["script_generation": 1, "audio_generation": 1, "cards": 1, "timing": 1])
    }

    @Test func anAddedLanguageCostsItsOwn() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.replace("languages: [en]", with: "languages: [de, en]", in: Self.show)
        try await machine.build(Self.episode).expect(
            executed: 23,
            [
                "input_adaptation": 1, "validation": 1, "content_parsing": 1, "script_generation": 1, "audio_generation": 9, "cards": 9,
                "timing": 1,
            ])
        #expect(try machine.outputs(of: Self.episode).keys.sorted() == ["timing/de/timing.yaml", "timing/en/timing.yaml"])
    }

    @Test func anAccentCostsItsCards() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.replace("#0b7a75", with: "#b4541a", in: Self.show)
        try await machine.build(Self.episode).expect(executed: 9, ["cards": 9])
        try machine.replace(
            "looks: [dark]", with: "looks: [dark, { name: paper, background: \"#fdf6e3\", accent: \"#123456\" }]", in: Self.show)
        try await machine.build(Self.episode).expect(executed: 9, ["cards": 9])
    }

    @Test func aVoiceCostsItsLanguage() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.replace(
            "de: { provider: espeak, voice: de, rate: 152", with: "de: { provider: espeak, voice: de, rate: 170", in: Self.show)
        try await machine.build(Self.episode).expect(executed: 0)
        try machine.replace("voice: en-gb, rate: 185", with: "voice: en-us, rate: 185", in: Self.show)
        try await machine.build(Self.episode).expect(executed: 10, ["audio_generation": 9, "timing": 1])
    }

    @Test func aRemovedSceneCostsNoSoundAndNoCard() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.edit(Self.document) { text in
            let start = text.firstRange(of: "## Where is there hardly any tide?")!.lowerBound,
                end = text.firstRange(of: "## What have people")!.lowerBound
            return String(text[..<start] + text[end...])
        }
        try await machine.build(Self.episode).expect(executed: 5, ["script_generation": 1, "audio_generation": 0, "cards": 0, "timing": 1])
    }

    @Test func incrementalIsClean() async throws {
        let machine = try await Self.withFilmBuilt()
        try machine.replace("Rock hardly gives way", with: "Stone hardly gives way", in: Self.document)
        try await machine.build(Self.episode).expect(.built)
        let incremental = try machine.outputs(of: Self.episode)
        for made in ["out", "input_adaptation", "script_generation", "episode.lock"] { machine.remove("\(Self.episode)/\(made)") }
        machine.remove(".epbuild")
        try FileManager.default.removeItem(atPath: machine.cache)
        try await machine.build(Self.episode).expect(.built, executed: 23)
        #expect(try machine.outputs(of: Self.episode) == incremental)
    }

    /// A film for each language and look; an edited sentence encodes its own scene, in each look, and no other.
    @Test func filmsAreMadeOfScenes() async throws {
        let machine = try Machine()
        for stage in ["input_adaptation", "script_generation", "out", "episode.lock"] { machine.remove("\(Self.episode)/\(stage)") }
        try machine.replace("languages: [en, de, es]", with: "languages: [en]", in: Self.show)
        try machine.edit(Self.pipeline) { $0.replacing("1280x720", with: "320x180") }
        try await machine.build(Self.episode).expect(.built)
        let films = try machine.outputs(of: Self.episode).keys.filter { $0.hasSuffix(".mp4") }.sorted()
        #expect(
            films.count == 2 && films.contains { $0.hasPrefix("films/en/dark/") } && films.contains { $0.hasPrefix("films/en/light/") },
            "\(films)")
        let film = try #require(films.first)
        let checked = try await machine.run("check", "\(Self.episode)/out/\(film)", "--for", "youtube", "--json")
        let findings = try Node(parsing: Array(checked.output.utf8), file: "c").value["findings"]?.list ?? []
        let failing = findings.filter { $0["result"]?.string == "fail" }.compactMap { $0["rule"]?.string }
        #expect(failing == ["size"], "\(checked)")
        try machine.replace("Rock hardly gives way", with: "Stone hardly gives way", in: Self.document)
        let edited = try await machine.build(Self.episode).expect(.built, ["script_generation": 1, "audio_generation": 1, "cards": 0])
        // Of the scene that has changed: what its sound is like, and one encoding in each look.
        #expect(try edited.report.executed("video_generation") <= 4)
    }

    /// A web page, a list of scenes and a list of answers, in three languages.
    @Test func otherFormsBecomeFilms() async throws {
        let machine = try Machine()
        let episode = "explainers/ep002-why-bread-rises"
        for stage in ["input_adaptation", "script_generation", "out", "episode.lock"] { machine.remove("\(episode)/\(stage)") }
        try await machine.build(episode, "script_generation").expect(["input_adaptation": 3, "script_generation": 3])
        func said(_ language: String) throws -> String {
            let scenes =
                try Node(parsing: machine.read("\(episode)/script_generation/\(language).yaml"), file: language).value["scenes"]?.list ?? []
            return scenes.compactMap { $0["narration"]?.string }.joined(separator: "\n")
        }
        #expect(try said("en").contains("warmth, water, sugar and time."))
        #expect(try !said("en").contains("All questions"))
        #expect(try said("de").contains("Hefe ist leicht zufriedenzustellen: Wärme, Wasser, Zucker und Zeit."))
        #expect(try said("de").contains("Bei 30 Grad Celsius arbeitet sie am schnellsten."))
        #expect(try said("es").contains("calor, agua, azúcar y tiempo."))
    }
}

extension Build {
    /// Without a count of all.
    @discardableResult
    fileprivate func expect(_ stages: [String: Int], sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> Build {
        try expect(nil, executed: nil, stages, sourceLocation: sourceLocation)
    }
}
