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

    /// What a person has decided about a stage stands for nothing once the stage has another name: that is told until it is forgotten.
    @Test func decisionsOfAStageThatIsGoneAreToldOf() async throws {
        let editable = "  own: { tool: command, run: [sh, -c, \"echo a > own.txt\"], outputs: [own.txt], output: own.txt, editable: true }\n"
        let show = try SmallShow([
            "show/pipeline.yaml": SmallShow.pipeline + editable, "show/ep/texts/1.txt": "one\n", "show/ep/texts/2.txt": "two\n",
            "show/ep/texts/3.txt": "three\n",
        ])
        try await show.build().expect(.built)
        for words in [["skip", "upper/1.txt"], ["skip", "upper/2.txt"], ["pin", "upper/3.txt"]] {
            try await show.machine.run(words[0], SmallShow.episode, words[1]).expect(0)
        }
        try show.write("mine\n", to: "show/ep/own.txt")
        let whole = try await show.build()
        #expect(!whole.outcome.errors.contains("stands for nothing"), "\(whole.outcome)")
        let renamed = (SmallShow.pipeline + editable).replacing("upper", with: "uppers").replacing("own.txt", with: "its.txt")
        try show.write(renamed, to: "show/pipeline.yaml")
        let says = [
            "warning: upper/1.txt and 1 more are left out, and there is no stage \"upper\": that stands for nothing\n  → did you mean \"uppers\"?",
            "warning: upper/3.txt is pinned, and there is no stage \"upper\": that stands for nothing\n",
            "warning: show/ep/own.txt is edited by hand, and no stage writes it any more: it stands for nothing\n",
        ]
        for command in ["build", "plan", "status"] {
            let told = try await show.machine.run(command, SmallShow.episode)
            #expect(told.status == 0 && says.allSatisfy { told.errors.contains($0) }, "\(command): \(told)")
        }
        for words in [["unskip", "upper/1.txt"], ["unskip", "upper/2.txt"], ["unpin", "upper/3.txt"]] {
            try await show.machine.run(words[0], SmallShow.episode, words[1]).expect(0)
        }
        // Words that are a source by now are read.
        try show.write(renamed + "  mine: { source: \"*.txt\" }\n", to: "show/pipeline.yaml")
        #expect(try await !show.machine.run("build", SmallShow.episode).errors.contains("stands for nothing"))
        try show.write(renamed, to: "show/pipeline.yaml")
        show.machine.remove("show/ep/own.txt")
        #expect(try await !show.machine.run("build", SmallShow.episode).errors.contains("stands for nothing"))
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
