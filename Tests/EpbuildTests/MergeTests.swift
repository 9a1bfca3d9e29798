import FoundationEssentials
import Glibc
import Testing

/// Hand edits against new generations: their states, differences and merges.
@Suite struct MergeTests {
    private let script = "\(Machine.rockets)/script.fountain"
    private let facts = "\(Machine.rockets)/episode.yaml"

    private func generate(_ machine: Machine) async throws -> Build { try await machine.build(Machine.rockets, "script_generation") }

    /// A generated script to which a person has put a line.
    private func edited() async throws -> Machine {
        let machine = try Machine()
        try await generate(machine).expect(.built)
        try machine.edit(script) { $0 + "\nPIP\nAnd this I say by hand.\n" }
        return machine
    }

    private func changeTitle(_ machine: Machine) throws {
        try machine.replace("title: How Rockets Work", with: "title: How Rockets Fly", in: facts)
    }

    private func state(_ machine: Machine, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let status = try await machine.run("status", Machine.rockets)
        let line = try #require(
            status.output.split(separator: "\n").first { $0.contains("script_generation") }, sourceLocation: sourceLocation)
        return line.split(separator: "  ").map { $0.trimmingPrefix(" ") }[1].description
    }

    @Test func anEditAndANewGenerationAreMerged() async throws {
        let machine = try await edited()
        #expect(try await state(machine) == "edited")
        try changeTitle(machine)
        #expect(try await state(machine) == "edited, upstream changed")
        let merged = try await machine.run("merge", Machine.rockets, "script_generation")
        #expect(merged.status == 0 && merged.output.contains("has your edit and the new generation"), "\(merged)")
        let text = try machine.text(script)
        #expect(text.contains("And this I say by hand."))
        #expect(text.contains("How Rockets Fly"))
        #expect(try await state(machine) == "edited")
        try await generate(machine).expect(executed: 0)
        let again = try await machine.run("merge", Machine.rockets, "script_generation")
        #expect(again.output.contains("nothing new was generated"), "\(again)")
        // What is given up now is the edit of the new generation.
        #expect(try await machine.run("revert", Machine.rockets, "script_generation").status == 0)
        try await generate(machine).expect(.built, executed: 0)
        #expect(try machine.text(script).contains("How Rockets Fly"))
        #expect(try !machine.text(script).contains("by hand"))
    }

    @Test func aConflictIsMarkedAndNothingIsBuiltFromIt() async throws {
        let machine = try await edited()
        try machine.replace("Title: How Rockets Work", with: "Title: How My Rockets Work", in: script)
        let original = try machine.text(script)
        try changeTitle(machine)
        let merged = try await machine.run("merge", Machine.rockets, "script_generation")
        #expect(merged.status == 1 && merged.output.contains("conflict"), "\(merged)")
        let marked = try machine.text(script)
        let line = try #require(
            marked.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix("<<<<<<< your edit") })
        #expect(marked.contains("How My Rockets Work") && marked.contains("How Rockets Fly"))
        let refused = try await machine.run(Machine.rockets)
        #expect(
            refused.status == 65 && refused.errors.contains("script.fountain:\(line + 1):1: error: a merge left a conflict here"),
            "\(refused)")
        #expect(merged.output.contains(".epbuild/edits/"), "\(merged)")
        try machine.write(Array(original.utf8), to: script)
        // The new generation is known by now: both have changed the same lines.
        try await generate(machine).expect(executed: 0)
    }

    @Test func bothSidesOnOneLineConflict() async throws {
        let machine = try await edited()
        try machine.replace("Title: How Rockets Work", with: "Title: How My Rockets Work", in: script)
        let mine = try machine.read(script)
        try changeTitle(machine)
        // Generated once, so that status can tell without running anything.
        machine.remove(script)
        try await generate(machine).expect(.built)
        try machine.replace("title: How Rockets Fly", with: "title: How Rockets Work", in: facts)
        try await generate(machine).expect(.built, executed: 0)
        try machine.write(mine, to: script)
        try changeTitle(machine)
        #expect(try await state(machine) == "conflicting")
    }

    @Test func aDeletedFileIsRevertedAndDiffShowsAnEdit() async throws {
        let machine = try await edited()
        let diff = try await machine.run("diff", Machine.rockets, "script_generation")
        #expect(diff.output.contains("+And this I say by hand.") && diff.output.contains("--- generated/script.fountain"), "\(diff)")
        machine.remove(script)
        try await generate(machine).expect(.built, executed: 0)
        #expect(try !machine.text(script).contains("by hand"))
        let none = try await machine.run("diff", Machine.rockets, "script_generation")
        #expect(none.status == 64, "\(none)")
    }

    @Test func takesAreCompared() async throws {
        let machine = try Machine()
        try await machine.build(Machine.rockets, "outlining").expect(.built)
        #expect(try await machine.run("clean", Machine.rockets, "outlining").status == 0)
        try await machine.build(Machine.rockets, "outlining").expect(.built, ["outlining": 1])
        let diff = try await machine.run("diff", Machine.rockets, "outlining", "--takes", "1", "2")
        #expect(diff.status == 0 && diff.output.contains("--- take 1/outlining") && diff.output.contains("\n+"), "\(diff)")
        #expect(try await machine.run("diff", Machine.rockets, "outlining", "--takes", "1", "3").status == 64)
    }

    /// What a merge has to generate is a build, with its time and its cost.
    @Test func whatAMergeGeneratesIsOnRecord() async throws {
        let machine = try Machine()
        let report = "\(Machine.letters)/report.txt"
        try machine.replace("    deliver: true", with: "    output: report.txt\n    editable: true", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        try machine.edit(report) { "One line.\n" + $0 }
        try machine.edit("\(Machine.letters)/texts/01-morning.txt") { $0 + "And then the tide rose.\n" }
        #expect(try await machine.run("merge", Machine.letters, "report").status == 0)
        let log = try await machine.run("log", Machine.letters, "2", "--json")
        #expect(
            log.output.contains(#""outcome":"built""#) && log.output.contains(#""target":"report""#)
                && log.output.contains(#""origin":"executed""#), "\(log)")
        let events = try machine.files(below: "\(machine.workspace)/.epbuild/events").map { try machine.text(".epbuild/events/\($0)") }
            .joined()
        #expect(events.ranges(of: #""event":"action_completed","target":"report""#).count == 2, "\(events)")
        // Nothing is generated, so nothing is recorded but the decision.
        try machine.edit(report) { "Another line.\n" + $0 }
        #expect(try await machine.run("merge", Machine.letters, "report").status == 0)
        let lines = try await machine.run("log", Machine.letters, "--json").output.split(separator: "\n")
        #expect(lines.count { $0.contains(#""build":"#) } == 2, "\(lines)")
        // One that fails is on record as well.
        try machine.replace("head -n 10", with: "head -n 9; exit 3", in: "letters/pipeline.yaml")
        #expect(try await machine.run("merge", Machine.letters, "report").status == 1)
        #expect(try await machine.run("log", Machine.letters, "3", "--json").output.contains(#""outcome":"failed""#))
    }

    /// What a person saves while the new text is generated is part of what is merged.
    @Test func aSaveDuringAMergeIsMerged() async throws {
        let machine = try Machine()
        let report = "\(Machine.letters)/report.txt"
        try machine.replace("    deliver: true", with: "    output: report.txt\n    editable: true", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        try machine.edit(report) { "One line.\n" + $0 }
        try machine.replace(
            "head -n 10", with: "head -n 9; until [ -e \(machine.directory)/go ]; do touch \(machine.directory)/here; sleep 0.1; done",
            in: "letters/pipeline.yaml")
        async let merging = machine.run("merge", Machine.letters, "report")
        try await Patience.wait { access("\(machine.directory)/here", F_OK) == 0 }
        try machine.edit(report) { "Another line.\n" + $0 }
        try Data().write(to: URL(filePath: "\(machine.directory)/go"))
        let merged = try await merging
        #expect(merged.status == 0, "\(merged)")
        let text = try machine.text(report)
        #expect(text.hasPrefix("Another line.\nOne line.\n"), "\(text)")
    }

    /// The last event of each build.
    private func ends(_ machine: Machine) throws -> [String: String] {
        var ends: [String: String] = [:]
        for file in machine.files(below: "\(machine.workspace)/.epbuild/events") {
            for line in try machine.text(".epbuild/events/\(file)").split(separator: "\n") {
                let build = line.firstMatch(of: /"build":"([^"]+)"/).map { String($0.output.1) } ?? ""
                ends[build] = line.firstMatch(of: /"event":"([^"]+)"/).map { String($0.output.1) } ?? ""
            }
        }
        return ends
    }

    /// However a merge ends: what it has generated is a build with its beginning and its end, and Ctrl-C lets it finish what runs.
    @Test func aMergeIsABuildWithItsEnd() async throws {
        let machine = try Machine()
        let report = "\(Machine.letters)/report.txt"
        try machine.replace("    deliver: true", with: "    output: report.txt\n    editable: true", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        try machine.edit(report) { "One line.\n" + $0 }
        let held = "until [ -e \(machine.directory)/go ]; do touch \(machine.directory)/here; sleep 0.1; done"
        try machine.replace("head -n 10", with: "head -n 9; \(held)", in: "letters/pipeline.yaml")
        let before = try ends(machine)
        let merge = "'\(Program.epbuild)' merge \(Machine.letters) report"
        let interrupt =
            "\(merge) 2> err & it=$!; until [ -e '\(machine.directory)/here' ]; do sleep 0.05; done; kill -INT $it; until grep -q stopping err; do sleep 0.05; done; touch '\(machine.directory)/go'; wait $it"
        func run(_ command: String) async throws -> Program.Outcome {
            try await Program.run(["sh", "-c", command], in: machine.workspace, environment: machine.environment())
        }
        let stopped = try await run(interrupt)
        #expect(try stopped.status == 130 && machine.text("err").contains("nothing is merged yet"), "\(stopped)")
        #expect(try !machine.text(report).contains("<<<<"))
        // What was running has been stored.
        let merged = try await run(merge)
        #expect(merged.status == 0 && merged.output.contains("has your edit and the new generation"), "\(merged)")
        let own = try ends(machine).filter { before[$0.key] == nil }
        #expect(own.values.sorted() == ["build_completed", "build_stopped"], "\(own)")
    }

    /// An edit that nothing can be made of can still be compared and given up.
    @Test(arguments: ["", "<<<<<<< one\nPIP\nHello.\n=======\n>>>>>>> other\n"])
    func aBrokenEditCanBeGivenUp(_ text: String) async throws {
        let machine = try await edited()
        try machine.write(Array(text.utf8), to: script)
        #expect(try await machine.run(Machine.rockets).status == 65)
        #expect(try await machine.run("diff", Machine.rockets, "script_generation").status == 0)
        if !text.isEmpty { #expect(try await state(machine) == "conflicting") }
        let reverted = try await machine.run("revert", Machine.rockets, "script_generation")
        #expect(reverted.status == 0, "\(reverted)")
        try await generate(machine).expect(executed: 0)
        #expect(try machine.text(script).contains("How Rockets Work"))
    }
}
