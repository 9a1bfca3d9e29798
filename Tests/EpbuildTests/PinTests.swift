import Testing

/// Pins: an artifact that stands whatever happens upstream.
@Suite struct PinTests {
    private let script = "\(Machine.moon)/script.fountain"

    private func pinned(_ target: String) async throws -> Machine {
        let machine = try await Machine.withMoonBuilt()
        let outcome = try await machine.run("pin", Machine.moon, target)
        #expect(outcome.status == 0, "\(outcome)")
        try await machine.build(Machine.moon).expect(executed: 0)
        return machine
    }

    @Test func aPinnedLineStandsWhenItsVoiceChanges() async throws {
        let machine = try await pinned("audio_synthesis/3")
        let lines = try await machine.build(Machine.moon).report.stages["audio_synthesis"]?.total ?? 0
        try machine.edit("olivers-workshop/show.yaml") { $0.replacing("rate: 1", with: "rate: 2") }
        let build = try await machine.build(Machine.moon)
        try build.expect(.built, ["audio_synthesis": lines - 1])
        #expect(build.outcome.errors.contains("audio_synthesis/3: pinned"), "\(build.outcome.errors)")
        #expect(try await machine.run("unpin", Machine.moon, "audio_synthesis/3").status == 0)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
    }

    @Test func aPinGoesWithItsLine() async throws {
        let machine = try await pinned("audio_synthesis/3")
        let line = try await machine.run("script", script, "--json")
        #expect(line.status == 0)
        try machine.edit(script) { text in
            let cue = text.firstRange(of: "\n\nNARRATOR\n")!.lowerBound
            return text[..<cue] + "\n\nNARRATOR\nA line that was not there before.\n" + text[cue...]
        }
        // Its own voice and the pinned one: one line is new, and the pinned one is now the fourth.
        let build = try await machine.build(Machine.moon)
        try build.expect(.built, ["audio_synthesis": 1])
        #expect(build.outcome.errors.contains("audio_synthesis/4: pinned"), "\(build.outcome.errors)")
    }

    @Test func aPinWithoutItsLineIsToldOf() async throws {
        let machine = try await pinned("audio_synthesis")
        let list = try await machine.run("unpin", Machine.moon, "music")
        #expect(list.status == 64 && list.errors.contains("audio_synthesis/12"), "\(list)")
        try machine.edit(script) { $0.shortened(toLines: 40) }
        let build = try await machine.build(Machine.moon)
        try build.expect(.built, ["audio_synthesis": 0])
        #expect(build.outcome.errors.contains("audio_synthesis/12 is pinned, and what it was made for is gone"), "\(build.outcome.errors)")
    }

    /// Captions tell other words than the pinned line says: as long as that is so, it is told, by plan and status, too.
    @Test func aPinnedLineWhoseWordsHaveChangedIsToldOf() async throws {
        let machine = try await pinned("audio_synthesis/3")
        let said = "audio_synthesis/3 is pinned, and what it was made for has changed since"
        #expect(try await !machine.run("status", Machine.moon).errors.contains(said))
        try machine.edit(script) { $0.replacing("Come to the window, quick!", with: "Come here, quick!") }
        let build = try await machine.build(Machine.moon)
        try build.expect(.built, ["audio_synthesis": 0])
        #expect(build.outcome.errors.contains(": warning: \(said)\n"), "\(build.outcome.errors)")
        for command in ["plan", "status"] {
            let told = try await machine.run(command, Machine.moon)
            #expect(told.errors.contains(said), "\(command): \(told)")
        }
        try await machine.run("unpin", Machine.moon, "audio_synthesis/3").expect(0)
        #expect(try await !machine.build(Machine.moon).outcome.errors.contains(said))
    }

    @Test func whatIsNotThereCannotBePinned() async throws {
        let machine = try Machine()
        let early = try await machine.run("pin", Machine.moon, "cover")
        #expect(early.status == 64 && early.errors.contains("build it first"), "\(early)")
    }
}
