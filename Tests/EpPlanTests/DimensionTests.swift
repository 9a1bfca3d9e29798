import EpCore
import Testing

@testable import EpPlan

/// Fan-out in more than one dimension: what items are called, what they read, and what they wait for.
@Suite struct DimensionTests {
    private let novel = """
        stages:
          chapters: { tool: copy, output: chapters.yaml }
          scenes: { tool: copy, each: { chapter: chapters.chapters }, output: scenes.yaml }
          prose: { tool: copy, each: { scene: scenes.scenes }, prompt: prose.md, output: prose.md, editable: true }
          summary: { tool: copy, each: { chapter: chapters.chapters }, from: [prose] }
          book: { tool: copy, from: [chapters, prose] }

        """
    private let films = """
        stages:
          script: { tool: copy, each: { language: show.languages }, output: script.yaml }
          voice: { tool: copy, each: { scene: script.scenes } }
          cards: { tool: copy, each: { scene: script.scenes, look: show.looks } }
          video: { tool: copy, each: cards, from: [cards, voice, script] }
          film: { tool: copy, each: { language: show.languages, look: show.looks }, from: [video, voice] }

        """
    private let show = "languages: [de, en]\nlooks: [{ name: dark, accent: red }, { name: light }]\n"

    /// Runs what can be run: every step's output is what `answer` says of its target.
    private func run(_ planner: Planner, _ files: MemoryFiles, goals: [Target] = [], _ answer: (String) -> String) throws {
        for _ in 0..<100 {
            let isComplete = try planner.expand(goals: goals)
            let open = planner.steps.indices.filter { files.outputs[StepID($0)] == nil }
            if isComplete, open.isEmpty { return }
            for index in open {
                files.outputs[StepID(index)] = [planner.steps[index].outputs[0]: answer(planner.steps[index].target.description)]
            }
        }
        Issue.record("the plan does not come to an end")
    }

    private func answer(_ target: String) -> String {
        switch target {
        case "chapters": "chapters: [{ title: Sea }, { title: Land }]\n"
        case "scenes/1": "scenes: [{ at: ship }, { at: storm }]\n"
        case "scenes/2": "scenes: [{ at: shore }]\n"
        case "script/de": "scenes: [eins, zwei]\n"
        case "script/en": "scenes: [one]\n"
        default: "text of \(target)"
        }
    }

    private func reads(_ planner: Planner, _ target: String) -> [String] {
        planner.steps.filter { $0.target.description == target }.flatMap(\.dependencies).map { planner.steps[$0.index].target.description }
    }

