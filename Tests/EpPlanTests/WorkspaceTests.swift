import EpCore
import Testing

@testable import EpPlan

/// Every provider of `epbuild.yaml` is checked, whether a stage uses it or not.
@Suite struct WorkspaceTests {
    private static let kinds = [
        "llm": [ProviderKind(["offline"]) { _ in }, ProviderKind(["remote"]) { _ = $0.text("model") }],
        "tts": [ProviderKind(["espeak"]) { _ in }],
    ]

    private func check(_ text: String) -> [Diagnostic] {
        problems {
            try Workspace(directory: "/w", yaml(text, file: "epbuild.yaml")).check(
                providerKinds: Self.kinds, tools: [ToolName("command"), ToolName("video")])
        }
    }

    @Test func whatIsRightIsTaken() {
        #expect(check("providers:\n  a: { tool: llm, use: remote, model: m }\n  b: { tool: tts, use: espeak }\n").isEmpty)
        #expect(check("limits: { jobs: 2 }\n").isEmpty)
    }

    @Test(arguments: [
        (
            "{ tool: ttts, use: espeak }", "3:14", "provider \"x\" serves \"ttts\", which is no tool that has providers",
            "did you mean \"tts\"?"
        ),
        ("{ tool: mix, use: espeak }", "3:14", "provider \"x\" serves \"mix\", which is no tool that has providers", "known: llm, tts"),
        (
            "{ tool: tts, use: nonsense }", "3:24", "provider \"x\" uses \"nonsense\", which is no kind of tts provider here",
            "known: espeak"
        ),
        (
            "{ tool: tts, use: espaek }", "3:24", "provider \"x\" uses \"espaek\", which is no kind of tts provider here",
            "did you mean \"espeak\"?"
        ),
        ("{ tool: llm, use: remote, modle: m }", "3:32", "provider \"x\" has an unknown key `modle`", "did you mean \"model\"?"),
        (
            "{ tool: tts, use: espeak, model: m }", "3:32", "provider \"x\" has an unknown key `model`",
            "known: tool, use, limit, fallback, api_key_env"
        ),
    ])
    func aMistakeIsSaid(_ provider: String, _ place: String, _ message: String, _ remedy: String) {
        let found = check("providers:\n  good: { tool: tts, use: espeak }\n  x: \(provider)\n")
        #expect(found.map(\.message) == [message] && found.first?.remedy == remedy)
        #expect(found.first?.location?.description == "epbuild.yaml:\(place)")
    }

    @Test func allMistakesAreSaidAtOnce() {
        #expect(check("providers:\n  a: { tool: tts, use: espeak, x: 1, y: 2 }\n  b: { tool: t, use: u }\n").count == 3)
    }
}
