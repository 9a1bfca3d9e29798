import FoundationEssentials
import Testing

/// `epbuild providers install`: real packages, in a data directory of the test's own.
@Suite struct InstallTests {
    private static let script = """
        Title: Hello

        INT. KITCHEN - DAY

        ADA
        The quick brown fox jumps over the lazy dog.

        ADA
        Good morning, everybody.
        """

    private static func show() throws -> SmallShow {
        try SmallShow([
            "epbuild.yaml": "providers: { voices: { tool: tts, use: piper } }\n",
            "show/show.yaml": "title: T\ncharacters: [{ name: Ada }]\n",
            "show/pipeline.yaml":
                "stages:\n  script: { source: script.fountain }\n  speech: { tool: tts, each: script.lines, deliver: true }\n",
            "show/ep/script.fountain": script,
        ])
    }

    /// What pip is told of its index, and a home in which nothing lies.
    private func run(_ words: String..., on show: SmallShow, more: [String: String] = [:]) async throws -> Program.Outcome {
        try await Program.run([Program.epbuild] + words, in: show.machine.workspace, environment: environment(show).merging(more) { $1 })
    }

    private func environment(_ show: SmallShow) -> [String: String] {
        let own = ["HOME": show.machine.directory, "XDG_DATA_HOME": "\(show.machine.directory)/data", "EPBUILD_CACHE": show.machine.cache]
        return ProcessInfo.processInfo.environment.merging(own) { $1 }
    }

