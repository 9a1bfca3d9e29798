import FoundationEssentials
import Testing

/// Drafts: an episode that can be heard at once, whatever is missing, and that leaves no trace in the finished one.
@Suite struct DraftTests {
    private let out = "\(Machine.moon)/out"
    private let name = "002-why-the-moon-changes-shape"

    /// What `build --draft --json` says of the draft.
    private struct Draft: Decodable {
        let draft: Bool
        let placeholders: [String]
        let unapproved, leftOut: [String]?

        init(_ build: Build) throws { self = try JSONDecoder().decode(Self.self, from: Data(build.outcome.output.utf8)) }
    }

    /// A `PATH` with nothing but these programs.
    private func path(_ machine: Machine, _ programs: String...) throws -> [String: String] {
        let directory = "\(machine.directory)/bin-\(programs.joined(separator: "-"))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for program in programs {
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/\(program)", withDestinationPath: "/usr/bin/\(program)")
        }
        return ["PATH": directory]
    }

    private func probe(_ machine: Machine, _ entry: String, _ file: String) async throws -> String {
        let words = [
            "ffprobe", "-v", "error", "-show_entries", "format\(entry)", "-of", "default=nokey=1:noprint_wrappers=1", "\(out)/\(file)",
        ]
        return try await Program.run(words, in: machine.workspace, environment: machine.environment()).output.trimming
    }

    private func seconds(_ machine: Machine, _ file: String) async throws -> Double {
        try #require(Double(await probe(machine, "=duration", file)))
    }

    @Test func aGatedEpisodeIsHeardBeforeAnybodyApproves() async throws {
        let machine = try Machine()
        try machine.replace(
            "output: outline.yaml, editable: true", with: "output: outline.yaml, editable: true, gate: true",
            in: "olivers-workshop/pipeline.yaml")
        let draft = try await machine.build("--draft", Machine.rockets).expect(.built)
        #expect(try Draft(draft).placeholders == [] && Draft(draft).unapproved == ["outlining"])
        let files = try machine.outputs(of: Machine.rockets)
        #expect(files.count == 10 && files.keys.allSatisfy { $0.hasPrefix("DRAFT-") }, "\(files.keys)")
        #expect(files["DRAFT-001-how-rockets-work.mp3"]?.count ?? 0 > 1_000_000)
        // Nothing is written into the episode, and nothing of the show.
        let episode = machine.files(below: "\(machine.workspace)/\(Machine.rockets)").filter { !$0.hasPrefix("out/") }
        #expect(episode == ["episode.yaml", "sources/01-how-rockets-work.md", "sources/02-balloon-rocket.md"])
        #expect(machine.files(below: "\(machine.workspace)/olivers-workshop/out") == [])
        #expect(machine.files(below: "\(machine.workspace)/.epbuild").allSatisfy { $0 == "locks" || $0.hasPrefix("events/") })
        // The real one waits, with everything before the gate made already; then only the package is still to be made.
        try await machine.build(Machine.rockets).expect(.waiting, executed: 0)
        #expect(try machine.outputs(of: Machine.rockets).keys.contains("DRAFT-001-how-rockets-work.mp3"))
        #expect(try await machine.run("approve", Machine.rockets, "outlining").status == 0)
        try await machine.build(Machine.rockets).expect(.built, executed: 3, ["package": 3])
        #expect(try machine.outputs(of: Machine.rockets).keys.allSatisfy { !$0.hasPrefix("DRAFT") })
    }

    @Test func withoutVoicesItLastsAboutAsLong() async throws {
        let (finished, machine) = (try await Machine.withMoonBuilt(), try Machine())
        let poor = try path(machine, "ffmpeg")
        let draft = try await machine.build("--draft", Machine.moon, environment: poor).expect(.built)
        let lines = try draft.report.stages["audio_synthesis"]?.total ?? 0
        #expect(try Draft(draft).placeholders == (1...lines).map { "audio_synthesis/\($0)" })
        let (real, short) = (try await seconds(finished, "\(name).mp3"), try await seconds(machine, "DRAFT-\(name).mp3"))
        #expect(abs(short / real - 1) < 0.25, "\(short) s, really \(real) s")
        #expect(try await probe(machine, "_tags=title", "DRAFT-\(name).mp3") == "[draft] Why the Moon Changes Shape")
        for document in ["vtt", "html", "notes.md", "transcript.html"] {
            #expect(try machine.text("\(out)/DRAFT-\(name).\(document)").contains("This is a draft"), "\(document)")
        }
        try await machine.build("--draft", Machine.moon, environment: poor).expect(.built, executed: 0)
        // With a voice, the voice; and then the real thing, as if there had been no draft.
        try await machine.build("--draft", Machine.moon, environment: path(machine, "ffmpeg", "flite")).expect(.built)
        try await machine.build(Machine.moon).expect(.built)
        #expect(try machine.outputs(of: Machine.moon) == finished.outputs(of: Machine.moon))
        #expect(try !machine.text("\(out)/.delivered").contains("DRAFT"))
    }

    @Test func onAnEmptyMachineThereIsStillACard() async throws {
        let machine = try Machine()
        let draft = try await machine.build("--draft", Machine.moon, environment: ["PATH": machine.directory]).expect(.built)
        #expect(try Draft(draft).placeholders.contains("cover"))
        let picture = try machine.read("\(out)/DRAFT-\(name).jpg")
        #expect(picture.starts(with: [0xFF, 0xD8, 0xFF]))
    }

    @Test func aFailingLineIsSpokenByAnother() async throws {
        let machine = try Machine()
        try machine.replace("voice: en-gb, rate: 134", with: "voice: mb-en1, rate: 134", in: "olivers-workshop/show.yaml")
        let real = try await machine.build(Machine.moon, "-k")
        #expect(real.outcome.status == 1)
        let outcome = try await machine.run("--draft", Machine.moon)
        #expect(outcome.status == 0 && outcome.output.contains("audio_synthesis/1"), "\(outcome)")
        #expect(outcome.output.contains("the voice of flite (espeak-ng failed with status 1)"), "\(outcome.output)")
    }

    @Test func aFailingLineIsSilentWhereNobodyElseSpeaks() async throws {
        let machine = try Machine()
        try machine.replace("voice: en-gb, rate: 134", with: "voice: mb-en1, rate: 134", in: "olivers-workshop/show.yaml")
        let outcome = try await machine.run("--draft", Machine.moon, environment: path(machine, "ffmpeg", "espeak-ng"))
        #expect(outcome.status == 0 && outcome.output.contains("silence (espeak-ng failed with status"), "\(outcome)")
    }

    @Test func anUnwrittenOutlineDoesNotStopIt() async throws {
        let machine = try Machine()
        try machine.replace("# Outline", with: "# Nonsense", in: "olivers-workshop/prompts/outlining.md")
        let draft = try await machine.build("--draft", Machine.rockets).expect(.built)
        #expect(try Draft(draft).placeholders == ["outlining"])
        #expect(try machine.text("\(Machine.rockets)/out/DRAFT-001-how-rockets-work.srt").contains("is not written yet"))
    }

    /// An unwritten concept, outline, segment and script: each placeholder is of use to its readers.
    @Test func nothingIsWritten() async throws {
        let machine = try Machine()
        for prompt in ["ideation", "outlining", "segment", "script"] {
            try machine.edit("olivers-workshop/prompts/\(prompt).md") { "# Nonsense\n" + $0 }
        }
        let draft = try await machine.build("--draft", Machine.rockets).expect(.built)
        #expect(try Draft(draft).placeholders == ["ideation", "outlining", "segment_generation/1", "script_generation"])
        #expect(try machine.text("\(Machine.rockets)/out/DRAFT-001-how-rockets-work.srt").contains("Narrator: This is not"))
    }

    @Test func whatNothingCanStandInForIsLeftOut() async throws {
        let machine = try Machine()
        try machine.replace("LC_ALL=C sort words.txt", with: "exit 3; sort words.txt", in: "letters/pipeline.yaml")
        let draft = try await machine.build("--draft", Machine.letters)
        #expect(draft.outcome.status == 1)
        #expect(try Draft(draft).leftOut == ["report"] && draft.report.outcome == "failed")
        #expect(try draft.report.executed("totals") == 3)
    }

    @Test func finishedFilesStayAndTheDraftGoes() async throws {
        let machine = try await Machine.withMoonBuilt()
        let (finished, script) = (try machine.outputs(of: Machine.moon), try machine.text("\(Machine.moon)/script.fountain"))
        try machine.replace("It is evening", with: "It is nearly evening", in: "\(Machine.moon)/script.fountain")
        try await machine.build("--draft", Machine.moon).expect(.built, ["audio_synthesis": 1])
        let both = try machine.outputs(of: Machine.moon)
        #expect(finished.allSatisfy { both[$0.key] == $0.value } && both.count == 2 * finished.count)
        // A file of a person among them is nobody's draft.
        try machine.write(Array("mine".utf8), to: "\(out)/DRAFT-mine.txt")
        try machine.write(Array(script.utf8), to: "\(Machine.moon)/script.fountain")
        try await machine.build(Machine.moon).expect(executed: 0)
        machine.remove("\(out)/DRAFT-mine.txt")
        #expect(try machine.outputs(of: Machine.moon) == finished)
        // The shortest way to "up to date" sees a new draft, too.
        try await machine.build("--draft", Machine.moon).expect(.built)
        #expect(try machine.outputs(of: Machine.moon).count == 2 * finished.count)
        #expect(try await machine.run(Machine.moon).status == 0)
        #expect(try machine.outputs(of: Machine.moon) == finished)
    }

    @Test func nothingOfADraftIsShared() async throws {
        let (machine, shared) = (try Machine(), try SharedDirectory())
        try machine.share(shared.path)
        try await machine.build("--draft", Machine.moon, environment: path(machine, "ffmpeg")).expect(.built)
        #expect(machine.files(below: shared.path) == [])
        // Neither does a push, or a build, that comes later bring it there.
        _ = try await machine.run("cache", "push", Machine.moon)
        try await machine.build(Machine.moon).expect(.built)
        let blobs = machine.files(below: shared.path).filter { $0.contains("cas/") }
        #expect(!blobs.isEmpty)
        for blob in blobs {
            #expect(
                try Data(contentsOf: URL(filePath: "\(shared.path)/\(blob)")).firstRange(of: Data("epbuild placeholder".utf8)) == nil,
                "\(blob)")
        }
    }

    @Test func aDraftCannotBeADryRun() async throws {
        let outcome = try await Machine().run("--draft", "-n", Machine.moon)
        #expect(outcome.status == 64, "\(outcome)")
    }
}

extension String {
    fileprivate var trimming: String { String(reversed().drop(while: \.isNewline).reversed()) }
}
