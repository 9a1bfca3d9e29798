import EpCore
import EpPlan
import FoundationEssentials
import Testing

/// `epbuild check --heard`: what was spoken is listened to when a person asks for that, once for each sound.
@Suite struct HeardLineTests {
    private static let script = "Title: Hello\n\nADA\nThe quick brown fox jumps over Charon.\n\nADA\nGood morning, everybody.\n"

    /// Who listens hears what stands in a file, and counts how often it was asked.
    private func show(hearing heard: String, isHeard: Bool = true) throws -> SmallShow {
        let show = try SmallShow()
        let listen = "echo l >> \(show.machine.directory)/listened; cat \(show.machine.directory)/heard"
        let ears = "ears: { tool: transcribe, use: program, run: [sh, -c, \"\(listen)\"], version: [sh, -c, \"echo ears 1\"] }"
        let voices = "voices: { tool: tts, use: espeak }"
        try show.write("providers: { \(isHeard ? "\(ears), " : "")\(voices) }\n", to: "epbuild.yaml")
        try show.write("title: T\nlanguage: en-GB\ncharacters: [{ name: Ada }]\nlexicon: { Charon: Kyron }\n", to: "show/show.yaml")
        try show.write(
            "stages:\n  script: { source: script.fountain }\n  speech: { tool: tts, each: script.lines, deliver: true }\n",
            to: "show/pipeline.yaml")
        try show.write(Self.script, to: "show/ep/script.fountain")
        try hear(heard, show)
        return show
    }

    private func hear(_ heard: String, _ show: SmallShow) throws {
        try Data(heard.utf8).write(to: URL(filePath: "\(show.machine.directory)/heard"))
    }

    /// The findings about what was heard, and how often somebody has listened so far.
    private func check(
        _ show: SmallShow, path: String? = nil
    ) async throws -> (findings: [Value], listened: Int, outcome: Program.Outcome) {
        let environment = show.machine.environment(path.map { ["PATH": $0] } ?? [:])
        let outcome = try await Program.run(
            [Program.epbuild, "check", SmallShow.episode, "--heard", "--json"], in: show.machine.workspace, environment: environment)
        let objects = try outcome.output.split(separator: "\n").map { try Node(parsing: Array($0.utf8), file: "check.json").value }
        let all = objects.flatMap { $0["findings"]?.list ?? [] }.filter { $0["platform"]?.string == "heard" }
        let listened = (try? Data(contentsOf: URL(filePath: "\(show.machine.directory)/listened")))?.count ?? 0
        return (all, listened / 2, outcome)
    }

    @Test func whatIsMisheardIsNamedWithItsPlace() async throws {
        let show = try show(hearing: "the quick brown fox jumps over Kyron")
        try await show.build().expect(.built)
        let first = try await check(show)
        #expect(first.findings.compactMap { $0["result"]?.string } == ["pass", "fail"] && first.listened == 2, "\(first.outcome)")
        let wrong = try #require(first.findings.last)
        #expect(wrong["place"]?.string == "script.fountain:6" && wrong["rule"]?.string == "speech/2 ADA")
        #expect(wrong["wanted"]?.string == "\"Good morning, everybody.\"")
        #expect(wrong["remedy"]?.string == "listen to it: epbuild play show/ep script.fountain:6")
        #expect(first.outcome.status == 1 && first.outcome.errors.contains("ears listens to 2 lines"), "\(first.outcome)")

        // What was heard in a sound is known; of an edited line it is known that it must be spoken first.
        try hear("nothing", show)
        let second = try await check(show)
        #expect(second.listened == 2 && second.findings == first.findings)
        try show.write(Self.script.replacing("quick", with: "slow"), to: "show/ep/script.fountain")
        let stale = try await check(show)
        #expect(stale.listened == 2 && stale.findings.compactMap { $0["result"]?.string } == ["fail", "note"], "\(stale.outcome)")
        #expect(stale.findings.last?["measured"]?.string?.contains("1 of 2") == true)
    }

    /// Where nobody can listen, that is said, and it is nothing that an episode is refused for.
    @Test func whereNobodyListensNothingFails() async throws {
        let show = try show(hearing: "", isHeard: false)
        try await show.build().expect(.built)
        let programs = "\(show.machine.directory)/programs"
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: "/usr/bin") where !name.hasPrefix("pocketsphinx") {
            try FileManager.default.createSymbolicLink(atPath: "\(programs)/\(name)", withDestinationPath: "/usr/bin/\(name)")
        }
        let found = try await check(show, path: programs)
        #expect(found.findings.compactMap { $0["result"]?.string } == ["note"], "\(found.outcome)")
        #expect(found.findings.first?["measured"]?.string == "not done: nobody on this machine can listen")
        #expect(found.findings.first?["remedy"]?.string?.contains("epbuild providers install whisper") == true)
    }
}