    private func names(_ path: String, of show: SmallShow) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(show.machine.directory)/\(path)")) ?? []).sorted()
    }

    /// Without it, whoever needs it is told how to get it; a build, the doctor, the list.
    @Test func whatIsNotInstalledIsNamed() async throws {
        let show = try Self.show()
        let build = try await run("build", SmallShow.episode, on: show)
        #expect(
            build.status == 69 && build.errors.contains("epbuild-piper is missing")
                && build.errors.contains("epbuild providers install piper"), "\(build)")
        let doctor = try await run("doctor", on: show)
        #expect(
            doctor.status == 69 && doctor.output.contains("is not installed, and a provider here is it")
                && doctor.output.contains("epbuild providers install piper"), "\(doctor)")
        #expect(try await run("providers", "uninstall", "piper", on: show).output == "piper is not installed\n")
        let wrong = try await run("providers", "install", "pipr", on: show)
        #expect(wrong.status == 64 && wrong.errors.contains("did you mean \"piper\"?"), "\(wrong)")
        #expect(names("data", of: show).isEmpty)
    }

    @Test func withoutPythonItSaysSo() async throws {
        let show = try Self.show()
        let outcome = try await run("providers", "install", "piper", on: show, more: ["PATH": "/nowhere"])
        #expect(
            outcome.status == 69 && outcome.errors.contains("there is no python3")
                && outcome.errors.contains("apt-get install python3-venv"), "\(outcome)")
        // An index that nobody reaches: nothing of it is kept.
        let lost = try await run("providers", "install", "piper", on: show, more: ["PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/nowhere"])
        #expect(lost.status == 69 && names("data/epbuild", of: show).allSatisfy { $0 == ".lock" }, "\(lost)")
    }

    /// Killed in the middle, then again; it speaks, the same each time; and then it is gone with all that it has brought.
    @Test func aVoiceIsInstalledSpeaksAndGoes() async throws {
        let show = try Self.show()
        let before = names("", of: show)
        let killed = "'\(Program.epbuild)' providers install piper & echo $! > pid; wait $!"
        async let first = Program.run(["sh", "-c", killed], in: show.machine.workspace, environment: environment(show))
        let partial = "\(show.machine.directory)/data/epbuild/.piper.partial"
        #expect(try await Patience.wait { FileManager.default.fileExists(atPath: "\(partial)/environment/bin") })
        _ = try await Program.run(["sh", "-c", "kill -KILL $(cat pid)"], in: show.machine.workspace, environment: environment(show))
        #expect(try await first.status == 137)
        #expect(
            try await run("providers", on: show).output.contains("installed:") == false && names("data/epbuild/piper", of: show).isEmpty)

        let installed = try await run("providers", "install", "piper", on: show)
        if installed.status == 69 { return print("skipped: \(installed.errors)") }
        #expect(
            installed.status == 0 && installed.errors.contains("to fetch") && names("data/epbuild", of: show) == [".lock", "piper"],
            "\(installed)")
        // To name itself, pip asks a Rust compiler for its version, and that may look for its own.
        #expect(
            names("", of: show).filter { !before.contains($0) }.allSatisfy { ["data", "cache", ".rustup"].contains($0) },
            "nothing else is touched: \(names("", of: show))")
        #expect(try await run("providers", "install", "piper", on: show).output.contains("is here already: piper-tts 1.8.0"))
        #expect(try await run("doctor", on: show).output.contains("piper-tts 1.8.0"))
        #expect(try await run("providers", on: show).output.contains("installed: piper (piper-tts 1.8.0"))

        let build = try await run("build", SmallShow.episode, on: show)
        #expect(build.status == 0, "\(build)")
        let line = "show/ep/out/speech/1/line.wav"
        let spoken = try show.machine.read(line)
        #expect(spoken.starts(with: "RIFF".utf8) && spoken.count > 40_000)
        let again = try await run("build", SmallShow.episode, on: show, more: ["EPBUILD_CACHE": "\(show.machine.directory)/other"])
        #expect(try again.status == 0 && show.machine.read(line) == spoken, "another cache, the same sound")
        #expect(try await run("why", SmallShow.episode, "speech/1", on: show).status == 0)
        #expect(try await run("inspect", SmallShow.episode, "speech/1", on: show).output.contains("58afce0321b8"))

        #expect(try await run("providers", "uninstall", "piper", on: show).status == 0)
        #expect(names("data", of: show).isEmpty)
        #expect(try await run("build", SmallShow.episode, on: show).status == 69, "what it is, only the program can tell")
    }

    /// A voice of a list is passed over while it is not here, speaks as soon as it is, and leaves what the other has spoken where it was.
    @Test func aWishedVoiceSpeaksOnceItIsHere() async throws {
        let show = try Self.show()
        let voices = "[{ provider: hibari, rate: 142 }, { provider: espeak, voice: en-gb, rate: 142 }]"
        try show.write("title: T\ncharacters: [{ name: Ada, voice: \(voices) }]\n", to: "show/show.yaml")
        let missing = "in place of hibari, which is not on this machine: epbuild providers install hibari"
        let first = try await run("build", SmallShow.episode, on: show)
        #expect(first.status == 0 && first.output.contains(missing), "\(first)")
        #expect(try await run("status", SmallShow.episode, on: show).output.contains(missing))
        #expect(try await run("doctor", on: show).output.contains("is not installed: other voices speak in place of it"))
        #expect(try await run("build", SmallShow.episode, on: show).output.contains("up to date"))
        let line = "show/ep/out/speech/1/line.wav"
        let espeaks = try show.machine.read(line)

        let installed = try await run("providers", "install", "hibari", on: show)
        if installed.status == 69 { return print("skipped: \(installed.errors)") }
        let second = try await run("build", SmallShow.episode, "--json", on: show)
        #expect(second.output.contains("\"executed\":2") && !second.output.contains("fallbacks"), "\(second)")
        let natural = try show.machine.read(line)
        // Nine words at 142 a minute, and what is silent around them: 16 bits, 24,000 a second.
        #expect((3.0...5.5).contains(Double(natural.count) / 48_000), "\(natural.count)")
        let again = try await run("build", SmallShow.episode, on: show, more: ["EPBUILD_CACHE": "\(show.machine.directory)/other"])
        #expect(try again.status == 0 && show.machine.read(line) == natural, "another cache, the same sound")

        #expect(try await run("providers", "uninstall", "hibari", on: show).status == 0)
        let third = try await run("build", SmallShow.episode, "--json", on: show)
        #expect(try third.output.contains("\"executed\":0") && show.machine.read(line) == espeaks, "\(third)")
    }
}
