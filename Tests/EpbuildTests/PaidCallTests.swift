import EpTesting
import FoundationEssentials
import Synchronization
import Testing

/// Language models that are asked over HTTP, paid for, and killed in the midst of it.
@Suite struct PaidCallTests {
    private static let key = ScriptedModel.key
    private typealias Model = ScriptedModel

    private static func show(_ model: Model, texts: Int = 3, _ more: String = "", _ rest: String = "") throws -> SmallShow {
        let provider =
            "writer: { tool: llm, use: openai, model: m, base_url: \"http://127.0.0.1:\(model.server.port)/v1\", api_key_env: WRITER_KEY, base_delay_seconds: 0.01\(more) }"
        var files = [
            "epbuild.yaml": "providers:\n  \(provider)\nprices: { openai: { m: { in: 100, out: 100 } } }\n\(rest)",
            "show/p.md": "Tell of {{ item }}.",
            "show/pipeline.yaml":
                "stages:\n  things: { source: things.yaml }\n  say: { tool: llm, prompt: p.md, each: things.all, output: say.txt, deliver: true }\n",
        ]
        files["show/ep/things.yaml"] = things(1...texts)
        return try SmallShow(files)
    }

    private static func things(_ numbers: some Sequence<Int>) -> String { "all:\n" + numbers.map { "- thing \($0)\n" }.joined() }

    private static let keyed = ["WRITER_KEY": key]

    @discardableResult
    private func build(_ show: SmallShow, _ words: String..., keyed: [String: String] = keyed) async throws -> Program.Outcome {
        try await Program.run(
            [Program.epbuild, "build", SmallShow.episode] + words, in: show.machine.workspace, environment: show.machine.environment(keyed))
    }

