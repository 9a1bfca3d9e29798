import Testing

/// Hand edits of the items of a fan-out stage.
@Suite struct ItemEditTests {
    private let outline = "\(Machine.rockets)/outline.yaml"
    private let directory = "\(Machine.rockets)/segment_generation"
    private var text: String { "\(directory)/why-does-a-rocket-come-apart.fountain" }

    private func machine() throws -> Machine {
        let machine = try Machine()
        try machine.replace("each: outlining.beats", with: "editable: true, each: outlining.beats", in: "olivers-workshop/pipeline.yaml")
        return machine
    }

    private func files(_ machine: Machine) -> Int { machine.files(below: "\(machine.workspace)/\(directory)").count }

    private func generate(_ machine: Machine) async throws -> Build { try await machine.build(Machine.rockets, "script_generation") }

    /// Seven segments, of which the fourth has a line of a person's.
    private func edited() async throws -> Machine {
        let machine = try machine()
        try await generate(machine).expect(.built, ["segment_generation": 7, "script_generation": 1])
        #expect(files(machine) == 7)
        try machine.edit(text) { $0 + "\nPIP\nI say this by hand.\n" }
        try await generate(machine).expect(.built, executed: 1, ["script_generation": 1])
        #expect(try machine.text("\(Machine.rockets)/script.fountain").contains("I say this by hand."))
        return machine
    }

    /// Beats of the outline, as texts.
    private func changeBeats(_ machine: Machine, _ change: (inout [Substring]) -> Void) throws {
        try machine.edit(outline) { outline in
            let parts = outline.split(separator: "  - title: ", omittingEmptySubsequences: false)
            var beats = Array(parts.dropFirst())
            change(&beats)
            return ([parts[0]] + beats).joined(separator: "  - title: ")
        }
    }

