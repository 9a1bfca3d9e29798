import EpCore
import EpPlan
import Testing

@testable import EpProviders

/// What may go wrong with a provider is said before it is asked.
@Suite struct ConcernTests {
    private func concerns(
        _ yaml: String, tool: String = "llm", _ scene: Scene = Scene(200, ""),
        keys: [String: String] = ["OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k"]
    ) throws -> [Diagnostic] {
        let text = "providers: { mine: { tool: \(tool), \(yaml) } }\n"
        let workspace = try Workspace(directory: "/w", Node(parsing: Array(text.utf8), file: "epbuild.yaml"))
        let provider = workspace.providers[0]
        return Vendors.shipped.concerns(about: Service(provider, of: provider.use), of: workspace, scene.services(keys))
    }

    @Test func whatIsInOrderIsNoConcern() throws {
        #expect(try concerns("use: openai, model: gpt-6-luna").isEmpty)
        #expect(try concerns("use: offline").isEmpty && concerns("use: espeak", tool: "tts").isEmpty)
    }

    @Test func aKeyThatIsMissing() throws {
        let found = try concerns("use: openai, model: gpt-6-luna", keys: [:])
        #expect(found.map(\.message) == ["mine is going to be asked, and OPENAI_API_KEY is not set"] && found.first?.severity == .warning)
        #expect(found.first?.location?.file == "epbuild.yaml")
    }

    /// At the vendor's own place, and near its end. Today is 2026-11-25.
    @Test(arguments: [
        ("use: openai, model: tts-1-hd", "2027-01-06"), ("use: openai, model: gpt-4o-mini-tts", "2027-01-06"),
        ("use: gemini, model: gemini-2.5-flash-preview-tts", "2026-12-18"),
        ("use: gemini, model: gemini-3.1-flash-tts", "2026-12-18"), ("use: gemini, model: gemini-3.8-flash-tts", nil),
        ("use: openai, model: tts-1, base_url: \"https://x.example/v1\"", nil),
    ])
    func aModelThatEnds(_ yaml: String, _ day: String?) throws {
        let found = try concerns(yaml, tool: "tts").filter { $0.message.contains("is shut down on") }
        #expect(found.count == (day == nil ? 0 : 1) && found.allSatisfy { $0.message.contains(day ?? "") })
    }

    @Test func aDayIsNearForFourMonths() {
        #expect(ShutdownTable.isNear("2027-02-26", today: "2026-11-25") && ShutdownTable.isNear("2026-12-01", today: "2027-01-01"))
        #expect(!ShutdownTable.isNear("2027-02-26", today: "2026-09-30"))
        #expect(
            ShutdownTable.day(of: "gpt-4o-mini-transcribe", ["openai"], at: .usual) == "2027-02-26"
                && ShutdownTable.day(of: "gpt-transcribe", ["openai"], at: .usual) == nil)
        #expect(
            ShutdownTable.day(of: "gpt-image-1-mini", ["openai"], at: .usual) == "2026-12-01"
                && ShutdownTable.day(of: "whisper-1", ["openai"], at: .elsewhere) == nil)
    }

    @Test func aServiceThatIsLeftAlone() async throws {
        let scene = Scene(503, ""), services = scene.services()
        let configuration = try Scene.provider(
            "use: openai, model: m, attempts: 5, base_url: \"https://x.example/v1\", base_delay_seconds: 0")
        let model = OpenAIModel()
        let question = ModelQuestion("Hi.", settings: model.settings(of: configuration, nil))
        _ = try? await model.answer(question, Serving(configuration, services, call: nil, door: scene, isPatient: true))
        let text = "providers: { mine: { tool: llm, use: openai, model: m, base_url: \"https://x.example/v1\" } }\n"
        let workspace = try Workspace(directory: "/w", Node(parsing: Array(text.utf8), file: "epbuild.yaml"))
        let found = Vendors.shipped.concerns(about: Service(workspace.providers[0], of: "openai"), of: workspace, services)
        #expect(found.map(\.message) == ["mine has failed again and again, and is left alone for 60 s more"])
    }
}
