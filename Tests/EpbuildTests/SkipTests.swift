import Testing

/// What is left out: it is not read, and every command says so.
@Suite struct SkipTests {
    private let transcript = "\(Machine.moon)/out/002-why-the-moon-changes-shape.vtt"

    @Test func aLineThatIsLeftOutIsNotHeard() async throws {
        let machine = try await Machine.withMoonBuilt()
        let whole = try machine.text(transcript)
        let skipped = try await machine.run("skip", Machine.moon, "audio_synthesis/3")
        #expect(skipped.status == 0 && skipped.output.contains("audio_synthesis/3: left out"), "\(skipped)")
        let build = try await machine.build(Machine.moon)
        try build.expect(.built, ["audio_synthesis": 0])
        #expect(build.outcome.errors.contains("warning: audio_synthesis/3 is left out"), "\(build.outcome.errors)")
        let shorter = try machine.text(transcript)
        // A line may take more than one caption.
        #expect(shorter.split(separator: "-->").count < whole.split(separator: "-->").count)
        #expect(whole.contains("Come to the window") && !shorter.contains("Come to the window"))
        // It goes with its line, and is said by those that run nothing, too.
        try machine.edit("\(Machine.moon)/script.fountain") { text in
            let cue = text.firstRange(of: "\n\nNARRATOR\n")!.lowerBound
            return text[..<cue] + "\n\nNARRATOR\nA line that was not there before.\n" + text[cue...]
        }
        let status = try await machine.run("status", Machine.moon)
        #expect(status.errors.contains("audio_synthesis/4 is left out"), "\(status)")
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 1])
        #expect(try await machine.run("unskip", Machine.moon, "audio_synthesis/4").status == 0)
        try machine.edit("\(Machine.moon)/script.fountain") { $0.replacing("\n\nNARRATOR\nA line that was not there before.\n", with: "") }
        try await machine.build(Machine.moon).expect(.built, ["audio_synthesis": 0])
        #expect(try machine.text(transcript) == whole)
    }

    @Test func onlyItemsCanBeLeftOut() async throws {
        let machine = try await Machine.withMoonBuilt()
        for (target, message) in [
            ("audio_synthesis", "only an item of a stage can be left out"), ("cover/1", "only an item"),
            ("audio_synthesis/999", "has no item \"999\""),
        ] {
            let outcome = try await machine.run("skip", Machine.moon, target)
            #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome)")
        }
        let nothing = try await machine.run("unskip", Machine.moon, "audio_synthesis/3")
        #expect(nothing.status == 64 && nothing.errors.contains("nothing is"), "\(nothing)")
    }
}
