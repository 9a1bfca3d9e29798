import EpCore
import Testing

@testable import EpPlan

@Suite struct PlannerTests {
    private let fanOut =
        "stages:\n  texts: { source: \"t/*\" }\n  one: { tool: copy, from: [texts], output: one.yaml }\n  many: { tool: copy, each: one.beats }\n  last: { tool: copy, from: [many] }\n"

    @Test func whatIsNotKnownIsAwaitedAndAddedLater() throws {
        let files = MemoryFiles(["/w/show/ep/t/a.txt": "A"])
        let planner = try planner(fanOut, files: files)
        #expect(try !planner.expand(goals: []))
        #expect(planner.steps.map(\.target.description) == ["one"])
        #expect(planner.awaited.values.reduce(into: []) { $0.formUnion($1.keys) } == [StepID(0)])
        files.outputs[StepID(0)] = ["one.yaml": "beats: [x, y]\n"]
        #expect(try planner.expand(goals: []))
        #expect(planner.steps.map(\.target.description) == ["one", "many/1", "many/2", "last"])
        #expect(planner.steps[3].dependencies == [StepID(1), StepID(2)])
        // What has been said stands.
        #expect(try planner.expand(goals: []))
        #expect(planner.steps.count == 4)
    }

    @Test func scriptsAreProofreadOnce() throws {
        let files = MemoryFiles(["/w/show/ep/script.fountain": "Nora\nHi there.\n\nNORA\nHo.\n\nPAT\nHa."])
        let show = "title: S\ncharacters:\n  - { name: NORA, aliases: [PAT] }\n"
        let planner = try planner(
            "stages:\n  script: { source: script.fountain }\n  lines: { tool: copy, each: script.lines }\n  last: { tool: copy, from: [script, lines] }\n",
            files: files, show: show)
        for _ in 0..<2 { #expect(try planner.expand(goals: [])) }
        #expect(planner.warnings.map(\.location) == [SourceLocation(file: "w/show/ep/script.fountain", line: 1, column: 1)])
        #expect(planner.warnings.allSatisfy { $0.severity == .warning && $0.remedy != nil })
    }

    @Test func generatedScriptsAreProofreadBeforeAnybodyReadsThem() throws {
        let files = MemoryFiles()
        let planner = try planner("stages:\n  script: { tool: copy, output: script.fountain, editable: true }\n", files: files)
        _ = try planner.expand(goals: [])
        #expect(planner.warnings.isEmpty && !planner.awaited.isEmpty)
        files.outputs[StepID(0)] = ["script.fountain": "NORA\nHi.\n\nNORA: Ho."]
        _ = try planner.expand(goals: [])
        #expect(planner.warnings.map(\.location) == [SourceLocation(file: "script.fountain", line: 4, column: 1)])
        #expect(planner.awaited.isEmpty)
    }

    @Test func whatEndsThePlanIsNoWarningBesides() throws {
        let files = MemoryFiles(["/w/show/ep/script.fountain": "Nora: Hi there.\n\nNora: Ho."])
        let planner = try planner(
            "stages:\n  script: { source: script.fountain }\n  lines: { tool: copy, each: script.lines }\n", files: files)
        #expect(problems { _ = try planner.expand(goals: []) }.map(\.message) == ["nobody says anything in this script"])
        #expect(planner.warnings.map(\.location?.line) == [1, 3])
    }

    @Test func onlyWhatAGoalReadsIsPlanned() throws {
        let planner = try planner("stages:\n  a: { tool: copy }\n  b: { tool: copy, from: [a] }\n  c: { tool: copy }\n")
        #expect(try planner.expand(goals: [Target(parsing: "b")]))
        #expect(planner.steps.map(\.target.description) == ["a", "b"])
    }

    @Test func oneItemIsOneStep() throws {
        let files = MemoryFiles(["/w/show/ep/t/a.txt": "A", "/w/show/ep/t/b.txt": "B"])
        let planner = try planner("stages:\n  texts: { source: \"t/*\" }\n  each: { tool: copy, each: texts }\n", files: files)
        _ = try planner.expand(goals: [Target(parsing: "each/b.txt")])
        #expect(planner.steps.map(\.target.description) == ["each/b.txt"])
        let other = try EpPlanTests.planner("stages:\n  texts: { source: \"t/*\" }\n  each: { tool: copy, each: texts }\n", files: files)
        let problem = try #require(problems { _ = try other.expand(goals: [Target(parsing: "each/c.txt")]) }.first)
        #expect(problem.code == .usage)
        #expect(problem.remedy == "did you mean \"a.txt\"?" || problem.remedy == "did you mean \"b.txt\"?")
    }

    @Test func severalItemsAreSeveralSteps() throws {
        let files = MemoryFiles(["/w/show/ep/t/a.txt": "A", "/w/show/ep/t/b.txt": "B", "/w/show/ep/t/c.txt": "C"])
        let planner = try planner("stages:\n  texts: { source: \"t/*\" }\n  each: { tool: copy, each: texts }\n", files: files)
        _ = try planner.expand(goals: [Target(parsing: "each/a.txt"), Target(parsing: "each/c.txt")])
        #expect(planner.steps.map(\.target.description) == ["each/a.txt", "each/c.txt"])
    }

    @Test(arguments: [["many/1", "last"], ["last", "many/2"], ["many/2", "other/1"]])
    func anItemAndWhatReadsAllItemsPlanEachStepOnce(_ goals: [String]) throws {
        let files = MemoryFiles(["/w/show/ep/t/a.txt": "A"])
        let planner = try planner(
            fanOut + "  other: { tool: copy, each: many, from: [late] }\n  late: { tool: copy, each: last.lines }\n", files: files)
        let targets = goals.map(Target.init(parsing:))
        for _ in 0..<6 {
            _ = try planner.expand(goals: targets)
            for index in planner.steps.indices {
                let path = planner.steps[index].outputs[0]
                files.outputs[StepID(index)] = [path: path == "one.yaml" ? "beats: [x, y]\n" : "line\n"]
            }
        }
        #expect(try planner.expand(goals: targets))
        let planned = planner.steps.map(\.target.description)
        #expect(Set(planned).count == planned.count, "\(planned)")
        #expect(Set(planned).isSuperset(of: goals) && planned.contains("many/1") && planned.contains("many/2"))
    }

    @Test func anEditAnswersForItsStage() throws {
        let files = MemoryFiles(["/w/show/ep/b.txt": "mine"])
        let planner = try planner(
            "stages:\n  a: { tool: copy }\n  b: { tool: copy, from: [a], output: b.txt, editable: true }\n  c: { tool: copy, from: [b] }\n",
            files: files)
        #expect(try planner.expand(goals: []))
        #expect(planner.steps.map(\.target.description) == ["c"])
        #expect(planner.isEdited(Target(parsing: "b")))
    }

    /// An edit of an item goes with what the item was made of; a file is named by that.
    @Test func anEditOfAnItemGoesWithItsElement() throws {
        let pipeline =
            "stages:\n  a: { source: list.txt }\n  b: { tool: copy, each: a.lines, output: b.md, editable: true }\n  c: { tool: copy, each: b }\n"
        let files = MemoryFiles(["/w/show/ep/list.txt": "The moon!\nThe sun\nThe sun\n"])
        func texts(_ list: String) throws -> (names: [String?], edited: [String?], lost: [String]) {
            files.files["/w/show/ep/list.txt"] = list
            let planner = try planner(pipeline, files: files)
            #expect(try planner.expand(goals: []))
            let items = planner.items(of: StageName("b"))
            #expect(!items.isEmpty)
            #expect(items.map(\.item) == items.indices.map { "\($0 + 1)" })
            let texts = items.map { planner.texts[Target(stage: StageName("b"), item: $0.item)] }
            files.items = Dictionary(texts.compactMap { text in text.map { (Path($0.file), $0.place!) } }) { $1 }
            for (file, lost) in planner.lostTexts where lost.isEdited { files.items[file] = lost.place }
            return (texts.map { $0?.file }, texts.map { $0?.edit?.path }, planner.lostTexts.keys.sorted().map(\.text))
        }
        #expect(try texts("The moon!\nThe sun\nThe sun\n").names == ["b/the-moon.md", "b/the-sun.md", "b/the-sun-2.md"])
        files.files["/w/show/ep/b/the-sun-2.md"] = "mine"
        let mine = "/w/show/ep/b/the-sun-2.md"
        #expect(try texts("A star\nThe moon!\nThe sun\nThe sun\n").edited == [nil, nil, nil, mine], "something is put before it")
        #expect(try texts("The sun\nThe moon!\nA star\nThe sun\n").edited == [nil, nil, nil, mine], "its equal goes elsewhere")
        #expect(
            try texts("The moon!\nA star\nThe sunny side\n") == (
                ["b/the-moon.md", "b/a-star.md", mine.suffix(14).description], [nil, nil, mine], ["b/the-sun.md"]
            ), "it is worded anew")
        #expect(try texts("The moon!\nA star\n").lost == ["b/the-sun-2.md"], "it is gone")
        #expect(try texts("The moon!\nA star\nA comet\n").edited == [nil, nil, nil], "it stands for nothing else")
        #expect(try texts("The moon!\nThe sunny side\n").edited == [nil, mine], "it is back")
        files.files["/w/show/ep/b/nobodys.md"] = "mine"
        #expect(try texts("The moon!\n").lost == ["b/nobodys.md", "b/the-sun-2.md"])
    }

    @Test func aPromptThatIsMissingOrNamesNothingIsAMessage() throws {
        let pipeline = "stages:\n  a: { tool: copy, prompt: p.md }\n"
        #expect(problems { _ = try planner(pipeline).expand(goals: []) }.first?.location?.line == 2)
        let files = MemoryFiles(["/w/show/p.md": "Hello\n{{ sho.title }}\n"])
        let problem = try #require(problems { _ = try planner(pipeline, files: files).expand(goals: []) }.first)
        #expect(problem.message == "`sho` is not defined")
        #expect(problem.location == SourceLocation(file: "w/show/p.md", line: 2, column: 1))
        #expect(problem.remedy == "did you mean \"show\"?")
    }

    @Test func overridesLieOverTheBlueprint() throws {
        let planner = try planner("stages: {}", show: "a: {x: 1, y: 2}\nb: 3", episode: "title: E\noverrides: {a: {y: 4, z: 5}, c: 6}")
        #expect(planner.episode.blueprint == ["a": ["x": 1, "y": 4, "z": 5], "b": 3, "c": 6])
        #expect(planner.episode.value == ["title": "E"])
        #expect(problems { _ = try EpPlanTests.planner("stages: {}", episode: "overrides: 3") }.count == 1)
    }
}
