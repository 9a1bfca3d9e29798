import Testing

/// Going back to an earlier build: its files, and without running anything.
@Suite struct RollbackTests {
    private let script = "\(Machine.moon)/script.fountain"

    @Test func threeBuildsBackExecutesNothing() async throws {
        let machine = try await Machine.withMoonBuilt()
        var versions = [(script: try machine.read(script), outputs: try machine.outputs(of: Machine.moon))]
        for word in ["Once", "Twice", "Thrice"] {
            try machine.edit(script) { $0 + "\nNARRATOR\n\(word) upon a time.\n" }
            try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
            versions.append((try machine.read(script), try machine.outputs(of: Machine.moon)))
        }
        let log = try await machine.run("log", Machine.moon, "--json")
        let builds = log.output.split(separator: "\n").compactMap { $0.firstMatch(of: /"build":(\d+)/).map { String($0.1) } }
        #expect(builds.count >= 4, "\(log)")
        for (build, version) in zip(builds.reversed().suffix(4), versions).reversed() {
            let outcome = try await machine.run("rollback", Machine.moon, build)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try machine.read(script) == version.script)
            #expect(try machine.outputs(of: Machine.moon) == version.outputs)
            try await machine.build(Machine.moon).expect(executed: 0)
        }
        // And forward again.
        #expect(try await machine.run("rollback", Machine.moon, builds[0]).status == 0)
        #expect(try machine.read(script) == versions[3].script)
        try await machine.build(Machine.moon).expect(.upToDate, executed: 0)
    }

    @Test func whatAPersonHadWrittenIsPutAside() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.edit(script) { $0 + "\nNARRATOR\nOnce.\n" }
        try await machine.build(Machine.moon).expect(.built)
        try machine.edit(script) { $0 + "\nNARRATOR\nNever built.\n" }
        let outcome = try await machine.run("rollback", Machine.moon)
        #expect(outcome.status == 0 && outcome.output.contains("put back  \(script)"), "\(outcome)")
        let kept = try #require(
            outcome.output.split(separator: "\n").first { $0.contains("what stood there is in ") }?.split(separator: " ").last)
        #expect(try machine.text("\(kept)/episode/script.fountain").contains("Never built."))
        #expect(try !machine.text(script).contains("Once."))
    }

    @Test func afterAFailureTheLastWholeBuildComesBack() async throws {
        let machine = try await Machine.withMoonBuilt()
        let built = try machine.read(script)
        try machine.edit(script) { $0 + "\n[[sfx: no such effect]]\n" }
        #expect(try await machine.run("build", Machine.moon).status != 0)
        let outcome = try await machine.run("rollback", Machine.moon)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try machine.read(script) == built)
        try await machine.build(Machine.moon).expect(executed: 0)
    }

    @Test func takesComeBackAndTheShowIsLeftAlone() async throws {
        let machine = try await Machine.withMoonBuilt()
        #expect(try await machine.run("clean", Machine.moon, "audio_synthesis/2").status == 0)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        try machine.edit("olivers-workshop/show.yaml") { $0.replacing("tagline: Small", with: "tagline: Tiny") }
        let outcome = try await machine.run("rollback", Machine.moon)
        #expect(outcome.status == 0 && outcome.output.contains("left alone: olivers-workshop/show.yaml"), "\(outcome)")
        #expect(!machine.files(below: "\(machine.workspace)/\(Machine.moon)").contains("episode.lock"))
        #expect(try machine.text("olivers-workshop/show.yaml").contains("Tiny"))
        let all = try await machine.run("rollback", Machine.moon, "--show", "1")
        #expect(all.status == 0 || all.errors.contains("no build 1"), "\(all)")
    }

    @Test func whatIsNotThereIsSaid() async throws {
        let machine = try await Machine.withMoonBuilt()
        let none = try await machine.run("rollback", Machine.moon)
        #expect(none.status == 64 && none.errors.contains("no earlier build"), "\(none)")
        let wrong = try await machine.run("rollback", Machine.moon, "999")
        #expect(wrong.status == 64 && wrong.errors.contains("no build 999"), "\(wrong)")
    }

    /// What the first build has written is known as its own again, and not as a person's edit.
    @Test func aGeneratedScriptComesBackAsGenerated() async throws {
        let machine = try Machine()
        try await machine.build(Machine.rockets).expect(.built)
        let generated = try machine.read("\(Machine.rockets)/script.fountain")
        try machine.edit("\(Machine.rockets)/script.fountain") { $0 + "\nPIP\nBy hand.\n" }
        try await machine.build(Machine.rockets).expect(.built)
        let outcome = try await machine.run("rollback", Machine.rockets)
        #expect(outcome.status == 0 && !outcome.errors.contains("edited by hand"), "\(outcome)")
        #expect(try machine.read("\(Machine.rockets)/script.fountain") == generated)
        let status = try await machine.run("status", Machine.rockets)
        #expect(!status.output.contains("edited"), "\(status)")
    }
}
