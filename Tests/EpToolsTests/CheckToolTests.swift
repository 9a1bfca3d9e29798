import EpCore
import EpPlan
import Testing

@testable import EpTools

/// `tool: check`: what is measured, and what is wanted.
@Suite struct CheckToolTests {
    private static let made = "made: { tool: command, run: [x], outputs: [a.mp3, a.srt, a.jpg, a.timing.json, b.txt] }"
    private static let list = "list: { source: list.yaml }"
    private static let files = ["ep/list.yaml": "scenes: [{ id: one }, { name: two }, {}]\n", "ep/x.txt": "x"]

    private func steps(_ keys: String = "") throws -> [Step] {
        let planned = try PlannedEpisode(Self.list, Self.made, "check: { tool: check, from: [made]\(keys) }", files: Self.files)
        try planned.plan()
        return planned.steps("check")
    }

    @Test func oneStepMeasuresAndOneJudges() throws {
        let steps = try steps(", for: [apple, spotify]")
        #expect(
            steps.map(\.name) == ["measure", "judge"] && steps[0].labels == ["measure.sh", "media"]
                && steps[0].platform == ["ffmpeg": "ffmpeg 1"])
        let wanted = try Node(parsing: Array(try #require(steps[1].text("wanted.json")).utf8), file: "wanted.json").value
        #expect(wanted["for"]?.list?.compactMap(\.string) == ["apple", "spotify"] && wanted["media"] == .list([.int(0)]))
        #expect(steps[1].labels.filter { $0.hasPrefix("beside") } == ["beside/0", "beside/1"])
        #expect(!steps[1].labels.contains { $0.hasPrefix("timing/") })
    }

    /// What is wanted is no part of what is measured.
    @Test func otherWishesMeasureNothingAnew() throws {
        let (one, two) = (try steps(), try steps(", expect: { minimum_seconds: 3, scenes: list.scenes }"))
        #expect(one[0].inputs == two[0].inputs && one[0].operation == two[0].operation)
        #expect(two[1].text("wanted.json")?.contains("\"scenes\":[\"one\",\"two\",\"3\"]") == true, "\(two[1].text("wanted.json") ?? "")")
        #expect(two[1].labels.contains("timing/0"))
    }

    @Test(
        arguments: [
            ("for: [aple]", "`for` of stage \"check\" knows no \"aple\"", "did you mean \"apple\"?"),
            (
                "expect: { minimum_secs: 1 }", "`expect` of stage \"check\" has an unknown key `minimum_secs`",
                "did you mean \"minimum_seconds\"?"
            ),
            ("expect: { scenes: 1.5 }", "`scenes` of `expect` must be a number, or the list of a stage, not the number 1.5", nil),
            ("expect: { scenes: 1e300 }", "`scenes` of `expect` must be a number, or the list of a stage, not the number 1e300", nil),
            (
                "expect: { scenes: lst.scenes }",
                "`scenes` of `expect` must be a number, or the list of a stage, and there is no stage \"lst\"", "did you mean \"list\"?"
            ),
            ("expect: { scenes: list.scene }", "`scenes: list.scene`: there is no such list in list.yaml", nil),
            ("strict: maybe", "`strict` of stage \"check\" must be true or false, not the text \"maybe\"", nil),
        ] as [(String, String, String?)])
    func wishesThatAreNoneAreTold(keys: String, message: String, remedy: String?) throws {
        let found = problems { _ = try steps(", \(keys)") }
        #expect(
            found.map(\.message) == [message] && (remedy == nil || found.first?.remedy == remedy) && found.first?.location?.line == 4,
            "\(found)")
    }

    @Test func whatHasNoSoundIsNotChecked() {
        let found = PlannedEpisode.problems("text: { source: x.txt }", "check: { tool: check, from: [text] }", files: Self.files)
        #expect(found.map(\.message) == ["`from` of stage \"check\" has no sound and no film"] && found.first?.location?.line == 3)
    }

    /// A measurement that found nothing is judged as such, and ends nothing.
    @Test(arguments: ["", "{", "{\"streams\": [{\"codec_type\": \"audio\", \"sample_rate\": \"x\"}]}", "[]"])
    func emptyMeasurementsAreJudged(probe: String) async throws {
        let planned = try PlannedEpisode(Self.list, Self.made, "check: { tool: check, from: [made], for: [apple] }", files: Self.files)
        try await planned.build { step in
            Dictionary(uniqueKeysWithValues: step.outputs.map { ($0, Array(($0 == "probe.json" ? probe : "").utf8)) })
        }
        let results = try Node(parsing: Array(planned.text("check").utf8), file: "results.json").value
        #expect(results["state"]?.string == "failed" || results.json().contains("fail"), "\(results.json())")
        #expect(planned.files("check").map(\.name) == ["check_results.json"])
    }

    @Test func filesAreWhatTheirNamesSay() {
        let found = FinishedFiles(["A.MP3", "a.b.mp4", "a.srt", "noending", "x.mp3.txt", "x.jpeg", "x.timing.json"])
        #expect(found.media == [0, 1] && found.captions == [2] && found.covers == [5] && found.timings == [6])
    }
}
