import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: tts` and `tool: transcribe`: what of a line is spoken by whom, and what the stages may say.
@Suite struct SpeechToolTests {
    private static let script = "script: { source: s.fountain }\nspoken: { tool: tts, each: script.lines }"
    private static let show =
        "{ title: S, language: en, characters: [{ name: ANN, voice: { provider: v } }, { name: BEN, voice: { provider: v } }] }"
    private static let workspace = "providers:\n  v: { tool: tts, use: program, run: [say, line.txt], version: [say, --version] }"

    private func steps(_ fountain: String, show: String = show) throws -> [Step] {
        let planned = try PlannedEpisode(Self.script, show: show, workspace: Self.workspace, files: ["ep/s.fountain": fountain])
        return try planned.plan()
    }

    /// Neither the name nor the place of a line is in its address.
    @Test func aLineIsItsTextAndItsVoice() throws {
        let (one, two) = (try steps("ANN\nHello there.\n"), try steps("# X\n\nBEN\nBefore.\n\nBEN\nHello there.\n"))
        #expect(one.count == 1 && two.count == 2 && one[0].text("line.txt") == "Hello there.")
        #expect(one[0].inputs == two[1].inputs && one[0].operation == two[1].operation && one[0].platform == two[1].platform)
        #expect(two[0].inputs != two[1].inputs)
    }

    @Test(arguments: [
        ("ANE\nHello.\n", "ANE", "ANN"), ("ANN\n…\n", "nothing in this line of ANN can be spoken", "write it in words"),
    ])
    func aLineThatNobodyCanSayIsToldAtItsPlace(fountain: String, message: String, remedy: String) throws {
        let found = problems { _ = try steps(fountain) }
        let problem = try #require(found.first, "nothing was found")
        #expect(found.count == 1 && problem.message.contains(message) && problem.remedy?.contains(remedy) == true, "\(found)")
        #expect(problem.location?.file == "ep/s.fountain", "\(problem)")
    }

    @Test(arguments: [
        ("[{ speaker: ANN, text: 7 }]", "what is spoken needs a `speaker` and a `text`, and both are texts"),
        ("[{ title: x }]", "stage \"spoken\" speaks lines, but its elements have no `speaker` and `text`"),
    ])
    func elementsThatAreNoLinesAreTold(list: String, message: String) throws {
        let found = PlannedEpisode.problems(
            "list: { source: l.yaml }", "spoken: { tool: tts, each: list.lines }", show: Self.show, workspace: Self.workspace,
            files: ["ep/l.yaml": "lines: \(list)\n"])
        #expect(found.map(\.message) == [message] && found.first?.location != nil, "\(found)")
    }

    @Test func aSilentSceneIsSilence() async throws {
        let planned = try PlannedEpisode(
            "list: { source: l.yaml }", "spoken: { tool: tts, each: list.scenes }", show: Self.show.replacing("name: ANN", with: "name: ANN, role: narrator"), workspace: Self.workspace,
            files: ["ep/l.yaml": "scenes: [{ id: a, narration: \"\", minimum_seconds: 2 }]\n"])
        let step = try #require(try planned.plan().first)
        #expect(step.labels == ["seconds.json"])
        let made = try await planned.run(step).files
        #expect(made[Path("line.wav")]?.count == 44 + 2 * 22_050 * 2 || made[Path("line.wav")]?.count ?? 0 > 2 * 22_050)
    }

    // MARK: transcribe

    @Test(arguments: [
        ("formats: [srt, vt]", "a transcript has no form \"vt\"", "did you mean \"vtt\"?"),
        ("output: said.doc", "`output` of stage \"heard\" is no form of a transcript", "let it end in .json, .txt, .srt, .vtt"),
        ("language: 7", "`language` of stage \"heard\" must be a text, not the number 7", "quote it: \"7\""),
        ("recording: talks", "`recording` of stage \"heard\" must name a stage, and \"talks\" is none", "did you mean \"talk\"?"),
    ])
    func settingsOfTranscriptsAreChecked(keys: String, message: String, remedy: String) throws {
        let recording = keys.hasPrefix("recording") ? "" : ", recording: talk"
        let found = PlannedEpisode.problems(
            "talk: { source: t.wav }", "heard: { tool: transcribe\(recording), \(keys) }", files: ["ep/t.wav": "x"])
        let problem = try #require(found.first, "nothing was found")
        #expect(problem.message.contains(message) && problem.remedy == remedy && problem.location?.line == 3, "\(found)")
    }
}
