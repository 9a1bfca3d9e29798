import Glibc
import Testing

/// Gates: a person's decision on an artifact, kept under its digest.
@Suite struct GateTests {
    private let outline = "\(Machine.rockets)/outline.yaml"
    private let lock = "\(Machine.rockets)/episode.lock"

    /// The generated episode with a gate after its outline.
    private func gated(_ gate: String = "{ required: true }") throws -> Machine {
        let machine = try Machine()
        try machine.replace(
            "output: outline.yaml, editable: true", with: "output: outline.yaml, editable: true, gate: \(gate)",
            in: "olivers-workshop/pipeline.yaml")
        return machine
    }

    private func generate(_ machine: Machine) async throws -> Build { try await machine.build(Machine.rockets, "segment_generation") }

    @Test func whatWaitsIsSaidWithTheCommandsToGoOn() async throws {
        let machine = try gated()
        let outcome = try await machine.run(Machine.rockets)
        #expect(outcome.status == 75)
        #expect(outcome.output.contains("waiting for a decision"), "\(outcome.output)")
        for line in [
            "read     \(outline)", "approve  epbuild approve \(Machine.rockets) outlining",
            "reject   epbuild reject \(Machine.rockets) outlining --note",
        ] {
            #expect(outcome.output.contains(line), "\(outcome.output)")
        }
        // What does not depend on the outline is finished; what does has not begun.
        let again = try await machine.build(Machine.rockets)
        try again.expect(.waiting, executed: 0)
        #expect(try again.report.stages["music"]?.cacheHits == 3)
        #expect(try again.report.stages["segment_generation"] == nil)
    }

    @Test func anEditOpensTheGateAndUndoingItClosesIt() async throws {
        let machine = try gated()
        try await generate(machine).expect(.waiting, ["outlining": 1])
        #expect(try await machine.run("approve", Machine.rockets, "outlining", "--by", "Ann").status == 0)
        try await generate(machine).expect(.built)
        let approved = try machine.read(outline)
        try machine.replace("title: Hello", with: "title: Good evening", in: outline)
        try await generate(machine).expect(.waiting, executed: 0)
        try machine.write(approved, to: outline)
        try await generate(machine).expect(executed: 0)
    }

    @Test func aRejectionIsReadByTheNextTake() async throws {
        let machine = try gated()
        try await generate(machine).expect(.waiting)
        let first = try machine.text(outline)
        #expect(try await machine.run("reject", Machine.rockets, "outlining").status == 64)
        #expect(try await machine.run("reject", Machine.rockets, "outlining", "--note", "less about fuel", "--by", "Ben").status == 0)
        try await generate(machine).expect(.waiting, executed: 1, ["outlining": 1])
        #expect(try machine.text(outline) != first)
        let prompt = try await machine.run("inspect", Machine.rockets, "outlining", "--cat", "prompt.md")
        #expect(prompt.output.contains("- less about fuel"), "\(prompt)")
        #expect(try machine.text(lock).contains(#""decision":"rejected","by":"Ben""#))
        // The history is kept: both notes are in the next prompt.
        #expect(try await machine.run("reject", Machine.rockets, "outlining", "--note", "ask more questions").status == 0)
        try await generate(machine).expect(.waiting, ["outlining": 1])
        let next = try await machine.run("inspect", Machine.rockets, "outlining", "--cat", "prompt.md")
        #expect(next.output.contains("- less about fuel") && next.output.contains("- ask more questions"), "\(next)")
    }

    /// As a prompt does: of the items of a stage each hears of its own rejections.
    @Test func aCommandReadsWhyItWasRejected() async throws {
        let machine = try Machine()
        try machine.edit("letters/pipeline.yaml") { text in
            text.replacing("    each: texts\n", with: "    each: texts\n    gate: { per: item }\n")
                .replacing("> words.txt\"]", with: "> words.txt; echo '{{#if rejection.note}}{{ rejection.note }}{{/if}}' >> words.txt\"]")
        }
        try await machine.build(Machine.letters).expect(.waiting, ["words": 3])
        #expect(try await machine.run("reject", Machine.letters, "words/02-noon.txt", "--note", "fewer birds").status == 0)
        try await machine.build(Machine.letters).expect(.waiting, ["words": 1])
        let command = try await machine.run("inspect", Machine.letters, "words")
        #expect(command.output.ranges(of: "echo 'fewer birds'").count == 1 && command.output.ranges(of: "echo ''").count == 2, "\(command)")
        try await machine.build(Machine.letters).expect(.waiting, executed: 0)
    }

