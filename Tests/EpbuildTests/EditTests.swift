import Testing

/// What an edit of the Moon episode (a script that a person wrote) runs again.
@Suite struct EditTests {
    private let script = "\(Machine.moon)/script.fountain"
    private let show = "olivers-workshop/show.yaml"

    /// A log has one line a stage, however often its plan has grown.
    @Test func everyStageIsToldOnce() async throws {
        let told = try await Machine().build(Machine.moon).expect(.built).outcome.errors.split(separator: "\n").filter {
            $0.hasSuffix("executed")
        }
        let names = told.map { $0.prefix { $0 != ":" } }
        #expect(names.contains("audio_mixing") && names.contains("package"))
        #expect(names.count == Set(names).count, "\(told)")
    }

    @Test func aSecondBuildAndTouchedFilesRunNothing() async throws {
        let machine = try await Machine.withMoonBuilt()
        try await machine.build(Machine.moon).expect(.upToDate, executed: 0)
        for file in machine.files(below: machine.workspace) { try machine.write(machine.read(file), to: file) }
        try await machine.build(Machine.moon).expect(.upToDate, executed: 0)
    }

    @Test func aChangedWordSpeaksOneLineAndBackAgainNone() async throws {
        let machine = try await Machine.withMoonBuilt()
        let before = try machine.outputs(of: Machine.moon)
        try machine.replace("this spring first", with: "this screw first", in: script)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        #expect(try machine.outputs(of: Machine.moon) != before)
        try machine.replace("this screw first", with: "this spring first", in: script)
        try await machine.build(Machine.moon).expect(executed: 0)
        #expect(try machine.outputs(of: Machine.moon) == before)
    }

    @Test func aLineInsertedAtTheTopSpeaksOne() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.replace("NARRATOR\n", with: "NARRATOR\nHello, hello.\n\nNARRATOR\n", in: script)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
    }

    @Test func swappedLinesSpeakNone() async throws {
        let machine = try await Machine.withMoonBuilt()
        let (first, second) = ("OLIVER\nAnd who do you think has eaten it?\n", "PIP\n(whispering)\nI know some mice who would.\n")
        try machine.replace("\(first)\n\(second)", with: "\(second)\n\(first)", in: script)
        let report = try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 0]).report
        #expect(report.executed("audio_mixing") > 0)
    }

    @Test func whatIsNotHeardSpeaksNone() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.replace("= Pip sees", with: "= Pip hardly sees", in: script)
        try await machine.build(Machine.moon).expect(executed: 0)
        try machine.edit(script) { $0 + "\n[[a note to myself]]\n\n/* and a boneyard */\n" }
        try await machine.build(Machine.moon).expect(executed: 0)
        try machine.replace("Title: Why", with: "Title: How", in: script)
        try await machine.build(Machine.moon).expect(nil, ["audio_synthesis": 0, "audio_mixing": 0])
        try machine.replace("title: Why", with: "title: How", in: "\(Machine.moon)/episode.yaml")
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 0])
    }

    @Test func theBlueprintReachesOnlyWhatReadsIt() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.replace("theme: How things work", with: "theme: How all things work", in: show)
        try await machine.build(Machine.moon).expect(executed: 0)
        let lines = try machine.text(script).split(separator: "\n")
        let oliver = lines.count { $0 == "OLIVER" }
        try machine.replace("rate: 136", with: "rate: 170", in: show)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": oliver])
        try machine.replace("rate: 170", with: "rate: 136", in: show)
        try await machine.build(Machine.moon).expect(executed: 0)
    }

    /// The episode after an edit is, byte for byte, the one that a machine with an empty cache builds.
    @Test func incrementalEqualsClean() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.replace("NARRATOR\n", with: "PIP\nGood evening, everybody!\n\nNARRATOR\n", in: script)
        try machine.replace("like a cheese", with: "like a very large cheese", in: script)
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 2])
        let clean = try Machine()
        try clean.write(machine.read(script), to: script)
        let report = try await clean.build(Machine.moon).expect(.built).report
        #expect(report.actions.executed == report.actions.total)
        #expect(try clean.outputs(of: Machine.moon) == machine.outputs(of: Machine.moon))
    }
}
