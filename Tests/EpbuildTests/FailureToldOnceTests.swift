import EpCore
import EpPlan
import EpTesting
import Testing

/// One line of a script fails: whoever reads of it reads the same, once.
@Suite struct FailureToldOnceTests {
    private static let pipeline = """
        stages:
          lines: { source: list.txt }
          spoken: { tool: command, each: lines.lines, run: [sh, -c, "grep -v bad in.txt > out.txt || { echo no such luck >&2; exit 3; }"], inputs: { in.txt: item }, outputs: [out.txt] }

        """
    private static let words = "spoken/2: sh failed with status 3:\n  no such luck"
    private static let secret = ["HOOK_SECRET": "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcyAuLi4="]

    private func value(_ text: some StringProtocol) throws -> Value { try Node(parsing: Array(text.utf8), file: "it").value }

    /// - Returns: how often something is said.
    private func count(_ words: String, in text: String) -> Int { text.ranges(of: words).count }

    private func isIt(_ failure: Value?) -> Bool {
        failure?["target"] == "spoken/2" && failure?["file"] == "show/ep/list.txt" && failure?["line"] == 2
            && failure?["message"]?.string == Self.words
    }

    @Test func onATerminalAndInEachRecordOfIt() async throws {
        let receiver = try ScriptedServer { _ in ScriptedServer.response(204) }
        defer { receiver.stop() }
        let show = try SmallShow([
            "epbuild.yaml":
                "webhooks:\n  - { url: \"http://127.0.0.1:\(receiver.port)/hook\", secret_env: HOOK_SECRET, events: [build_failed] }\n",
            "show/pipeline.yaml": Self.pipeline, "show/ep/list.txt": "one\nbad\nthree\n",
        ])
        let (machine, environment) = (show.machine, show.machine.environment(Self.secret))
        func run(_ words: String...) async throws -> Program.Outcome {
            try await Program.run([Program.epbuild] + words, in: machine.workspace, environment: environment)
        }
        let shown = try await run("build", SmallShow.episode)
        #expect(shown.status == 1)
        #expect(count("show/ep/list.txt:2: error: \(Self.words)\n", in: shown.errors) == 1, "\(shown.errors)")
        #expect(count("no such luck", in: shown.output + shown.errors) == 1, "\(shown)")

        let logFile = try #require(machine.files(below: "\(machine.workspace)/.epbuild/events").first)
        let events = try machine.text(".epbuild/events/\(logFile)").split(separator: "\n").map(value)
        let failed = events.filter { $0["event"] == "action_failed" }
        #expect(failed.count == 1 && isIt(failed.first?["error"]) && failed.first?["target"] == "spoken/2", "\(events)")

        let log = try await run("log", SmallShow.episode, "--json")
        let logged = try value(log.output)["failures"]?.list ?? []
        #expect(logged.count == 1 && isIt(logged.first), "\(log.output)")

        let request = try #require(receiver.requests.first)
        let body = String(decoding: request.body, as: UTF8.self)
        let sent = try value(body)["data"]?["report"]?["failures"]?.list ?? []
        #expect(receiver.requests.count == 1 && sent == logged && count("no such luck", in: body) == 1, "\(body)")

        // The same words again, by a build that tells in JSON; what it was made of has not changed.
        let told = try await run("build", SmallShow.episode, "--json")
        let failures = try value(told.output)["failures"]?.list ?? []
        #expect(failures.count == 1 && isIt(failures.first) && failures.first == logged.first, "\(told.output)")
    }
}
