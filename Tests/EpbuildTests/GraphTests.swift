import FoundationEssentials
import Testing

/// `graph`: the plan as DOT, Mermaid and JSON.
@Suite struct GraphTests {
    private static let dot = (["/usr/bin/dot", "/usr/local/bin/dot"] as [String]).first { FileManager.default.isExecutableFile(atPath: $0) }

    private struct Answer: Decodable {
        struct Stage: Decodable {
            let name: String, tool: String, state: String?, items: Int?, gate: String?, edited: [String], pinned: Bool
        }
        struct Edge: Decodable { let from: String, to: String, by: [String] }
        struct Step: Decodable { let number: Int, target: String, state: String, needs: [Int] }
        let episode: String, stages: [Stage], edges: [Edge], steps: [Step]?

        func stage(_ name: String) throws -> Stage { try #require(stages.first { $0.name == name }) }
        func by(_ from: String, _ to: String) -> [String]? { edges.first { $0.from == from && $0.to == to }?.by }
    }

    private func graph(_ machine: Machine, _ words: String...) async throws -> [Answer] {
        let outcome = try await Program.run(
            [Program.epbuild, "graph"] + words + ["--format", "json"], in: machine.workspace, environment: machine.environment())
        #expect(outcome.status == 0, "\(outcome)")
        return try outcome.output.split(separator: "\n").map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
    }

    @Test func everyWayToNameAStageIsAnEdge() async throws {
        let machine = try Machine()
        try machine.replace(
            "  cover: ",
            with: """
                  named:   { tool: command, run: [sh, -c, "echo '{{ outlining.title }}' > out.txt"], inputs: { in.txt: ideation }, outputs: [out.txt] }
                  cover: 
                """, in: "olivers-workshop/pipeline.yaml")
        let graph = try await graph(machine, Machine.rockets)[0]
        #expect(graph.by("segment_generation", "script_generation")?.contains("from") == true)
        #expect(graph.by("outlining", "segment_generation")?.first == "each")
        #expect(graph.by("ideation", "outlining") == ["named"])
        #expect(graph.by("outlining", "named") == ["named"] && graph.by("ideation", "named") == ["inputs"])
        #expect(graph.steps == nil)
        #expect(try graph.stage("ideation").state == nil && graph.stage("sources").state == "source")
    }

    @Test func theMemoTellsTheStates() async throws {
        let machine = try await Machine.withMoonBuilt()
        #expect(try await machine.run("pin", Machine.moon, "audio_synthesis/3").status == 0)
        for _ in 1...2 { try await machine.build(Machine.moon).expect(executed: 0) }
        // Stages are told of without the cache.
        try FileManager.default.moveItem(atPath: machine.cache, toPath: machine.cache + ".away")
        let told = try await graph(machine, Machine.moon)[0]
        try FileManager.default.removeItem(atPath: machine.cache)
        try FileManager.default.moveItem(atPath: machine.cache + ".away", toPath: machine.cache)
        let speech = try told.stage("audio_synthesis")
        #expect(speech.state == "up to date" && speech.items == 12 && speech.pinned)
        #expect(try told.stage("script_generation").edited == ["script.fountain"] && told.stage("ideation").state == "not needed")
        let looked = try await graph(machine, Machine.moon, "--items")[0]
        let steps = try #require(looked.steps)
        #expect(steps.map(\.number) == Array(steps.indices) && steps.allSatisfy { step in step.needs.allSatisfy { $0 < step.number } })
        #expect(steps.count { $0.target.hasPrefix("audio_synthesis/") } == 12)
        #expect(looked.stages.map(\.state) == told.stages.map(\.state))
    }

    @Test func aGateIsShownAsItStands() async throws {
        let machine = try Machine()
        try machine.replace(
            "output: outline.yaml, editable: true", with: "output: outline.yaml, editable: true, gate: true",
            in: "olivers-workshop/pipeline.yaml")
        #expect(try await graph(machine, Machine.rockets)[0].stage("outlining").gate == "unknown")
        try await machine.build(Machine.rockets, "segment_generation").expect(.waiting)
        let waiting = try await graph(machine, Machine.rockets, "--items")[0].stage("outlining")
        #expect(waiting.gate == "open" && waiting.state == "waiting")
    }

    @Test func aWorkspaceHasItsShows() async throws {
        let machine = try Machine()
        #expect(try await graph(machine, ".").map(\.episode).last == "olivers-workshop (show)")
        let outcome = try await machine.run("graph", "nowhere")
        #expect(outcome.status == 64 && outcome.errors.contains("no directory nowhere"), "\(outcome)")
    }

    @Test func mermaidHasNoCharacterThatItWouldRead() async throws {
        let machine = try Machine()
        let before = Machine.letters, after = "letters/a `b` & <c> #1"
        try FileManager.default.moveItem(atPath: "\(machine.workspace)/\(before)", toPath: "\(machine.workspace)/\(after)")
        let outcome = try await machine.run("graph", ".", "--format", "mermaid")
        #expect(outcome.output.hasPrefix("flowchart LR\n"))
        #expect(outcome.output.contains(#"["letters/a #96;b#96; #38; #60;c#62; #35;1"]"#), "\(outcome)")
    }

    @Test(.enabled(if: dot != nil, "Graphviz is not installed")) func graphvizDrawsIt() async throws {
        let machine = try await Machine.withMoonBuilt()
        let dot = try #require(Self.dot)
        let odd = "letters/\"odd\" & \\N <name>"
        try FileManager.default.moveItem(atPath: "\(machine.workspace)/\(Machine.letters)", toPath: "\(machine.workspace)/\(odd)")
        for words in [[Machine.moon], [Machine.moon, "--items"], ["."], [".", "--items"]] {
            let drawing = try await Program.run(
                [Program.epbuild, "graph"] + words, in: machine.workspace, environment: machine.environment())
            #expect(drawing.status == 0, "\(drawing)")
            try machine.write(Array(drawing.output.utf8), to: "plan.dot")
            let picture = try await Program.run([dot, "-Tsvg", "plan.dot"], in: machine.workspace, environment: machine.environment())
            #expect(picture.status == 0 && picture.errors == "", "\(words): \(picture.errors)")
            #expect(picture.output.contains("<title>") && picture.output.contains(">audio_synthesis"))
            if words[0] == "." {
                #expect(
                    picture.output.contains(">letters/&quot;odd&quot; &amp; \\N &lt;name&gt;<"),
                    "\(picture.output.split(separator: "\n").filter { $0.contains("odd") })")
            }
        }
    }
}