    @Test func anotherMachineWithTheLockAndTheCacheAgrees() async throws {
        let machine = try gated()
        try await generate(machine).expect(.waiting)
        _ = try await machine.run("reject", Machine.rockets, "outlining", "--note", "shorter")
        try await generate(machine).expect(.waiting)
        let other = try Machine(copying: machine)
        try await generate(other).expect(.waiting, executed: 0)
        _ = try await other.run("approve", Machine.rockets, "outlining")
        try await generate(other).expect(.built)
        try machine.write(other.read(lock), to: lock)
        try await generate(machine).expect(.built)
        #expect(try machine.read(outline) == other.read(outline))
        #expect(try machine.read(lock) == other.read(lock))
    }

    @Test func itemsAreApprovedOneByOne() async throws {
        let machine = try Machine()
        try machine.replace("    each: texts\n", with: "    each: texts\n    gate: { per: item }\n", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.waiting, executed: 3, ["words": 3])
        let outcome = try await machine.run(Machine.letters)
        #expect(outcome.output.contains("words/02-noon.txt waits for a decision"), "\(outcome.output)")
        #expect(try await machine.run("approve", Machine.letters, "words/02-noon.txt").status == 0)
        try await machine.build(Machine.letters).expect(.waiting, executed: 2, ["counts": 1, "totals": 1])
        #expect(try await machine.run("approve", Machine.letters, "words").status == 0)
        try await machine.build(Machine.letters).expect(.built, ["counts": 2, "totals": 2, "report": 1])
    }