    @Test func whatFansOutCarriesItsCoordinatesOn() throws {
        let files = MemoryFiles(["/w/show/prose.md": "{{ chapter.title }} {{ scene.at }} {{ item.at }}"])
        let planner = try planner(novel, files: files)
        try run(planner, files, answer)
        #expect(planner.items(of: StageName("prose")).map(\.item) == ["1/1", "1/2", "2/1"])
        #expect(
            planner.steps.first { $0.target.description == "prose/1/2" }?.inputs.first { $0.label == "prompt" }?.source
                == .literal(Array("Sea storm storm".utf8)))
        #expect(
            planner.items(of: StageName("prose")).map { planner.texts[Target(stage: StageName("prose"), item: $0.item)]?.file } == [
                "prose/1/1.md", "prose/1/2.md", "prose/2/1.md",
            ])
        #expect(reads(planner, "summary/1") == ["prose/1/1", "prose/1/2"])
        #expect(reads(planner, "summary/2") == ["prose/2/1"])
        #expect(reads(planner, "book") == ["chapters", "prose/1/1", "prose/1/2", "prose/2/1"])
    }

    @Test func aProductHasAnItemForEveryPair() throws {
        let files = MemoryFiles()
        let planner = try planner(films, files: files, show: show)
        try run(planner, files, answer)
        let names = ["de/1/dark", "de/1/light", "de/2/dark", "de/2/light", "en/1/dark", "en/1/light"]
        #expect(planner.items(of: StageName("cards")).map(\.item) == names)
        #expect(planner.items(of: StageName("video")).map(\.item) == names)
        #expect(reads(planner, "video/de/2/light") == ["cards/de/2/light", "voice/de/2", "script/de"])
        #expect(planner.items(of: StageName("film")).map(\.item) == ["de/dark", "de/light", "en/dark", "en/light"])
        #expect(reads(planner, "film/de/light") == ["video/de/1/light", "video/de/2/light", "voice/de/1", "voice/de/2"])
    }

    @Test func noItemWaitsForOneThatItDoesNotRead() throws {
        let files = MemoryFiles()
        let planner = try planner(films, files: files, show: show)
        #expect(try !planner.expand(goals: []))
        #expect(planner.steps.map(\.target.description) == ["script/de", "script/en"])
        // The German script alone is there.
        files.outputs[StepID(0)] = ["script.yaml": "scenes: [eins]\n"]
        #expect(try !planner.expand(goals: []))
        let planned = planner.steps.map(\.target.description)
        #expect(
            Set(planned) == [
                "script/de", "script/en", "voice/de/1", "cards/de/1/dark", "cards/de/1/light", "video/de/1/dark", "video/de/1/light",
                "film/de/dark", "film/de/light",
            ])
        files.outputs[StepID(1)] = ["script.yaml": "scenes: [one]\n"]
        #expect(try planner.expand(goals: []))
        #expect(Set(planner.steps.map(\.target.description)).count == 16)
        #expect(planner.items(of: StageName("voice")).map(\.item) == ["de/1", "en/1"])
    }

    @Test func aGoalPlansWhatItReadsAlone() throws {
        let files = MemoryFiles()
        let one = try planner(films, files: files, show: show)
        try run(one, files, goals: [Target(parsing: "video/de/1/dark")], answer)
        #expect(Set(one.steps.map(\.target.description)) == ["script/de", "voice/de/1", "cards/de/1/dark", "video/de/1/dark"])
        // All that lies at some coordinates.
        files.outputs = [:]
        let german = try planner(films, files: files, show: show)
        try run(german, files, goals: [Target(parsing: "voice/de")], answer)
        #expect(Set(german.steps.map(\.target.description)) == ["script/de", "voice/de/1", "voice/de/2"])
        files.outputs = [:]
        let none = try planner(films, files: files, show: show)
        let problem = problems { try run(none, files, goals: [Target(parsing: "voice/de/7")], answer) }.first
        #expect(problem?.message == "stage \"voice\" has no item \"de/7\"")
        #expect(problem?.remedy == "did you mean \"de/1\"?" || problem?.remedy == "did you mean \"de/2\"?", "\(problem?.remedy ?? "")")
    }

    @Test func previousIsWhatCameBeforeInTheSameStory() throws {
        let files = MemoryFiles(["/w/show/prose.md": "{{#if previous}}after: {{ previous }}{{/if}}"])
        let planner = try planner(novel, files: files)
        try run(planner, files, answer)
        let prompts = planner.steps.filter { $0.target.stage == StageName("prose") }.map { step -> String in
            guard case .literal(let bytes)? = step.inputs.first(where: { $0.label == "prompt" })?.source else { return "" }
            return "\(step.target): \(String(decoding: bytes, as: UTF8.self))"
        }
        #expect(prompts.sorted() == ["prose/1/1: ", "prose/1/2: after: text of prose/1/1", "prose/2/1: after: text of prose/1/2"])
        files.outputs = [:]
        // One item alone: those before it are made for it, and none behind it.
        let alone = try EpPlanTests.planner(novel, files: files)
        try run(alone, files, goals: [Target(parsing: "prose/1/2")], answer)
        #expect(Set(alone.steps.map(\.target.description)) == ["chapters", "scenes/1", "prose/1/1", "prose/1/2"])
    }

    @Test func languagesAreVariantsAndGoAlongByThemselves() throws {
        let files = MemoryFiles(["/w/show/p.md": "{{#each earlier as e}}{{ e }}, {{/each}}"])
        let planner = try planner(
            films + "  told: { tool: copy, each: { scene: script.scenes, look: show.looks }, prompt: p.md }\n", files: files, show: show)
        try run(planner, files, answer)
        let prompts = planner.steps.filter { $0.target.stage == StageName("told") }.map { step -> String in
            guard case .literal(let bytes)? = step.inputs.first(where: { $0.label == "prompt" })?.source else { return "" }
            return "\(step.target): \(String(decoding: bytes, as: UTF8.self))"
        }
        #expect(prompts.filter { $0.contains("/2/") || $0.contains("en/1/dark") }.sorted() == [
            "told/de/2/dark: text of told/de/1/dark, ", "told/de/2/light: text of told/de/1/light, ", "told/en/1/dark: ",
        ])
    }

    @Test func editsGoWithTheirElementsInEveryDimension() throws {
        let files = MemoryFiles(["/w/show/prose.md": "{{ scene.at }}"])
        func texts(_ chapters: [(String, [String])]) throws -> (edited: [String], lost: [String]) {
            files.outputs = [:]
            let planner = try planner(novel, files: files)
            try run(planner, files) { target in
                if target == "chapters" { return "chapters: [\(chapters.map { "{ title: \($0.0) }" }.joined(separator: ", "))]\n" }
                guard target.hasPrefix("scenes/"), let number = Int(target.dropFirst(7)) else { return "x" }
                return "scenes: [\(chapters[number - 1].1.map { "{ at: \($0) }" }.joined(separator: ", "))]\n"
            }
            let items = planner.items(of: StageName("prose"))
            let texts = items.compactMap { item in
                planner.texts[Target(stage: StageName("prose"), item: item.item)].map { (item.item ?? "", $0) }
            }
            files.items = Dictionary(texts.map { (Path($0.1.file), $0.1.place!) }) { $1 }
            for (file, lost) in planner.lostTexts where lost.isEdited { files.items[file] = lost.place }
            return (texts.filter(\.1.isEdited).map { "\($0.0) \($0.1.file)" }, planner.lostTexts.keys.sorted().map(\.text))
        }
        _ = try texts([("Sea", ["ship", "storm"]), ("Land", ["shore"])])
        files.files["/w/show/ep/prose/1/2.md"] = "mine"
        #expect(try texts([("Sea", ["ship", "storm"]), ("Land", ["shore"])]).edited == ["1/2 prose/1/2.md"])
        #expect(
            try texts([("Dock", ["rope"]), ("Sea", ["ship", "storm"]), ("Land", ["shore"])]).edited == ["2/2 prose/1/2.md"],
            "a chapter before it")
        #expect(
            try texts([("Dock", ["rope"]), ("Sea", ["fog", "ship", "storm"]), ("Land", ["shore"])]).edited == ["2/3 prose/1/2.md"],
            "a scene before it")
        #expect(try texts([("Sea", ["fog", "ship", "storm"])]).edited == ["1/3 prose/1/2.md"])
        let gone = try texts([("Land", ["shore"])])
        #expect(gone.edited.isEmpty && gone.lost.contains("prose/1/2.md"), "its chapter is gone")
        #expect(try texts([("Land", ["shore"]), ("Sea", ["ship", "storm"])]).edited == ["2/2 prose/1/2.md"], "it is back")
    }

    /// A chapter is worded anew, twice, before its scenes are known: their texts stay theirs.
    @Test func anEditWaitsForItsScene() throws {
        let files = MemoryFiles(["/w/show/prose.md": "{{ scene.at }}"])
        func build(_ title: String, isWhole: Bool) throws -> Planner {
            files.outputs = [:]
            let planner = try EpPlanTests.planner(novel, files: files)
            let answers = { (target: String) in target == "chapters" ? "chapters: [{ title: \(title) }, { title: Land }]\n" : answer(target)
            }
            if isWhole {
                try run(planner, files, answers)
            } else {
                _ = try planner.expand(goals: [])
                files.outputs[StepID(0)] = ["chapters.yaml": answers("chapters")]
                _ = try planner.expand(goals: [])
            }
            for item in planner.items(of: StageName("prose")) {
                if let text = planner.texts[Target(stage: StageName("prose"), item: item.item)] {
                    files.items[Path(text.file)] = text.place
                }
            }
            files.items.merge(planner.textPlaces) { $1 }
            return planner
        }
        _ = try build("Sea", isWhole: true)
        files.files["/w/show/ep/prose/1/2.md"] = "mine"
        for title in ["Ocean", "Deep"] { #expect(try build(title, isWhole: false).items(of: StageName("prose")).isEmpty) }
        let planner = try build("Deep", isWhole: true)
        #expect(planner.isEdited(Target(parsing: "prose/1/2")) && planner.lostTexts.isEmpty)
    }

    @Test func whatIsLeftOutIsNotRead() throws {
        let files = MemoryFiles()
        let whole = try planner(films, files: files, show: show)
        try run(whole, files, answer)
        let cards = whole.items(of: StageName("cards"))
        let place = zip(cards, ItemPlace.all(of: cards)).first { $0.0.item == "de/1/light" }?.1
        files.skips = [(Target(parsing: "cards/de/1/light"), try #require(place))]
        files.outputs = [:]
        let planner = try planner(films, files: files, show: show)
        try run(planner, files, answer)
        let planned = Set(planner.steps.map(\.target.description))
        #expect(!planned.contains("cards/de/1/light") && !planned.contains("video/de/1/light"))
        #expect(reads(planner, "film/de/light") == ["video/de/2/light", "voice/de/1", "voice/de/2"])
        #expect(planner.items(of: StageName("cards")).filter(\.isSkipped).map(\.item) == ["de/1/light"])
    }

    @Test(arguments: [
        ("each: { scene: a.lines, line: a.lines }", "\"a.lines\" in `each` of stage \"b\" adds nothing to what stands before it", nil),
        ("each: { show: a.lines }", "elements cannot be called \"show\"", nil),
        ("each: { a: a.lines }", "\"a\" is a stage, so no element can be called so", nil),
        ("each: show", "`each` of stage \"b\" names no list of the show", nil),
        ("each: [a, b]", "`each` of stage \"b\" must name a list or a stage, not a list", nil),
        ("each: { x: [a] }", "`x` in `each` of stage \"b\" must name a list or a stage, not a list", nil),
        ("each: show.langages", "`show.langages` is not defined", "did you mean \"languages\"?"),
        ("each: show.title", "`show.title` is no list, so nothing can be made for each of it", "write it as a list: `title: [ … ]`"),
    ])
    func whatIsWrongIsSaid(_ each: String, _ message: String, _ remedy: String?) throws {
        let files = MemoryFiles(["/w/show/ep/a.txt": "x\n"])
        let found = problems {
            _ = try planner(
                "stages:\n  a: { source: a.txt }\n  b: { tool: copy, \(each) }\n", files: files, show: "title: S\nlanguages: [de]\n"
            ).expand(goals: [])
        }
        #expect(found.map(\.message).contains(message), "\(found.map(\.message))")
        #expect(found.allSatisfy { $0.location != nil })
        if let remedy { #expect(found.first?.remedy == remedy) }
    }

    /// A chain in which each item needs the one before it: every round says one more, whatever it costs to ask.
    @Test func aLongStoryIsPlannedItemByItem() throws {
        let count = 1500
        let files = MemoryFiles([
            "/w/show/ep/list.txt": (1...count).map { "line \($0)\n" }.joined(),
            "/w/show/p.md": "{{ item.text }} {{#if previous}}{{ previous }}{{/if}}",
        ])
        let planner = try planner("stages:\n  a: { source: list.txt }\n  b: { tool: copy, each: a.lines, prompt: p.md }\n", files: files)
        let start = processorSeconds()
        for round in 1...count {
            #expect(try planner.expand(goals: [], thoroughly: false) == (round == count))
            #expect(planner.steps.count == round)
            files.outputs[StepID(round - 1)] = ["out.txt": "x"]
        }
        #expect(processorSeconds() - start < 60)
    }
}
