import EpCore
import Testing

@testable import EpPlan

/// What a person wrote wrongly ends no other part of the plan, and never keeps the planner from coming to its end.
@Suite struct PlanProblemTests {
    /// `many` has an element whose prompt cannot be filled in, behind good ones; `late` waits for another result.
    private let pipeline = """
        stages:
          texts: { source: "t/*" }
          other: { tool: copy, from: [texts], output: other.yaml }
          late: { tool: copy, each: other.beats }
          one: { tool: copy, from: [texts], output: one.yaml }
          many: { tool: copy, each: one.beats, prompt: p.md }
          last: { tool: copy, from: [many] }
        """

    private func files() -> MemoryFiles {
        let files = MemoryFiles(["/w/show/ep/t/a.txt": "A", "/w/show/p.md": "Say {{ item.say }}\n"])
        files.outputs[StepID(0)] = ["other.yaml": "beats: [x]\n"]
        return files
    }

    @Test func whoAsksAgainUntilNothingIsNewComesToAnEnd() throws {
        let files = files()
        let planner = try planner(pipeline, files: files, isForgiving: true)
        var counts: [Int] = []
        for _ in 0..<20 {
            #expect(try !planner.expand(goals: []))
            counts.append(planner.steps.count)
            for index in planner.steps.indices where planner.steps[index].target == Target(parsing: "one") {
                files.outputs[StepID(index)] = ["one.yaml": "beats: [{say: hello}, {}, {say: there}, {sai: you}]\n"]
            }
        }
        #expect(Set(counts.suffix(15)).count == 1, "\(counts)")
        let planned = planner.steps.map(\.target.description)
        #expect(Set(planned).count == planned.count && Set(planned).isSuperset(of: ["many/1", "many/3"]), "\(planned)")
        #expect(!planned.contains("last"), "it reads what cannot be planned")
    }

    @Test func everyMistakeIsToldOnce() throws {
        let files = files()
        files.files["/w/show/q.md"] = "{{ nobody }}\n"
        files.files["/w/show/r.md"] = "{{ show.none }}\n"
        let stages = ["first: { tool: copy, prompt: q.md }", "second: { tool: copy, prompt: q.md }", "third: { tool: copy, prompt: r.md }"]
        let planner = try planner(pipeline + "\n  " + stages.joined(separator: "\n  "), files: files)
        let found = problems { _ = try planner.expand(goals: ["first", "second", "third"].map(Target.init(parsing:))) }
        #expect(found.map { $0.location?.description } == ["w/show/q.md:1:1", "w/show/r.md:1:1"])
        #expect(problems { _ = try planner.expand(goals: [Target(parsing: "first")]) }.count == 2, "asked again, it says the same")
        let prompts = pipeline + "\n  first: { tool: copy, prompt: none.md }\n  second: { tool: copy, prompt: neither.md }"
        #expect(problems { _ = try EpPlanTests.planner(prompts, files: files).expand(goals: []) }.map { $0.location?.line } == [8, 9])
    }

    @Test func manyPlacesOfOneMistakeAreCounted() {
        var problems = PlanProblems()
        let places = (1...30).map {
            Diagnostic(.badInput, "nobody is called ZED", at: SourceLocation(file: "s.fountain", line: $0, column: 1))
        }
        problems.note(places + [Diagnostic(.badInput, "nobody is called YAN", at: SourceLocation(file: "s.fountain", line: 40, column: 1))])
        problems.note(places)
        let told = problems.diagnostics
        #expect(told.map { $0.location?.line } == Array(1...20) + [40])
        #expect(told[19].message == "nobody is called ZED (and the same at 10 more places)")
        #expect(told[18].message == "nobody is called ZED" && told[20].message == "nobody is called YAN")
    }

    /// The call stack would not do.
    @Test(arguments: [false, true]) func aChainOfStagesMayBeLong(_ isReversed: Bool) throws {
        let count = 3_000
        let chain = (1...count).map { "  s\($0): { tool: copy\($0 > 1 ? ", from: [s\($0 - 1)]" : "") }\n" }
        let planner = try planner("stages:\n" + (isReversed ? chain.reversed() : chain).joined())
        #expect(try planner.expand(goals: []))
        #expect(planner.steps.map(\.target.description) == (1...count).map { "s\($0)" })
        #expect(planner.readers(of: StageName("s1")).count == count)
        let loop = try EpPlanTests.planner(
            "stages:\n" + chain.joined().replacing("s1: { tool: copy }", with: "s1: { tool: copy, from: [s\(count)] }"))
        #expect(
            problems { _ = try loop.expand(goals: []) }.first?.message.hasPrefix("stages feed each other in a circle: s1 → s\(count) → ")
                == true)
    }

    /// A text of twenty thousand equal lines, each with a file of its own: no item asks for all before it.
    @Test func equalItemsAreFoundInTheirOrder() throws {
        let count = 20_000
        let files = MemoryFiles(["/w/show/ep/list.txt": String(repeating: "the sea\n", count: count)])
        let pipeline = "stages:\n  a: { source: list.txt }\n  b: { tool: copy, each: a.lines, output: b.md, editable: true }\n"
        let start = processorSeconds()
        func texts() throws -> [EditableText?] {
            let planner = try planner(pipeline, files: files)
            #expect(try planner.expand(goals: []))
            return (1...count).map { planner.texts[Target(stage: StageName("b"), item: "\($0)")] }
        }
        let first = try texts()
        #expect(first.map { $0?.file } == (1...count).map { "b/the-sea\($0 == 1 ? "" : "-\($0)").md" })
        files.items = Dictionary(uniqueKeysWithValues: first.map { (Path($0!.file), $0!.place!) })
        // Among equals it is of no account which is which.
        #expect(Set(try texts().map { $0?.file }) == Set(first.map { $0?.file }))
        #expect(processorSeconds() - start < 60)
    }

    /// A chain whose every link waits for the last: each round says one more, and none is lost on the way.
    @Test func aLongChainIsPlannedRoundByRound() throws {
        let count = 300
        let files = MemoryFiles()
        let chain = (1...count).map { "  s\($0): { tool: copy\($0 > 1 ? ", each: s\($0 - 1).beats" : ""), output: o.yaml }\n" }.joined()
        let planner = try planner("stages:\n" + chain, files: files)
        for round in 1..<count {
            #expect(try !planner.expand(goals: []))
            #expect(planner.steps.count == round)
            files.outputs[StepID(round - 1)] = ["o.yaml": "beats: [x]\n"]
        }
        #expect(try planner.expand(goals: []))
        #expect(planner.steps.count == count)
    }
}
