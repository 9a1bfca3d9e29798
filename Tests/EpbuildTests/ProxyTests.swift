import EpTesting
import Testing

/// Services beyond a proxy.
@Suite struct ProxyTests {
    private func build(_ proxy: ScriptedServer, _ setting: String) async throws -> Program.Outcome {
        let show = try SmallShow([
            "epbuild.yaml":
                "providers:\n  far: { tool: llm, use: openai, model: m, base_url: \"http://far.example/v1\", attempts: 1, timeout_seconds: 5\(setting) }\n",
            "show/p.md": "Tell of bees.",
            "show/pipeline.yaml": "stages:\n  say: { tool: llm, prompt: p.md, output: say.txt, deliver: true }\n",
        ])
        let environment = show.machine.environment(["http_proxy": "http://127.0.0.1:\(proxy.port)"])
        return try await Program.run([Program.epbuild, "build", SmallShow.episode], in: show.machine.workspace, environment: environment)
    }

    @Test func itIsUsedWhereAProviderSaysSo() async throws {
        let answer = #"{"choices":[{"message":{"content":"Bees fly."},"finish_reason":"stop"}]}"#
        let proxy = try ScriptedServer { _ in ScriptedServer.response(200, Array(answer.utf8)) }
        defer { proxy.stop() }
        #expect(try await build(proxy, "").status == 1, "nobody knows that name")
        #expect(proxy.requests.isEmpty)
        let outcome = try await build(proxy, ", proxy: environment")
        #expect(outcome.status == 0 && proxy.requests.map(\.path) == ["http://far.example/v1/chat/completions"], "\(outcome)")
        let wrong = try await build(proxy, ", proxy: all")
        #expect(wrong.status == 65 && wrong.errors.contains("`proxy` of provider \"far\" is \"all\""), "\(wrong)")
    }
}
