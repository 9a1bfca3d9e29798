import EpTesting
import FoundationEssentials
import Glibc
import Testing

/// Keys and secrets are in nothing that a build leaves behind, and in no process that it starts.
@Suite struct SecretsTests {
    private static let secret = "whsec_" + Data((0..<32).map { UInt8($0 + 65) }).base64EncodedString()

    private static func show(_ model: ScriptedModel, _ receiver: ScriptedServer) throws -> SmallShow {
        try SmallShow([
            "epbuild.yaml": """
            providers:
              writer: { tool: llm, use: openai, model: m, base_url: "\(model.url)", api_key_env: WRITER_KEY, base_delay_seconds: 0.01 }
            prices: { openai: { m: { in: 100, out: 100 } } }
            webhooks:
              - { url: "http://127.0.0.1:\(receiver.port)/hook", secret_env: HOOK_SECRET, events: [build_started, build_completed, build_failed, action_failed] }

            """,
            "show/p.md": "Tell of {{ item }}.", "show/ep/things.yaml": "all: [thing 1, thing 2]\n",
            "show/pipeline.yaml": """
            stages:
              things: { source: things.yaml }
              say: { tool: llm, prompt: p.md, each: things.all, output: say.txt, deliver: true }
              held: { tool: command, run: [sh, -c, "while read it; do :; done < \\"$0\\"; env > out.txt", \(Self.pipe)], outputs: [out.txt], deliver: true }

            """,
        ])
    }

    /// Replaced by the path of a pipe that holds the program up.
    private static let pipe = "PIPE"

    /// What all of a machine holds, and what was said: neither the key nor the secret, as it is or as bytes.
    private func expectNoSecret(_ machine: Machine, _ said: [String], besides file: String? = nil) async throws {
        let bare = String(Self.secret.dropFirst("whsec_".count))
        for text in [ScriptedModel.key, bare] {
            #expect(said.allSatisfy { !$0.contains(text) })
            let found = try await Program.run(["grep", "-rlaF", text, machine.directory], in: "/", environment: machine.environment())
            #expect(found.output.split(separator: "\n").filter { $0 != file ?? "" } == [], "\(found)")
        }
    }

    /// Processes that a process has started, and those that these have.
    private static func descendants(of process: String) -> [String] {
        let parents = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { Int($0) != nil }.map { number in
            let status = (try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)) ?? ""
            // Its name, in brackets, may hold anything.
            let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
            return (number, parent: fields.count > 1 ? String(fields[1]) : "")
        }
        var (found, next) = ([String](), [process])
        while let parent = next.popLast() {
            let children = parents.filter { $0.parent == parent }.map(\.0)
            found += children
            next += children
        }
        return found
    }

    /// By the environment or by `.env`: with a failure on the way, everything that writes switched on, and a program that is looked at
    /// while it runs.
    @Test(arguments: [false, true]) func nothingThatABuildLeavesHasThem(_ isInFile: Bool) async throws {
        let model = try ScriptedModel { text, before in
            guard before == 0 else { return nil }
            return text.contains("thing 1") ? ScriptedModel.error(503, "busy") : ScriptedModel.error(401, "invalid_api_key")
        }
        let receiver = try ScriptedServer { _ in ScriptedServer.response(500) }
        defer { receiver.stop() }
        let show = try Self.show(model, receiver), machine = show.machine
        let pipe = "\(machine.directory)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        try machine.replace(Self.pipe, with: "\"\(pipe)\"", in: "show/pipeline.yaml")
        var keyed = ["WRITER_KEY": ScriptedModel.key, "HOOK_SECRET": Self.secret]
        if isInFile {
            try show.write("WRITER_KEY=\(ScriptedModel.key)\nHOOK_SECRET=\(Self.secret)\n", to: ".env")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(machine.workspace)/.env")
            keyed = [:]
        }
        let file = isInFile ? "\(machine.workspace)/.env" : nil
        let begin =
            "'\(Program.epbuild)' build \(SmallShow.episode) -k -v --events e.jsonl --trace t.json --record said & echo $! > pid; wait $!"
        async let running = Program.run(["sh", "-c", begin], in: machine.workspace, environment: machine.environment(keyed))
        // The program is there, and waits for somebody to write.
        var writer: Int32 = -1
        #expect(try await Patience.wait {
            writer = open(pipe, O_WRONLY | O_NONBLOCK)
            return writer >= 0
        })
        let process = try machine.text("pid").filter(\.isNumber)
        let children = Self.descendants(of: process)
        #expect(!children.isEmpty)
        for child in children {
            for name in ["environ", "cmdline"] {
                let text = (try? String(decoding: Data(contentsOf: URL(filePath: "/proc/\(child)/\(name)")), as: UTF8.self)) ?? ""
                #expect(!text.contains(ScriptedModel.key) && !text.contains(Self.secret), "\(name) of \(child)")
            }
        }
        close(writer)
        let outcome = try await running
        #expect(outcome.status == 69 && !receiver.requests.isEmpty, "\(outcome)")
        #expect(!machine.files(below: "\(machine.workspace)/.epbuild/webhooks").isEmpty)
        try await expectNoSecret(machine, [outcome.output, outcome.errors], besides: file)
        var said: [String] = []
        for words in [
            ["build", SmallShow.episode, "--retry-failed", "--events", "f.jsonl", "--trace", "t.otlp.json"], ["log", "."],
            ["log", ".", "--stats", "--json"], ["cost", ".", "--json"], ["doctor", ".", "--json"], ["providers", "."],
        ] {
            let outcome = try await Program.run([Program.epbuild] + words, in: machine.workspace, environment: machine.environment(keyed))
            said += [outcome.output, outcome.errors]
        }
        try await expectNoSecret(machine, said, besides: file)
    }
}