    @Test func anEditGoesWithItsBeat() async throws {
        let machine = try await edited()
        let edit = try machine.text(text)
        try changeBeats(machine) { $0.insert("\"Another: beat\"" + $0[1].drop { $0 != "\n" }, at: 1) }
        let build = try await generate(machine)
        try build.expect(.built, ["segment_generation": 1])
        #expect(
            build.outcome.errors.contains(
                "segment_generation/5: segment_generation/why-does-a-rocket-come-apart.fountain is edited by hand"),
            "\(build.outcome.errors)")
        #expect(files(machine) == 8)
        let diff = try await machine.run("diff", Machine.rockets, "segment_generation")
        #expect(diff.output.split(separator: "\n").filter { $0.hasPrefix("+") }.count == 4, "\(diff)")
        // Worded anew, it is the same beat, and something else would be generated now.
        try machine.replace("Why does a rocket come apart?", with: "Why do rockets fall to pieces?", in: outline)
        try await generate(machine).expect(executed: 0)
        #expect(try machine.text(text) == edit)
        #expect(try await machine.run("status", Machine.rockets).output.contains("edited, upstream changed"))
        let merged = try await machine.run("merge", Machine.rockets, "segment_generation/5")
        #expect(merged.status == 0 && merged.output.contains("segment_generation/5: "), "\(merged)")
        #expect(try machine.text(text).contains("I say this by hand."))
        // Given up, it is the new generation.
        let reverted = try await machine.run("revert", Machine.rockets, "segment_generation")
        #expect(reverted.status == 0 && reverted.output.contains("segment_generation/5: "), "\(reverted)")
        try await generate(machine).expect(executed: 1, ["script_generation": 1])
        #expect(try !machine.text(text).contains("by hand"))
        #expect(try await machine.run("revert", Machine.rockets, "segment_generation").status == 64)
    }

    @Test func anEditWithoutItsBeatIsKept() async throws {
        let machine = try await edited()
        let (beats, edit) = (try machine.text(outline), try machine.text(text))
        try changeBeats(machine) { $0.removeSubrange(3...4) }
        let build = try await generate(machine)
        try build.expect(.built, executed: 1)
        #expect(
            build.outcome.errors.contains(
                "segment_generation/why-does-a-rocket-come-apart.fountain is edited by hand, and what it was made for is gone"))
        #expect(files(machine) == 6, "what nobody has edited goes with its beat")
        try machine.write(Array(beats.utf8), to: outline)
        try await generate(machine).expect(.built, executed: 0)
        #expect(try machine.text(text) == edit)
        #expect(files(machine) == 7)
    }

    @Test func aDeletedEditIsGivenUpAndConflictMarksAreRefused() async throws {
        let machine = try await edited()
        machine.remove(text)
        try await generate(machine).expect(.built, executed: 0)
        #expect(try !machine.text(text).contains("by hand"))
        try machine.edit(text) { "<<<<<<< one\n\($0)=======\n>>>>>>> other\n" }
        let refused = try await machine.run(Machine.rockets)
        #expect(
            refused.status == 65 && refused.errors.contains("come-apart.fountain:1:1: error: a merge left a conflict here"), "\(refused)")
    }

    /// The lock says which item a file holds, so a clone knows it too.
    @Test func anotherMachineAgrees() async throws {
        let machine = try await edited()
        try changeBeats(machine) { $0.swapAt(1, 3) }
        try await generate(machine).expect(.built, executed: 1)
        let other = try Machine(copying: machine)
        other.remove(".epbuild")
        let build = try await generate(other)
        try build.expect(executed: 0)
        #expect(build.outcome.errors.contains("segment_generation/2: "), "\(build.outcome.errors)")
        #expect(try machine.text("\(Machine.rockets)/episode.lock") == other.text("\(Machine.rockets)/episode.lock"))
        #expect(try machine.text("\(Machine.rockets)/script.fountain") == other.text("\(Machine.rockets)/script.fountain"))
    }

    @Test func anEditAtAGateIsApprovedWhereItStands() async throws {
        let machine = try machine()
        try machine.replace(
            "editable: true, each: outlining.beats", with: "editable: true, gate: { per: item }, each: outlining.beats",
            in: "olivers-workshop/pipeline.yaml")
        let waiting = try await machine.run(Machine.rockets)
        #expect(waiting.status == 75 && waiting.output.contains(text), "\(waiting)")
        #expect(try await machine.run("approve", Machine.rockets, "segment_generation").status == 0)
        try await generate(machine).expect(.built, executed: 1)
        try machine.edit(text) { $0 + "\nPIP\nI say this by hand.\n" }
        let open = try await machine.run(Machine.rockets, "script_generation")
        #expect(
            open.status == 75 && open.output.contains("segment_generation/4 waits") && !open.output.contains("segment_generation/3 waits"),
            "\(open)")
        #expect(try await machine.run("approve", Machine.rockets, "segment_generation/4").status == 0)
        try await generate(machine).expect(.built, executed: 1)
    }

    /// What is both editable and delivered: the edit is what is delivered.
    @Test func anEditReachesWhatIsDelivered() async throws {
        let machine = try Machine()
        try machine.replace(
            "    outputs: [words.txt]", with: "    outputs: [words.txt]\n    output: words.txt\n    editable: true\n    deliver: true",
            in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.built)
        try machine.write(Array(String(repeating: "mine\n", count: 99).utf8), to: "\(Machine.letters)/words/02-noon.txt")
        try await machine.build(Machine.letters).expect(.built, ["words": 0, "counts": 1, "totals": 1, "report": 1])
        #expect(try machine.text("\(Machine.letters)/out/words/02-noon.txt/words.txt").hasPrefix("mine\nmine\n"))
        #expect(try machine.text("\(Machine.letters)/out/report.txt").contains("mine"))
    }

    /// An edit that has lost its beat stands for no other, whatever comes in that place.
    @Test func anOrphanTakesNobodysPlace() async throws {
        let machine = try await edited()
        let beats = try machine.text(outline)
        try changeBeats(machine) { $0.remove(at: 3) }
        try await generate(machine).expect(.built)
        let status = try await machine.run("status", Machine.rockets)
        #expect(
            status.output.contains("item gone")
                && status.output.contains("why-does-a-rocket-come-apart.fountain was made for what is gone"), "\(status)")
        try changeBeats(machine) { $0.insert("\"Another: beat\"" + $0[1].drop { $0 != "\n" }, at: 3) }
        try await generate(machine).expect(.built, ["segment_generation": 1])
        #expect(try !machine.text("\(Machine.rockets)/script.fountain").contains("by hand"))
        try machine.write(Array(beats.utf8), to: outline)
        try await generate(machine).expect(.built, executed: 0)
        #expect(try machine.text("\(Machine.rockets)/script.fountain").contains("by hand"))
    }
}
