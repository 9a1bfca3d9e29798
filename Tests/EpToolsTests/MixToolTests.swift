import EpCore
import EpPlan
import EpSound
import Testing

@testable import EpTools

/// `tool: mix`: what it takes, what its steps read, and what the measuring one does with odd sound.
@Suite struct MixToolTests {
    private static let stages =
        "script: { source: script.fountain }\nspoken: { tool: command, each: script.lines, run: [x], outputs: [line.wav] }"
    private static let fountain = "# One\n\nANN\nThe tide comes in.\n\nANN\nIt goes out.\n"
    private static let wav = Talk.wav(Talk.samples(seconds: 1, seed: 3))

    private func planned(_ keys: String = "", script: String = fountain, more: String = "") throws -> PlannedEpisode {
        try PlannedEpisode(
            Self.stages + (more.isEmpty ? "" : "\n\(more)"),
            "mix: { tool: mix, from: [script, spoken\(more.isEmpty ? "" : ", more")]\(keys) }",
            files: ["ep/script.fountain": script, "ep/more.fountain": script, "ep/bell.wav": "x"])
    }

    @Test func eachLineIsMeasuredAndThePartsFollow() async throws {
        let planned = try planned()
        try await planned.build { _ in ["line.wav": Self.wav] }
        #expect(planned.steps("mix").map(\.name) == ["measure 1", "measure 2", "loudness 1", "gain", "part 1"])
        #expect(planned.files("mix").map(\.name) == ["timeline.json", "000001.mp3", "000001.json"])
        #expect(planned.steps("mix")[0].labels == ["sound.wav"])
        let timeline = try Node(parsing: Array(planned.text("mix", "timeline.json").utf8), file: "timeline.json").value
        #expect((timeline["samples"]?.number ?? 0) > 2 * 44_100)
    }

    /// A line is measured wherever it stands, whoever says it.
    @Test func aMeasureReadsTheSoundAlone() async throws {
        let (one, two) = (
            try planned(), try planned(script: Self.fountain.replacing("# One", with: "# Two\n\nBEN\nAh.").replacing("ANN", with: "CLEO"))
        )
        for planned in [one, two] { try await planned.build { _ in ["line.wav": Self.wav] } }
        #expect(try one.inputs(of: one.steps("mix")[0]) == two.inputs(of: two.steps("mix")[0]))
        #expect(two.steps("mix").count { $0.name.hasPrefix("measure") } == 3)
    }

    @Test(arguments: [
        (", gap_seconds: 0.1", "`gap_seconds` of stage \"mix\" must be a number from 0.2 to 10, not the number 0.1"),
        (", bitrate_kbps: 64", "`bitrate_kbps` of stage \"mix\" must be one of"),
        (", loudness_lufs: -10", "`loudness_lufs` of stage \"mix\" must be a number from -30 to -14 LUFS"),
        (", room_tone_db: loud", "`room_tone_db` of stage \"mix\" must be a number"),
        (", ducking: 3", "stage \"mix\" has an unknown key `ducking`"),
    ])
    func settingsHaveTheirBounds(keys: String, message: String) throws {
        let problems = PlannedEpisode.problems(
            Self.stages, "mix: { tool: mix, from: [script, spoken]\(keys) }", files: ["ep/script.fountain": Self.fountain])
        #expect(problems.count == 1 && problems[0].message.hasPrefix(message) && problems[0].location?.line == 4, "\(problems)")
    }

    @Test(arguments: [
        ("more: { source: more.fountain }", "a mix has one script, and more is one too many", 5),
        ("more: { tool: command, each: script.lines, run: [x], outputs: [b.wav] }", "a mix has one speech, and more is one too many", 5),
        (
            "more: { tool: command, run: [x], outputs: [a/bell.wav, b/bell.wav] }",
            "a/bell.wav and b/bell.wav of more are both the sound \"a/bell\"", 5
        ),
    ])
    func whatAMixHasOnceIsToldAtItsPlace(more: String, message: String, line: Int) throws {
        let planned = try planned(more: more)
        let found = problems { try planned.plan() }
        #expect(more.contains("a/bell") ? found.isEmpty : found.map(\.message) == [message] && found[0].location?.line == line, "\(found)")
    }

    @Test func aMixNeedsASoundForEachLine() {
        let problems = PlannedEpisode.problems(
            "script: { source: script.fountain }", "mix: { tool: mix, from: [script] }", files: ["ep/script.fountain": Self.fountain])
        #expect(problems.map(\.message) == ["a mix needs a .fountain script, and a sound for each of its lines"])
        #expect(problems.first?.location?.line == 3 && problems.first?.remedy?.contains("SCRIPT.lines") == true)
    }

    @Test func aSoundThatIsNotThereIsToldInTheScript() throws {
        let planned = try planned(script: "# One\n\n[[SFX: dng]]\n\nANN\nThe tide.\n", more: "more: { tool: synth, names: [ding] }")
        let found = problems { try planned.plan() }
        #expect(found.map(\.message) == ["there is no effect \"dng\""] && found.first?.remedy == "did you mean \"ding\"?", "\(found)")
        #expect(found.first?.location == SourceLocation(file: "ep/script.fountain", line: 3, column: 1))
    }

    /// Sound that is none, or in which nothing is heard.
    enum Odd: CaseIterable {
        case silent, empty, cutOff, withoutSamples

        var bytes: [UInt8] {
            switch self {
            case .silent: PCM(sampleRate: 44_100, channels: [[Float](repeating: 0, count: 44_100)]).wav()
            case .empty: []
            case .cutOff: Array("RIFF".utf8)
            case .withoutSamples: PCM(sampleRate: 44_100, channels: [[]]).wav()
            }
        }
    }

    @Test(arguments: Odd.allCases) func soundThatIsNoneIsTold(odd: Odd) async throws {
        let planned = try planned()
        try planned.plan()
        for id in planned.planner.steps.indices where planned.planner.steps[id].tool == ToolName("command") {
            planned.memory.outputs[StepID(id)] = [Path("line.wav"): odd.bytes]
        }
        let step = try #require(try planned.plan().first { $0.name == "measure 1" })
        let problem = try await #require(throws: (any Error).self) { try await planned.run(step) }
        let diagnostic = (problem as? StepFailure)?.diagnostic ?? (problem as? Diagnostic)
        let named = "\(diagnostic?.location?.file ?? "") \(diagnostic?.message ?? "")"
        #expect(named.contains("line.wav") && diagnostic?.remedy != nil, "\(problem)")
    }
}
