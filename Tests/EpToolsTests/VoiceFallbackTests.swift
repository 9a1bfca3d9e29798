import EpCore
import EpPlan
import Testing

@testable import EpEngine
@testable import EpProviders

@Suite struct VoiceFallbackTests {
    private static let gone = "epbuild-test-no-such-program"

    private func machines(_ voices: [WritingVoice], voice: String) throws -> TwoMachines {
        let machines = try TwoMachines(models: [], voices: voices)
        try machines.providers("first: { tool: tts, use: one, fallback: [second] }, second: { tool: tts, use: two }")
        try machines.write("title: S\ncharacters:\n- { name: ANN, voice: \(voice) }\n", to: "w/show/show.yaml")
        try machines.write("ANN\nHello there.\n", to: "w/show/ep/script.fountain")
        try machines.pipeline("script: { source: script.fountain }", "speech: { tool: tts, each: script.lines, deliver: true }")
        return machines
    }

    private func spoken(_ machines: TwoMachines) async throws -> [[String]] {
        try await machines.builder().inspect(machines.place()).actions(of: Target(parsing: "speech")).map { action in
            if case .program(let arguments, _) = action.operation { arguments } else { [] }
        }
    }

    /// The voice that the character names is used only where it is known, and keys that only the first knows are not sent.
    @Test(arguments: [("{ mood: calm }", "usual2"), ("{ voice: only1 }", "usual2"), ("{ voice: both }", "both")])
    func aMissingProgramFailsNothingWhereAnotherSpeaks(_ voice: String, _ expected: String) async throws {
        let voices = [
            WritingVoice("one", Self.gone, usual: "usual1", known: ["only1", "both"]),
            WritingVoice("two", "install", usual: "usual2", known: ["both"]),
        ]
        let machines = try machines(voices, voice: voice)
        let happened = Happened()
        let report = try await machines.build(BuildOptions(), happened)
        #expect(report.outcome == .built && report.failures.isEmpty, "\(report.failures)")
        #expect(
            happened.fallbacks.map { "\($0.asked) \($0.next)" } == ["first second"]
                && happened.fallbacks.first?.problem.code == .unavailable)
        #expect(try await spoken(machines).map { $0[3] } == ["--suffix=\(expected)"])
        #expect(try await machines.build().outcome == .upToDate)
        try machines.forget()
        #expect(try await machines.build().actions.cacheHits == 1)
    }

    @Test func withoutAnotherAMissingProgramEndsTheBuild() async throws {
        let machines = try machines(
            [WritingVoice("one", Self.gone, usual: "usual1"), WritingVoice("two", Self.gone + "-either", usual: "usual2")], voice: "{}")
        let both = try await machines.build()
        #expect(both.exitStatus == .unavailable)
        #expect(both.failures.map(\.diagnostic.message) == [
            "speech/1: the program \(Self.gone) is missing; then second failed, too: the program \(Self.gone)-either is missing",
        ])
        try machines.providers("first: { tool: tts, use: one }")
        let alone = try await machines.build()
        #expect(alone.exitStatus == .unavailable && alone.failures.map(\.diagnostic.message) == ["the program \(Self.gone) is missing"])
    }

    /// Nobody asks for the versions of programs that are not needed: one that is not there disturbs nobody.
    @Test func whoIsNotNeededIsNotAskedFor() async throws {
        let machines = try machines(
            [WritingVoice("one", "install", usual: "usual1"), WritingVoice("two", Self.gone, usual: "usual2")], voice: "{}")
        let happened = Happened()
        let report = try await machines.build(BuildOptions(), happened)
        #expect(report.outcome == .built && happened.fallbacks.isEmpty, "\(report.failures)")
    }
}
