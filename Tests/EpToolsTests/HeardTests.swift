import EpCore
import EpEngine
import EpPlan
import EpSound
import Testing

@testable import EpProviders
@testable import EpTools

/// `check: heard`: a line is kept only if it is heard as it is written.
@Suite struct HeardTests {
    private static let line = "Hello there, my old friend of the forest."

    private func machines(check: String = "heard") throws -> TwoMachines {
        let machines = try TwoMachines(models: [], voices: [ProgramVoice()], transcribers: [ProgramTranscriber()])
        try machines.write("ANN\n\(Self.line)\n", to: "w/show/ep/script.fountain")
        try pipeline(machines, check)
        return machines
    }

    private func pipeline(_ machines: TwoMachines, _ check: String?) throws {
        let check = check.map { ", check: \($0)" } ?? ""
        try machines.pipeline("script: { source: script.fountain }", "speech: { tool: tts, each: script.lines, deliver: true\(check) }")
    }

    /// A program hears what stands in a file, and counts how often it has listened.
    private func write(
        _ heard: String, _ machines: TwoMachines,
        voices: String =
            "v: { tool: tts, use: program, run: [sh, -c, \"echo v >> ROOT/spoken; espeak-ng -f line.txt -w line.wav\"], version: [sh, -c, \"echo 1\"] }"
    ) throws {
        try machines.write(heard, to: "heard")
        let listen = "test -s speech.wav && echo l >> \(machines.path)/listened; cat \(machines.path)/heard"
        try machines.providers(
            "\(voices.replacing("ROOT", with: machines.path)), ears: { tool: transcribe, use: program, run: [sh, -c, \"\(listen)\"], version: [sh, -c, \"echo 1\"] }"
        )
    }

    private func count(_ name: String, _ machines: TwoMachines) -> Int {
        machines.read("../../../\(name)")?.split(separator: "\n").count ?? 0
    }

    @Test func whatIsHeardAsItIsWrittenIsKept() async throws {
        let machines = try machines()
        try write("hello there my old friend of a forest", machines)
        let report = try await machines.build()
        #expect(report.outcome == .built && count("spoken", machines) == 1 && count("listened", machines) == 1, "\(report.failures)")
        let sound = try PCM(wav: try #require(report.outputs.first.flatMap(machines.bytes)), named: "line.wav")
        #expect(sound.seconds > 1)
        #expect(try await machines.build().outcome == .upToDate)
        #expect(count("listened", machines) == 1)
    }

    /// The check may come later: what was spoken is listened to, and not spoken again. What is wrong says so with the line's place.
    @Test func whatWasSpokenBeforeIsListenedTo() async throws {
        let machines = try machines()
        try pipeline(machines, nil)
        try write("the cat sat upon a mat and slept", machines)
        #expect(try await machines.build().outcome == .built)
        #expect(count("spoken", machines) == 1 && count("listened", machines) == 0)
        try pipeline(machines, "heard")
        let report = try await machines.build()
        let failure = try #require(report.failures.first)
        #expect(failure.problem.code == .badAnswer && failure.site?.place?.line == 1 && report.failures.count == 1, "\(report.failures)")
        #expect(
            failure.problem.message.contains(
                "does not hear the line as it is written, but \"the cat sat upon a mat and slept\": 8 wrong for 8 words"),
            "\(failure.problem.message)")
        #expect(count("spoken", machines) == 1 && count("listened", machines) == 1)
        // Who allows more gets it.
        try pipeline(machines, "{ heard: { most_errors: 1 } }")
        #expect(try await machines.build().outcome == .built)
        #expect(count("spoken", machines) == 1)
    }

    /// The fallback speaks a line that the first has not spoken right; it is listened to as well.
    @Test func theFallbackSpeaksInItsPlace() async throws {
        let machines = try machines()
        let voices = """
            v: { tool: tts, use: program, run: [sh, -c, "echo v >> ROOT/spoken; echo something else altogether | espeak-ng --stdin -w line.wav"], version: [sh, -c, "echo 1"], fallback: [w] },
            w: { tool: tts, use: program, run: [sh, -c, "echo w >> ROOT/spoken; echo \(Self.line) > ROOT/heard; espeak-ng -f line.txt -w line.wav"], version: [sh, -c, "echo 2"] }
            """
        try write("something else altogether", machines, voices: voices.replacing("\n", with: " "))
        let happened = Happened()
        let report = try await machines.build(BuildOptions(), happened)
        #expect(
            report.outcome == .built && machines.read("../../../spoken") == "v\nw\n" && count("listened", machines) == 2,
            "\(report.failures)")
        #expect(happened.fallbacks.map(\.next) == ["w"])
        #expect(try await machines.build().outcome == .upToDate)
        try machines.forget()
        #expect(try await machines.build().actions.executed == 0, "who has served is on record")
    }

    /// That nobody can listen is not the voice's fault: nobody else is asked to speak.
    @Test func aListenerThatFailsStopsTheLine() async throws {
        let machines = try machines()
        let voices =
            "v: { tool: tts, use: program, run: [sh, -c, \"echo v >> ROOT/spoken; espeak-ng -f line.txt -w line.wav\"], version: [sh, -c, \"echo 1\"], fallback: [w] }, w: { tool: tts, use: program, run: [sh, -c, \"echo w >> ROOT/spoken\"], version: [sh, -c, \"echo 2\"] }"
        try write("x", machines, voices: voices)
        try machines.write("", to: "none")
        let text = try #require(machines.read("../../epbuild.yaml"))
        try machines.write(text.replacing("cat \(machines.path)/heard", with: "exit 7"), to: "w/epbuild.yaml")
        let report = try await machines.build()
        #expect(
            report.failures.first?.problem.message.contains("sh failed with status 7") == true && machines.read("../../../spoken") == "v\n",
            "\(report.failures)")
    }

    @Test(arguments: [
        ("herd", "`check` of stage \"speech\" is nothing that a stage which speaks can be checked for"),
        ("{ herd: { } }", "`check` of stage \"speech\" has no `heard`"), ("{ heard: { provdier: x } }", "unknown key `provdier`"),
        ("{ heard: { most_errors: 3 } }", "from 0 to 1"),
        ("{ heard: { provider: eers } }", "eers"),
    ])
    func mistakesAreToldAtTheirPlaces(_ check: String, _ message: String) async throws {
        let machines = try machines(check: check)
        try write("x", machines)
        let report = try await machines.build()
        #expect(
            report.exitStatus == .badInput
                && report.failures.contains { $0.problem.message.contains(message) && $0.problem.location != nil }, "\(report.failures)")
    }

    @Test func whereNobodyCanListenThatIsSaid() async throws {
        let machines = try machines()
        try machines.providers(
            "v: { tool: tts, use: program, run: [sh, -c, \"espeak-ng -f line.txt -w line.wav\"], version: [sh, -c, \"echo 1\"] }")
        let failure = try #require(try await machines.build().failures.first)
        #expect(
            failure.problem.code == .unavailable && failure.problem.remedy?.contains("epbuild providers install whisper") == true,
            "\(failure)")
    }
}