    /// Calls by outcome, as the ledger has them; "" for one whose end nobody knows.
    private func ledger(_ show: SmallShow) async throws -> [String: Int] {
        let code =
            "import sqlite3, sys; [print(*r) for r in sqlite3.connect(sys.argv[1]).execute(\"select coalesce(outcome, '-'), count(*) from call group by 1\")]"
        let path = "\(show.machine.workspace)/.epbuild/ledger.sqlite"
        let outcome = try await Program.run(["python3", "-c", code, path], in: "/", environment: show.machine.environment())
        let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] == "-" ? "" : String($0[0]), Int($0[1]) ?? 0) })
    }

    @Test func anAnswerIsPaidOnceAndWrittenDown() async throws {
        let model = try Model(), show = try Self.show(model)
        let first = try await build(show, "--json")
        #expect(first.status == 0 && first.output.contains("\"costUSD\":0.0045"), "\(first)")
        #expect(try show.machine.text("show/ep/out/say/2/say.txt") == "You said: Tell of thing 2.")
        #expect(try await ledger(show) == ["answered": 3])
        #expect(try await build(show).status == 0 && model.total == 3)
        show.machine.remove(".epbuild/memo")
        #expect(try await build(show).status == 0 && model.total == 3)
        try show.write(Self.things([9, 2, 3]), to: "show/ep/things.yaml")
        #expect(try await build(show).status == 0 && model.total == 4)
    }

    /// Whenever it is killed: what the server has answered is in the ledger, what is stored is not asked for again, and the result is that
    /// of an undisturbed build.
    @Test func killedAtAnyInstantNothingIsForgotten() async throws {
        var dice = Dice(for: "killedAtAnyInstantNothingIsForgotten")
        let kills = ProcessInfo.processInfo.environment["EPBUILD_TEST_KILLS"].flatMap { Int($0) } ?? 12
        var hits = 0
        for _ in 0..<kills {
            let model = try Model(), show = try Self.show(model, texts: 12)
            var status: Int32 = 137
            for _ in 0..<20 where status != 0 {
                let delay = Double.random(in: 0.02...0.4, using: &dice)
                let command = [
                    "timeout", "--foreground", "--preserve-status", "-s", "KILL", "\(delay)", Program.epbuild, "build", SmallShow.episode,
                ]
                status = try await Program.run(command, in: show.machine.workspace, environment: show.machine.environment(Self.keyed))
                    .status
                if status != 0 { hits += 1 }
                let calls = try await ledger(show)
                #expect(calls.values.reduce(0, +) >= model.total, "a call was answered and is not in the ledger: \(calls), \(model.counts)")
            }
            let stored = show.machine.storedResults
            let before = model.total
            let last = try await build(show)
            #expect(last.status == 0 && model.total - before <= 12 - min(12, stored), "what was stored was asked for again")
            #expect(try (1...12).allSatisfy { try show.machine.text("show/ep/out/say/\($0)/say.txt") == "You said: Tell of thing \($0)." })
            #expect(try await build(show).status == 0 && model.total == before + max(0, model.total - before))
            #expect(try await ledger(show).values.reduce(0, +) >= model.total)
        }
        #expect(hits > 0)
    }

    /// What a killed build has left open is told by the next that pays.
    @Test func aLostCallIsToldOnce() async throws {
        let model = try Model()
        let hanging = try ScriptedServer { _ in nil }
        defer { hanging.stop() }
        let show = try Self.show(model, texts: 1)
        let usual = try show.machine.text("epbuild.yaml")
        try show.write(usual.replacing("\(model.server.port)", with: "\(hanging.port)"), to: "epbuild.yaml")
        let begin = "'\(Program.epbuild)' build \(SmallShow.episode) & echo $! > pid; wait $!"
        async let killed = Program.run(["sh", "-c", begin], in: show.machine.workspace, environment: show.machine.environment(Self.keyed))
        // The question is on its way.
        #expect(try await Patience.wait { !hanging.requests.isEmpty })
        _ = try await Program.run(
            ["sh", "-c", "kill -KILL $(cat pid)"], in: show.machine.workspace, environment: show.machine.environment())
        #expect(try await killed.status == 137)
        try show.write(usual, to: "epbuild.yaml")
        let second = try await build(show)
        #expect(
            second.status == 0 && second.errors.contains("the build ended before it had answered: perhaps up to $0.8")
                && second.errors.contains("say/1"), "\(second)")
        #expect(try await ledger(show) == ["": 1, "answered": 1])
        try show.write(Self.things(1...2), to: "show/ep/things.yaml")
        let third = try await build(show)
        #expect(third.status == 0 && !third.errors.contains("perhaps"), "\(third)")
    }

    /// A failure of each kind, and then the same command again: the bytes of an undisturbed build, and nobody is paid twice.
    @Test(arguments: [
        ("429", 1, 0, 2), ("500", 1, 0, 2), ("reset", 1, 0, 2), ("garbage", 1, 0, 2), ("empty", 1, 0, 2), ("cut", 9, 1, 1),
        ("refused", 9, 1, 1), ("quota", 9, 1, 1), ("key", 9, 69, 1),
        ("model", 9, 1, 1), ("500 always", 9, 1, 3),
    ])
    func afterAFailureTheSameComesOut(_ kind: String, _ times: Int, _ status: Int32, _ asked: Int) async throws {
        let isWell = Mutex(false)
        let model = try Model { text, before in
            guard text.contains("thing 2"), before < times, !isWell.withLock(\.self) else { return nil }
            switch kind {
            case "429": return Model.error(429, "rate_limit_exceeded")
            case "500", "500 always": return Model.error(500, "server_error")
            case "reset": return ScriptedServer.response(200, length: 500, Array("{\"choices\"".utf8))
            case "garbage": return ScriptedServer.response(200, Array("<html>hello</html>".utf8))
            case "empty": return Model.answer("")
            case "cut": return Model.answer("half a", finish: "length")
            case "refused": return Model.answer("", finish: "content_filter")
            case "quota": return Model.error(429, "insufficient_quota")
            case "key": return Model.error(401, "invalid_api_key")
            default: return Model.error(404, "model_not_found")
            }
        }
        let show = try Self.show(model, ", limit: 1")
        let first = try await build(show, "-k")
        #expect(first.status == status, "\(first)")
        #expect(model.counts["Tell of thing 2."] == asked, "\(model.counts)")
        isWell.withLock { $0 = true }
        #expect(try await build(show, "-k").status == 0)
        #expect(try (1...3).allSatisfy { try show.machine.text("show/ep/out/say/\($0)/say.txt") == "You said: Tell of thing \($0)." })
        #expect(["Tell of thing 1.", "Tell of thing 3."].allSatisfy { model.counts[$0] == 1 }, "\(model.counts)")
        try await expectNoSecret(show, [first.errors, first.output])
    }

    /// The key is in nothing that a build leaves or says.
    private func expectNoSecret(_ show: SmallShow, _ said: [String]) async throws {
        #expect(said.allSatisfy { !$0.contains(Self.key) })
        let found = try await Program.run(
            ["grep", "-rlF", Self.key, show.machine.directory], in: "/", environment: show.machine.environment())
        #expect(found.status == 1 && found.output.isEmpty, "\(found)")
    }

    @Test func keysOfAFile() async throws {
        let model = try Model(), show = try Self.show(model, texts: 1)
        let without = try await build(show, keyed: [:])
        #expect(without.status == 69 && without.errors.contains("WRITER_KEY is not set") && model.total == 0, "\(without)")
        try show.write("WRITER_KEY=\(Self.key)\n", to: ".env")
        let open = try await build(show, keyed: [:])
        #expect(open.status == 69 && open.errors.contains("can be read by others") && model.total == 0, "\(open)")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(show.machine.workspace)/.env")
        #expect(
            try await build(show, keyed: [:]).status == 0 && model.server.requests.first?.headers["authorization"] == "Bearer \(Self.key)")
    }

    @Test func aBudgetIsKeptBeforeAnythingIsSent() async throws {
        let model = try Model(), show = try Self.show(model)
        let poor = try await build(show, "--budget", "0.0001")
        #expect(poor.status == 75 && model.total == 0, "\(poor)")
        #expect(try await build(show, "--budget", "5").status == 0 && model.total == 3)
    }

    /// What a build is going to cost is said before, and what like answers have cost narrows it.
    @Test func aPlanTellsWhatItIsGoingToCost() async throws {
        let model = try Model { text, _ in
            let tokens = 40 + (text.firstMatch(of: /[0-9]+/).flatMap { Int($0.output) } ?? 0) * 3 % 11
            let usage = "\"usage\":{\"prompt_tokens\":21,\"completion_tokens\":\(tokens)}"
            return ScriptedServer.response(
                200, Array("{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\(usage)}".utf8))
        }
        let show = try Self.show(model, texts: 5)
        func ask(_ words: String...) async throws -> String {
            try await Program.run([Program.epbuild] + words, in: show.machine.workspace, environment: show.machine.environment(Self.keyed))
                .output
        }
        func number(_ key: String, _ text: String) -> Double? {
            text.firstMatch(of: try! Regex("\"\(key)\":([0-9.e-]+)")).flatMap { $0.output[1].substring.flatMap { Double($0) } }
        }
        let first = try await ask("plan", SmallShow.episode)
        #expect(
            first.contains("would cost $0.0095 to $4.") && first.contains("how long it takes nobody knows yet") && model.total == 0,
            "\(first)")
        #expect(try await build(show).status == 0)
        try show.write(Self.things(1...8), to: "show/ep/things.yaml")
        let plan = try await ask("plan", SmallShow.episode, "--json")
        let built = try await build(show, "--json")
        let (low, high, truth) = (
            try #require(number("costUSDLow", plan)), try #require(number("costUSDHigh", plan)),
            try #require(number("costUSD", built.output))
        )
        #expect(low <= truth && truth <= high && high < 2 * truth && low > truth / 2, "\(low) \(truth) \(high)")
    }

    /// Whoever bills more than its limits allow is told of, and what it has cost counts.
    @Test func whatIsBilledBeyondTheLimitsIsTold() async throws {
        let usage = #""usage":{"prompt_tokens":90000,"completion_tokens":5}"#
        let model = try Model { _, _ in
            ScriptedServer.response(
                200, Array("{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\(usage)}".utf8))
        }
        let show = try Self.show(model, texts: 2, ", limit: 1")
        let told = try await build(show, "--budget", "9.5")
        #expect(
            told.errors.contains("say/1: writer has cost $9.0005, and could cost $0.8")
                && told.errors.contains("by the limits that it was given"), "\(told)")
        let usual = try Model()
        let second = try await build(try Self.show(usual), "--budget", "10")
        #expect(second.status == 0 && !second.errors.contains("at most by the limits"), "\(second)")
    }

    /// A price that nobody knows is never 0: not in a build's report, its events and its history, and under a budget nothing is asked.
    @Test func whatHasNoPriceIsUnknown() async throws {
        let model = try Model(), show = try Self.show(model)
        let far = try show.machine.text("epbuild.yaml").replacing("127.0.0.1", with: "0.0.0.0").replacing(
            /, api_key_env: [A-Z_]+/, with: ""
        ).replacing(/prices: .*\n/, with: "")
        try show.write(far + "budget: { episode_usd: 5 }\n", to: "epbuild.yaml")
        let refused = try await build(show)
        #expect(
            refused.status == 65 && refused.errors.contains("nobody knows what writer costs") && refused.errors.contains("`prices:`")
                && model.total == 0, "\(refused)")
        try show.write(far, to: "epbuild.yaml")
        let first = try await build(show, "--json", "--events", "events")
        #expect(first.status == 0 && first.output.contains("\"costUSD\":null,\"costKnownUSD\":0,\"costUnpricedCalls\":3"), "\(first)")
        let events = try show.machine.text("events").split(separator: "\n").filter { $0.contains("\"action_completed\"") }
        #expect(events.count { $0.contains("\"costUSD\":null") } == 3)
        func ask(_ words: String...) async throws -> String {
            try await Program.run([Program.epbuild] + words, in: show.machine.workspace, environment: show.machine.environment(Self.keyed))
                .output
        }
        #expect(try await ask("cost", SmallShow.episode).contains("3 calls of unknown price"))
        #expect(try await ask("cost", SmallShow.episode, "--json").contains("\"costUSD\":null"))
        #expect(try await ask("status", SmallShow.episode, "--json").contains("\"spentUSD\":null"))
        #expect(try await ask("log", SmallShow.episode, "2").contains("unknown"))
        #expect(try await ask("takes", SmallShow.episode, "say/1").contains("unknown"))
        // With a price from now on, what was made before stays what it is.
        try show.write(Self.things(1...4), to: "show/ep/things.yaml")
        try show.write(far + "prices: { openai: { m: { in: 100, out: 100 } } }\n", to: "epbuild.yaml")
        let second = try await build(show)
        #expect(second.status == 0 && second.output.contains("cost $0.0015, saved by the cache 3 calls of unknown price"), "\(second)")
        #expect(try await ask("cost", SmallShow.episode).contains("$0.0015 and 3 calls of unknown price"))
        let plan = try await ask("plan", SmallShow.episode, "--json")
        #expect(plan.contains("\"costUSDHigh\":0"), "\(plan)")
    }

    @Test func offlineAsksNobodyFarAway() async throws {
        let model = try Model(), show = try Self.show(model, texts: 1)
        #expect(try await build(show, "--offline").status == 0, "this machine is not the network")
        try show.write(
            try show.machine.text("epbuild.yaml").replacing("127.0.0.1", with: "192.0.2.1").replacing("http:", with: "https:"),
            to: "epbuild.yaml")
        let outcome = try await build(show, "--offline")
        #expect(outcome.status == 69 && outcome.errors.contains("writer is on the network"), "\(outcome)")
    }

    /// What was recorded builds the same elsewhere, with nobody asked and without a key.
    @Test func whatWasRecordedIsReplayed() async throws {
        let model = try Model { text, before in before == 0 && text.contains("thing 2") ? Model.error(503, "busy") : nil }
        let show = try Self.show(model)
        #expect(try await build(show, "--record", "said").status == 0 && model.total == 4)
        try await expectNoSecret(show, [])
        for name in [".epbuild", "show/ep/out"] { show.machine.remove(name) }
        try FileManager.default.removeItem(atPath: show.machine.cache)
        let replayed = try await build(show, "--replay", "said", keyed: [:])
        #expect(replayed.status == 0 && model.total == 4, "\(replayed)")
        #expect(try show.machine.text("show/ep/out/say/2/say.txt") == "You said: Tell of thing 2.")
        try show.write(Self.things([1, 2, 4]), to: "show/ep/things.yaml")
        let unknown = try await build(show, "--replay", "said", keyed: [:])
        #expect(unknown.status == 1 && unknown.errors.contains("was not recorded") && model.total == 4, "\(unknown)")
        #expect(try await build(show, "--replay", "nowhere").status == 64)
    }

    /// Nobody waits for a service when the build is to end.
    @Test func ctrlCEndsTheWaiting() async throws {
        let model = try Model { _, _ in
            Array("HTTP/1.1 503 Busy\r\nRetry-After: 110\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
        }
        let show = try Self.show(model, texts: 1)
        let until =
            "'\(Program.epbuild)' build \(SmallShow.episode) 2> err & it=$!; until grep -q 'asked again' err; do sleep 0.05; done; date +%s; kill -INT $it; wait $it; status=$?; date +%s; exit $status"
        let outcome = try await Program.run(
            ["sh", "-c", until], in: show.machine.workspace, environment: show.machine.environment(Self.keyed))
        // By the shell's clock: this process may be busy with other tests.
        let times = outcome.output.split(separator: "\n").compactMap { Int($0) }
        #expect(outcome.status == 130 && times.count == 2 && times[1] - times[0] < 60, "\(outcome)")
    }
}
