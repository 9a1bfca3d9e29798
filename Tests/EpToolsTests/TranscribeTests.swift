import EpCore
import EpEngine
import EpPlan
import EpSound
import FoundationEssentials
import Testing

@testable import EpProviders
@testable import EpTools

/// `tool: transcribe`: which pieces are listened to, and how what is heard in them becomes one transcript.
@Suite struct TranscribeTests {
    /// A listener that hears in each piece a word of its own.
    private static let listen =
        "echo l >> ROOT/listened; printf '{\\\"text\\\":\\\"w%s\\\",\\\"words\\\":[{\\\"word\\\":\\\"w%s\\\",\\\"start\\\":1,\\\"end\\\":2}]}' $(md5sum speech.wav | cut -c1-8) $(md5sum speech.wav | cut -c1-8)"

    private func machines(
        _ recording: [UInt8], stage: String = "transcript: { tool: transcribe, recording: recording, deliver: true }",
        listen: String = listen
    ) throws -> TwoMachines {
        let machines = try TwoMachines(models: [], transcribers: [ProgramTranscriber()])
        try write(recording, machines)
        try machines.pipeline("recording: { source: recording.wav }", stage)
        try machines.providers(
            "ears: { tool: transcribe, use: program, run: [sh, -c, \"\(listen.replacing("ROOT", with: machines.path))\"], version: [sh, -c, \"echo 1\"] }"
        )
        return machines
    }

    private func write(_ recording: [UInt8], _ machines: TwoMachines) throws {
        try Data(recording).write(to: URL(filePath: "\(machines.path)/w/show/ep/recording.wav"))
    }

    private func listened(_ machines: TwoMachines) -> Int { machines.read("../../../listened")?.split(separator: "\n").count ?? 0 }

    private func executed(_ happened: Happened) -> [String] { happened.ends.filter { $0.origin == .executed }.map(\.site.step).sorted() }

    private func record(_ machines: TwoMachines) throws -> SpokenRecord {
        let json = try #require(machines.bytes("out/transcript.json"))
        return try #require(Value(json: json).flatMap(SpokenRecord.init))
    }

    /// A second is changed: its own pieces are listened to, and no others; what comes of it is what comes of a build from nothing.
    @Test func anEditIsListenedToAlone() async throws {
        let samples = Talk.samples(seconds: 130, seed: 5)
        let machines = try machines(Talk.wav(samples))
        let first = Happened()
        #expect(try await machines.build(BuildOptions(), first).outcome == .built)
        let pieces = executed(first).filter { $0.hasPrefix("piece ") }
        #expect(
            executed(first).filter { !$0.hasPrefix("piece ") } == ["cut", "decode", "join", "pieces"] && pieces.count >= 5
                && listened(machines) == pieces.count)
        #expect(try await machines.build().outcome == .upToDate)

        let place = 60 * Talk.rate + 321
        var edited = samples
        edited.insert(contentsOf: Talk.samples(seconds: 2, seed: 6), at: place)
        try write(Talk.wav(edited), machines)
        let second = Happened()
        #expect(try await machines.build(BuildOptions(), second).outcome == .built)
        let again = executed(second).filter { $0.hasPrefix("piece ") }
        #expect(executed(second).filter { !$0.hasPrefix("piece ") } == ["cut", "decode", "join", "pieces"])
        #expect((1...3).contains(again.count) && listened(machines) == pieces.count + again.count, "\(again) of \(pieces.count)")
        let transcript = machines.bytes("out/transcript.json")