    /// A few of many items, in the order of their numbers, and the commands once.
    @Test func manyItemsAreToldInShort() async throws {
        let machine = try Machine()
        for number in 4...12 { try machine.write(Array("Hour \(number).\n".utf8), to: "\(Machine.letters)/texts/\(number).txt") }
        for name in ["01-morning", "02-noon", "03-night"] { machine.remove("\(Machine.letters)/texts/\(name).txt") }
        try machine.replace("    each: texts\n", with: "    each: texts\n    gate: { per: item }\n", in: "letters/pipeline.yaml")
        let build = try await machine.run(Machine.letters)
        let told = build.output.split(separator: "\n").filter { $0.hasSuffix("waits for a decision") && $0.hasPrefix("  words/") }
        #expect(told == (4...8).map { "  words/\($0).txt waits for a decision" }, "\(build)")
        #expect(build.output.contains("\n  … and 4 more\n    approve  epbuild approve \(Machine.letters) words\n"), "\(build)")
        #expect(
            build.output.ranges(of: "epbuild reject").count == 1
                && build.output.contains("    for one  epbuild approve \(Machine.letters) words/4.txt\n"), "\(build)")
        let wait = "9 of words wait for a decision (4.txt, 5.txt, 6.txt, 7.txt, 8.txt and 4 more)"
        try await machine.run("status", Machine.letters).expect(0, says: "  \(wait): epbuild approve \(Machine.letters) words, or")
        try await machine.run("plan", Machine.letters).expect(0, says: "  \(wait): epbuild approve \(Machine.letters) words\n")
        try await machine.run("approve", Machine.letters, "words").expect(0, says: "words: 9 items approved (4.txt, ")
        try await machine.build(Machine.letters).expect(.built)
    }

    /// As if the gate had been reached years ago. Whoever changes a line of the lock takes its check away.
    private func letTimePass(_ machine: Machine) throws {
        try machine.edit(lock) { $0.replacing(/"at":"[0-9]{4}/) { _ in "\"at\":\"2020" }.replacing(#/  # [0-9a-f]{8}\n/#, with: "\n") }
        #expect(try machine.text(lock).contains(#""at":"2020"#))
    }

    @Test func aGateMayApproveItselfAfterAWhile() async throws {
        let machine = try gated("{ required: true, auto_approve_after_seconds: 86400 }")
        try await generate(machine).expect(.waiting)
        try await generate(machine).expect(.waiting)
        try letTimePass(machine)
        try await generate(machine).expect(.built)
        #expect(try machine.text(lock).contains(#""decision":"approved","by":"epbuild""#))
        let optional = try gated("{ required: false }")
        try await generate(optional).expect(.built)
    }

    @Test func aWaitThatIsTooLongFails() async throws {
        let machine = try gated("{ required: true, timeout_minutes: 1440 }")
        try await generate(machine).expect(.waiting)
        try letTimePass(machine)
        let outcome = try await machine.run(Machine.rockets)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("nobody has decided within the gate's timeout"), "\(outcome.errors)")
    }

    @Test func aWorkspaceMayDemandSignatures() async throws {
        let machine = try gated()
        func key(_ name: String) async throws -> (secret: String, open: String) {
            let outcome = try await machine.run("key", name)
            return (
                String(outcome.output.split(separator: "=", maxSplits: 1)[1].dropLast()),
                outcome.errors.split(separator: "\n").last.map { $0.trimmingPrefix { $0 == " " } }.map(String.init) ?? ""
            )
        }
        let (ann, stranger) = (try await key("ann"), try await key("ann"))
        try machine.edit("epbuild.yaml") { $0 + "gates: { signed_by: [\"\(ann.open)\"] }\n" }
        try await generate(machine).expect(.waiting)
        #expect(try await machine.run("approve", Machine.rockets, "outlining").status == 64)
        #expect(
            try await machine.run("approve", Machine.rockets, "outlining", environment: ["EPBUILD_SIGNING_KEY": stranger.secret]).status
                == 64)
        #expect(
            try await machine.run("approve", Machine.rockets, "outlining", environment: ["EPBUILD_SIGNING_KEY": ann.secret]).status == 0)
        try await generate(machine).expect(.built)
        // Another name under the signature: the line is damaged; and where its check is taken away, too, the signature does not count any
        // more.
        try machine.replace(#""decision":"approved","by":""#, with: #""decision":"approved","by":"not "#, in: lock)
        try await machine.run("build", Machine.rockets).expect(
            65, errors: "episode.lock:", "this line is damaged", "restore the line from version control")
        try machine.edit(lock) { $0.replacing(#/  # [0-9a-f]{8}\n/#, with: "\n") }
        try await generate(machine).expect(.waiting)
    }

    /// The build has read the lock, and writes it when it ends; the decision comes in between.
    @Test func aDecisionDuringABuildIsNotLost() async throws {
        let machine = try Machine()
        let (begun, go, lock) = ("\(machine.directory)/begun", "\(machine.directory)/go", "\(Machine.letters)/episode.lock")
        try machine.edit("letters/pipeline.yaml") { text in
            text.replacing("> report.txt\"]", with: "> report.txt; touch '\(begun)'; until [ -e '\(go)' ]; do sleep 0.02; done\"]")
                .replacing("    deliver: true", with: "    output: report.txt\n    editable: true\n    deliver: true")
                + "  title:\n    tool: command\n    run: [sh, -c, \"echo Letters > title.txt\"]\n    outputs: [title.txt]\n    gate: { required: true }\n"
        }
        try machine.write([], to: "../go")
        try await machine.build(Machine.letters).expect(.waiting, ["report": 1, "title": 1])
        for file in ["../go", "../begun"] { machine.remove(file) }
        let before = try machine.text(lock)
        try machine.edit("\(Machine.letters)/texts/01-morning.txt") { $0 + "And then the tide rose.\n" }
        async let build = machine.build(Machine.letters)
        try await Patience.wait { access(begun, F_OK) == 0 }
        #expect(try await machine.run("approve", Machine.letters, "title").status == 0)
        let decided = try machine.text(lock)
        try machine.write([], to: "../go")
        #expect(try await build.report.executed("report") == 1)
        let after = try machine.text(lock)
        #expect(decided != before && after != decided, "both have written the lock")
        #expect(after.contains(#""decision":"approved""#), "\(after)")
        try await machine.build(Machine.letters).expect(executed: 0)
    }

    @Test func aRejectionSaysWhatComesOfIt() async throws {
        let machine = try gated()
        try await generate(machine).expect(.waiting)
        for note in ["", "  \t"] {
            try await machine.run("reject", Machine.rockets, "outlining", "--note", note).expect(64, errors: "say what to do better")
        }
        try machine.replace("title: ", with: "title: My own ", in: outline)
        try await generate(machine).expect(.waiting, executed: 0)
        try await machine.run("reject", Machine.rockets, "outlining", "--note", "too long").expect(
            0, says: "outlining: rejected, and your edit stands rejected", "epbuild revert")
        try await generate(machine).expect(.waiting, executed: 0)
        #expect(try await machine.run("revert", Machine.rockets, "outlining").status == 0)
        try await generate(machine).expect(.waiting)
        try await machine.run("reject", Machine.rockets, "outlining", "--note", "longer").expect(
            0, says: "outlining: rejected, the next build makes a new take")
        try await generate(machine).expect(.waiting, ["outlining": 1])
    }

    @Test func whatCannotBeDecidedIsSaid() async throws {
        let machine = try gated()
        let early = try await machine.run("approve", Machine.rockets, "outlining")
        #expect(early.status == 64 && early.errors.contains("nothing to decide about outlining yet"), "\(early)")
        let none = try await machine.run("approve", Machine.rockets, "music")
        #expect(none.status == 64 && none.errors.contains("gates: outlining"), "\(none)")
        try machine.replace("gate: { required: true }", with: "gate: { requird: true }", in: "olivers-workshop/pipeline.yaml")
        let wrong = try await machine.run(Machine.rockets)
        #expect(wrong.status == 65 && wrong.errors.contains("required"), "\(wrong)")
    }

    /// Every item of a gated stage has a place of its own, where it can be read.
    @Test func allItemsAreShown() async throws {
        let machine = try Machine()
        try machine.replace("    outputs: [words.txt]", with: "    outputs: [words.txt]\n    gate: true", in: "letters/pipeline.yaml")
        try await machine.build(Machine.letters).expect(.waiting)
        let shown = machine.files(below: "\(machine.workspace)/.epbuild/gates").filter { $0.hasSuffix("words.txt") }
        let texts = Set(try shown.map { try machine.read(".epbuild/gates/\($0)") })
        #expect(shown.count == 3 && texts.count == 3, "\(shown)")
        #expect(try await machine.run("approve", Machine.letters, "words").status == 0)
        try await machine.build(Machine.letters).expect(.built)
    }

    @Test func aRejectionCanBeTakenBack() async throws {
        let machine = try gated()
        try await generate(machine).expect(.waiting)
        let text = try machine.text(outline)
        #expect(try await machine.run("reject", Machine.rockets, "outlining", "--note", "oops").status == 0)
        #expect(try await machine.run("approve", Machine.rockets, "outlining").status == 0)
        try await generate(machine).expect(.built, ["outlining": 0])
        #expect(try machine.text(outline) == text)
        #expect(try !machine.text(lock).contains("oops"))
    }

    /// What only a draft has made has been shown to nobody.
    @Test func nobodyApprovesWhatNobodyCouldSee() async throws {
        let machine = try gated()
        try await generate(machine).expect(.waiting)
        #expect(try await machine.run("reject", Machine.rockets, "outlining", "--note", "shorter").status == 0)
        #expect(try await machine.run("build", "--draft", Machine.rockets).status == 0)
        let draft = try await machine.run("reject", Machine.rockets, "outlining", "--note", "longer")
        #expect(draft.status == 64 && draft.errors.contains("build it first"), "\(draft)")
        try await generate(machine).expect(.waiting)
        #expect(try await machine.run("approve", Machine.rockets, "outlining").status == 0)
        try await generate(machine).expect(executed: 0)
    }

    /// A gate with a rule asks nobody about what is as the rule demands.
    @Test func aGateOpensByARule() async throws {
        func pipeline(_ rule: String) -> String {
            """
            stages:
              facts: { source: facts.json }
              judged: { tool: command, run: [cp, in.json, out.json], inputs: { in.json: facts }, outputs: [out.json], gate: { auto_approve_if: \(rule) } }
              after: { tool: command, run: [cp, in.json, out.json], inputs: { in.json: judged }, outputs: [out.json], deliver: true }

            """
        }
        let show = try SmallShow([
            "show/pipeline.yaml": pipeline("report.passed"), "show/ep/facts.json": "{\"report\": {\"passed\": false}}\n",
        ])
        try await show.build().expect(.waiting)
        try show.write("{\"report\": {\"passed\": true}}\n", to: "show/ep/facts.json")
        try await show.build().expect(.built)
        #expect(try show.machine.text("show/ep/episode.lock").contains("epbuild"))
        try await show.build().expect(.upToDate)
        // A person's no goes before.
        try await show.machine.run("reject", SmallShow.episode, "judged", "--note", "No.").expect(0)
        try await show.build().expect(.waiting)
        try show.write(pipeline("report.pased"), to: "show/pipeline.yaml")
        try await show.machine.run(SmallShow.episode).expect(65, errors: "pipeline.yaml:3:", "has no `report.pased` that is true or false")
        try show.write(pipeline("{ minimum_words: 5 }"), to: "show/pipeline.yaml")
        try await show.machine.run(SmallShow.episode).expect(65, errors: "is no text whose words could be counted")
        try show.write(pipeline("{}"), to: "show/pipeline.yaml")
        try await show.machine.run(SmallShow.episode).expect(65, errors: "names nothing that must hold")
    }

    @Test func aGateCountsWords() async throws {
        let show = try SmallShow([
            "show/pipeline.yaml": """
                stages:
                  text: { source: text.txt, gate: { auto_approve_if: { minimum_words: 3, maximum_words: 4 } } }
                  after: { tool: command, run: [cp, in.txt, out.txt], inputs: { in.txt: text }, outputs: [out.txt], deliver: true }

                """, "show/ep/text.txt": "One two\n",
        ])
        try await show.build().expect(.waiting)
        try show.write("One two\nthree.\n", to: "show/ep/text.txt")
        try await show.build().expect(.built)
    }
}
