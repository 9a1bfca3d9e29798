import Testing

/// Who says how much, and which lines are to be made.
@Suite struct SpeakerTests {
    @Test func costIsToldBySpeaker() async throws {
        let machine = try Machine()
        let before = try await machine.run("cost", Machine.moon, "--by", "speaker", "--json")
        #expect(before.output.contains(#""spokenLines":0"#) && before.output.contains(#""total":{"lines":12,"#), "\(before)")
        try await machine.build(Machine.moon).expect(.built)
        let after = try await machine.run("cost", Machine.moon, "--by", "speaker")
        #expect(after.output.contains("speaker") && after.output.contains("NARRATOR") && after.output.contains("total"), "\(after)")
        let json = try await machine.run("cost", Machine.moon, "--by", "speaker", "--json")
        #expect(json.output.contains(#""spokenLines":12"#), "\(json)")
        try await machine.run("cost", Machine.moon, "--by", "actor").expect(
            64, errors: "--by takes episode, stage, provider, month, speaker")
    }

    @Test func statusNamesTheLinesThatAreToBeMade() async throws {
        let machine = try await Machine.withMoonBuilt()
        try machine.edit("\(Machine.moon)/script.fountain") {
            $0.replacing("Oliver! Come to the window", with: "Oliver! Run to the window")
        }
        try await machine.run("status", Machine.moon).expect(
            0, says: "audio_synthesis/3  PIP: \"Oliver! Run to the window", "(script.fountain:")
    }
}