        // What was put in is taken out: everything is known.
        try write(Talk.wav(samples), machines)
        #expect(try await machines.build().actions.executed == 0)
        try write(Talk.wav(edited), machines)
        try machines.forget()
        #expect(try await machines.build(on: "there").actions.executed == 0, "the shared cache has it all")
        #expect(machines.bytes("out/transcript.json") == transcript)
        try machines.forget()
        for cache in ["here", "there", "shared"] { try FileManager.default.removeItem(atPath: "\(machines.path)/\(cache)") }
        #expect(
            try await machines.build(on: "new").outcome == .built && machines.bytes("out/transcript.json") == transcript,
            "from nothing, the same bytes")
    }

    /// Words are where they are heard in the whole, not in their piece; silence is not listened to.
    @Test func timesAreThoseOfTheWhole() async throws {
        var samples = Talk.samples(seconds: 40, seed: 1)
        samples += [Float](repeating: 0, count: 60 * Talk.rate)
        samples += Talk.samples(seconds: 20, seed: 2)
        let machines = try machines(Talk.wav(samples))
        #expect(try await machines.build().outcome == .built)
        let record = try record(machines)
        let cuts = try SpeechCuts(of: WAVFile(Talk.wav(samples), named: "w"))
        let spoken = cuts.pieces.filter { !$0.isSilent }
        #expect(spoken.count < cuts.pieces.count && listened(machines) == spoken.count && record.seconds == 120)
        #expect(record.segments.map(\.start) == spoken.map { (($0.start + 1) * 1000).rounded() / 1000 })
        #expect(record.segments.allSatisfy { abs($0.end - $0.start - 1) < 0.01 } && record.recognizer == "program")
    }

    /// A recording in which nothing can be heard is no mistake, and is said.
    @Test func silenceIsSaid() async throws {
        let machines = try machines(Talk.wav([Float](repeating: 0, count: 5 * Talk.rate)))
        let report = try await machines.build()
        #expect(
            report.outcome == .built && listened(machines) == 0
                && report.warnings.contains { $0.message.contains("recording.wav: it is silent") }, "\(report.warnings)")
        #expect(try record(machines).segments.isEmpty)
    }

    /// A service is no longer the first choice, another serves.
    @Test func aFallbackListensInItsPlace() async throws {
        let machines = try machines(Talk.wav(Talk.samples(seconds: 12, seed: 1)))
        try machines.providers("""
            a: { tool: transcribe, use: program, run: [sh, -c, "exit 3"], version: [sh, -c, "echo 1"], fallback: [b] }, \
            b: { tool: transcribe, use: program, run: [sh, -c, "echo hello from the other side."], version: [sh, -c, "echo 2"] }
            """)
        let report = try await machines.build()
        #expect(report.outcome == .built, "\(report.failures)")
        let record = try record(machines)
        #expect(
            record.segments.map(\.text) == ["hello from the other side."]
                && record.segments[0].words.allSatisfy { (0...12).contains($0.start) && $0.start < $0.end })
    }

    /// Known words get the times of what was heard of them, with who says them. A line that is changed is matched anew, and nobody listens
    /// again.
    @Test func knownWordsGetTheirTimes() async throws {
        let heard =
            "{\\\"text\\\":\\\"the nice coloured fish swims\\\",\\\"words\\\":[{\\\"word\\\":\\\"the\\\",\\\"start\\\":1,\\\"end\\\":2},{\\\"word\\\":\\\"nice\\\",\\\"start\\\":2,\\\"end\\\":3},{\\\"word\\\":\\\"coloured\\\",\\\"start\\\":3,\\\"end\\\":4},{\\\"word\\\":\\\"fish\\\",\\\"start\\\":6,\\\"end\\\":7},{\\\"word\\\":\\\"swims\\\",\\\"start\\\":7,\\\"end\\\":8}]}"
        let machines = try machines(
            Talk.wav(Talk.samples(seconds: 12, seed: 1)),
            stage: "transcript: { tool: transcribe, recording: recording, text: script, language: fr, deliver: true }",
            listen: "echo l >> ROOT/listened; printf '\(heard)'")
        try machines.pipeline(
            "recording: { source: recording.wav }", "script: { source: script.fountain }",
            "transcript: { tool: transcribe, recording: recording, text: script, language: fr, formats: [json, txt, vtt], deliver: true }")
        try machines.write("ANN\nThe ice-cold fish!\n\nBOB\nIt swims.\n", to: "w/show/ep/script.fountain")
        #expect(try await machines.build().outcome == .built)
        let first = try record(machines)
        #expect(first.segments.map(\.speaker) == ["Ann", "Bob"] && first.segments.map(\.text) == ["The ice-cold fish!", "It swims."])
        #expect(first.segments[0].words.map(\.start) == [1, 2, 6] && first.segments[0].end == 7 && first.segments[1].end == 8)
        // Of five words, two were heard otherwise and one not at all.
        #expect(first.errorRate.map { $0 > 0.3 && $0 < 0.7 } == true)
        #expect(machines.read("out/transcript.txt") == "Ann: The ice-cold fish!\n\nBob: It swims.\n")
        #expect(machines.read("out/transcript.vtt")?.contains("<v Bob>It swims.") == true)
        try machines.write("ANN\nThe ice-cold fish!\n\nBOB\nYes, it swims.\n", to: "w/show/ep/script.fountain")
        let happened = Happened()
        #expect(try await machines.build(BuildOptions(), happened).outcome == .built)
        #expect(executed(happened) == ["join", "match"] && listened(machines) == 1)
    }

    @Test(arguments: [
        ("transcript: { tool: transcribe, recording: recordng }", "\"recordng\" is none", "did you mean \"recording\"?"),
        ("transcript: { tool: transcribe }", "has no recording", "recording: STAGE"),
        ("transcript: { tool: transcribe, recording: recording, formats: [doc] }", "no form \"doc\"", "json"),
        ("transcript: { tool: transcribe, recording: recording, output: a.docx }", "is no form of a transcript", ".json"),
        ("transcript: { tool: transcribe, recording: recording, txt: recording }", "unknown key `txt`", "text"),
    ])
    func mistakesAreToldAtTheirPlaces(_ stage: String, _ message: String, _ remedy: String) async throws {
        let machines = try machines(Talk.wav(Talk.samples(seconds: 1, seed: 1)), stage: stage)
        let report = try await machines.build()
        let problem = report.failures.first?.problem
        #expect(
            report.exitStatus == .badInput && problem?.message.contains(message) == true && problem?.remedy?.contains(remedy) == true
                && problem?.location?.line == 3, "\(report.failures)")
    }
}
