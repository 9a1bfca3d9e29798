import EpTesting
import FoundationEssentials
import Testing

/// What an up-to-date build of a show with services leaves alone.
@Suite struct UpToDateServicesTests {
    /// It opens no socket, reads no file of keys, and does not even load what asks: told by the kernel.
    @Test func itOpensNoSocketAndReadsNoKey() async throws {
        let model = try ScriptedModel()
        let show = try SmallShow([
            "epbuild.yaml": """
            providers: { writer: { tool: llm, use: openai, model: m, base_url: "\(model.url)", api_key_env: WRITER_KEY } }
            webhooks: [{ url: "\(model.url)/hook", secret_env: HOOK_SECRET }]

            """,
            "show/p.md": "Tell of {{ item }}.", "show/ep/things.yaml": "all: [bees, ants]\n",
            "show/pipeline.yaml":
                "stages:\n  things: { source: things.yaml }\n  say: { tool: llm, prompt: p.md, each: things.all, output: say.txt, deliver: true }\n",
            ".env": "WRITER_KEY=\(ScriptedModel.key)\nHOOK_SECRET=whsec_\(Data((0..<32).map { UInt8($0) }).base64EncodedString())\n",
        ])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(show.machine.workspace)/.env")
        let trace = ["strace", "-f", "-qq", "-e", "trace=socket,connect,open,openat,openat2", "-o", "\(show.machine.directory)/calls"]
        func calls(_ words: String...) async throws -> (outcome: Program.Outcome, text: String) {
            let outcome = try await Program.run(
                trace + [Program.epbuild] + words, in: show.machine.workspace, environment: show.machine.environment())
            return (outcome, (try? String(contentsOfFile: "\(show.machine.directory)/calls", encoding: .utf8)) ?? "")
        }
        let first: (outcome: Program.Outcome, text: String)
        do { first = try await calls("build", SmallShow.episode) } catch {
            print("skipped: there is no strace")
            return
        }
        guard !first.outcome.errors.contains("ptrace") else {
            print("skipped: nobody may look at system calls here: \(first.outcome.errors.prefix(200))")
            return
        }
        #expect(
            first.outcome.status == 0 && first.text.contains("AF_INET") && first.text.contains("/.env\"") && first.text.contains("libcurl"),
            "\(first.outcome)")
        let asked = model.total
        for words in [["build", SmallShow.episode], ["build", "."], ["plan", SmallShow.episode], ["status", SmallShow.episode]] {
            let outcome = try await Program.run(
                trace + [Program.epbuild] + words, in: show.machine.workspace, environment: show.machine.environment())
            let text = try String(contentsOfFile: "\(show.machine.directory)/calls", encoding: .utf8)
            #expect(outcome.status == 0 && text.contains("openat"), "\(outcome)")
            for word in ["socket(", "connect(", "/.env\"", "libcurl"] { #expect(!text.contains(word), "\(words): \(word)") }
        }
        #expect(model.total == asked && model.counts["Tell of bees."] == 1)
    }
}
