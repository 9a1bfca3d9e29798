import EpCore
import EpPlan
import Testing

@testable import EpEngine
@testable import EpProviders

/// A list of voices: the first whose program is here speaks, each with settings of its own.
@Suite struct VoiceListTests {
    private static let late = "test-late-program"
    private static let list = "[{ provider: one, mood: calm, voice: best }, { provider: two, voice: good }]"

    private func machines(first program: String, _ voice: String = Self.list, providers: String? = nil) throws -> TwoMachines {
        let voices = [
            WritingVoice("one", program, usual: "usual1", known: ["best"]),
            WritingVoice("two", "install", usual: "usual2", known: ["good"]),
        ]
        let machines = try TwoMachines(models: [], voices: voices)
        try machines.providers(providers ?? "first: { tool: tts, use: one }")
        try machines.write(show(voice), to: "w/show/show.yaml")
        try machines.write("ANN\nHello there.\n", to: "w/show/ep/script.fountain")
        try machines.pipeline("script: { source: script.fountain }", "speech: { tool: tts, each: script.lines, deliver: true }")
        return machines
    }

    private func show(_ voice: String) -> String { "title: S\ncharacters:\n- name: ANN\n  voice: \(voice)\n" }

    private func spoken(_ machines: TwoMachines) async throws -> [String] {
        try await machines.builder().inspect(machines.place()).actions(of: Target(parsing: "speech")).map { action in
            if case .program(let arguments, _) = action.operation { arguments[3] } else { "" }
        }
    }

    /// It is told, is no failure, and the line is the very one that the voice speaks for a character that has no other.
    @Test func aProgramThatIsNotHereIsPassedOver() async throws {
        let machines = try machines(first: Self.late)
        let happened = Happened()
        let report = try await machines.build(BuildOptions(), happened)
        #expect(report.outcome == .built && report.failures.isEmpty && happened.fallbacks.isEmpty, "\(report.failures)")
        #expect(try await spoken(machines) == ["--suffix=good"])
        let told = try #require(report.fallbacks.first)
        #expect(told.asked == "one" && told.actions == 1 && told.remedy == "apt-get install \(Self.late)")
        #expect(try await machines.build().fallbacks == report.fallbacks)
        #expect(try await machines.builder().overview(machines.place(), warn: { _ in }).fallbacks == report.fallbacks)
        try machines.write(show("{ provider: two, voice: good }"), to: "w/show/show.yaml")
        let alone = try await machines.build()
        #expect(alone.actions.executed == 0 && alone.fallbacks.isEmpty)
    }

    /// As soon as it is here it speaks, though no file of the person has changed; and if it goes, the other has spoken already.
    @Test func whoIsInstalledSpeaks() async throws {
        let machines = try machines(first: Self.late)
        #expect(try await machines.build().outcome == .built)
        #expect(try await machines.build().outcome == .upToDate)
        try machines.install(Self.late, like: "/usr/bin/install")
        let report = try await machines.build()
        #expect(report.actions.executed == 1 && report.fallbacks.isEmpty)
        #expect(try await spoken(machines) == ["--suffix=best"])
        try machines.uninstall(Self.late)
        let without = try await machines.build()
        #expect(without.actions.executed == 0 && without.fallbacks.map(\.asked) == ["one"])
        #expect(try await spoken(machines) == ["--suffix=good"])
    }

    /// Who fails while it speaks is another matter: the next of the list serves with its own voice, and that stays on record.
    @Test func whoFailsIsFollowedByTheNextOfTheList() async throws {
        let machines = try machines(first: Self.late)
        try machines.install(Self.late, like: "/usr/bin/install")
        try machines.write(show("[{ provider: one, voice: \"best\" }, { provider: two, voice: good }]"), to: "w/show/show.yaml")
        let failing = WritingVoice("one", "cat", usual: "usual1", known: ["best"])
        let voices = [failing, WritingVoice("two", "install", usual: "usual2", known: ["good"])]
        let others = try TwoMachines(models: [], voices: voices, at: machines.path)
        let happened = Happened()
        let report = try await others.build(BuildOptions(), happened)
        #expect(report.outcome == .built && happened.fallbacks.map(\.next) == ["two"], "\(report.failures)")
        #expect(try await spoken(others) == ["--suffix=good"])
        #expect(report.fallbacks.map(\.remedy) == [nil])
    }

    /// The last is needed: it is named, with what brings it.
    @Test func whereNobodyIsHereTheLastIsNamed() async throws {
        let voices = "[{ provider: one }, { provider: three }]"
        let machines = try machines(first: Self.late, voices, providers: "three: { tool: tts, use: one }")
        let report = try await machines.build()
        #expect(report.exitStatus == .unavailable)
        #expect(report.failures.map(\.diagnostic.message) == ["the program \(Self.late) is missing"])
    }

    @Test(arguments: [
        ("[]", 4, "the list of voices of ANN is empty"), ("[{ provider: two }, { provider: two, moood: calm }]", 4, "unknown key `moood`"),
        ("[{ provider: two }, two]", 4, "the voice of ANN"), ("[{ provider: two }, { provider: twoo }]", 4, "no kind of voice \"twoo\""),
        ("[{ provider: two, voice: bad }, { provider: one }]", 4, "has no voice \"bad\""),
    ])
    func mistakesAreToldAtTheirPlaces(_ voice: String, _ line: Int, _ words: String) async throws {
        let machines = try machines(first: "install", voice)
        do {
            let found = try await machines.build().failures.map(\.diagnostic)
            #expect(found.contains { $0.message.contains(words) && $0.location?.line == line }, "\(found)")
        } catch {
            let problems = [Diagnostic](describing: error)
            #expect(problems.contains { $0.message.contains(words) && $0.location?.line == line }, "\(problems)")
        }
    }
}
