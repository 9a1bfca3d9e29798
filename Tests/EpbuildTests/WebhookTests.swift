import EpTesting
import FoundationEssentials
import Glibc
import Testing

/// Webhooks of real builds, received by a server that answers as it is told.
@Suite struct WebhookTests {
    private static let secretBytes = Array("a secret of thirty-two bytes ...".utf8)
    private static let secret = "whsec_" + Data(secretBytes).base64EncodedString()
    private static let name = "HOOK_SECRET"

    private static func show(_ url: String, _ more: String = "", pipeline: String = SmallShow.pipeline) throws -> SmallShow {
        try SmallShow([
            "epbuild.yaml": "webhooks:\n  - { url: \"\(url)\", secret_env: \(name)\(more) }\n", "show/pipeline.yaml": pipeline,
            "show/ep/texts/a.txt": "one\n",
        ])
    }

    private static func build(_ show: SmallShow, _ words: String..., secret: String? = secret) async throws -> Program.Outcome {
        let variables = secret.map { [name: $0] } ?? [:]
        return try await Program.run(
            [Program.epbuild, "build", SmallShow.episode] + words, in: show.machine.workspace,
            environment: show.machine.environment(variables))
    }

    private static func kept(_ show: SmallShow) -> [String] { show.machine.files(below: "\(show.machine.workspace)/.epbuild/webhooks") }

    /// By another's code: openssl's.
    private func isSigned(_ request: ScriptedServer.Request, _ machine: Machine) async throws -> Bool {
        let id = try #require(request.headers["webhook-id"]), seconds = try #require(request.headers["webhook-timestamp"])
        try machine.write(Array("\(id).\(seconds).".utf8) + request.body, to: "../signed")
        let key = Self.secretBytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let command = "openssl dgst -sha256 -mac HMAC -macopt hexkey:\(key) -binary signed | base64 -w 0"
        let outcome = try await Program.run(["sh", "-c", command], in: machine.directory, environment: machine.environment())
        return request.headers["webhook-signature"] == "v1,\(outcome.output)"
    }

    @Test func aBuildIsToldOnceAndSigned() async throws {
        let receiver = try ScriptedServer { _ in ScriptedServer.response(204) }
        defer { receiver.stop() }
        let show = try Self.show("http://127.0.0.1:\(receiver.port)/hook")
        #expect(try await Self.build(show).status == 0)
        let request = try #require(receiver.requests.first)
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(receiver.requests.count == 1 && request.method == "POST" && request.path == "/hook")
        #expect(request.headers["content-type"]?.hasPrefix("application/cloudevents+json") == true)
        #expect(
            body.contains("\"type\":\"epbuild.build.completed\"") && body.contains("\"subject\":\"show/ep\"")
                && body.contains("\"outcome\":\"built\""), "\(body)")
        #expect(try await isSigned(request, show.machine))
        #expect(Self.kept(show).isEmpty)
        // Nothing to do is no news, with the memo and without.
        #expect(try await Self.build(show).status == 0)
        show.machine.remove(".epbuild/memo")
        #expect(try await Self.build(show).status == 0 && receiver.requests.count == 1)
        #expect(try await Self.build(show, "--draft").status == 0 && receiver.requests.count == 1)
    }

    /// What has not arrived is kept, and sent by the next build that has something to tell, under its name.
    @Test func whatDidNotArriveIsSentByTheNextBuild() async throws {
        let receiver = try ScriptedServer { _ in ScriptedServer.response(500) }
        let show = try Self.show("http://127.0.0.1:\(receiver.port)/hook")
        let first = try await Self.build(show)
        #expect(
            first.status == 0 && first.errors.contains("1 message to 127.0.0.1:\(receiver.port) did not arrive: it answers 500"), "\(first)"
        )
        #expect(Self.kept(show).count == 1)
        let id = try #require(receiver.requests.first?.headers["webhook-id"])
        receiver.stop()
        try show.write("two\n", to: "show/ep/texts/a.txt")
        let second = try await Self.build(show)
        #expect(second.status == 0 && second.errors.contains("2 messages to 127.0.0.1:"), "\(second)")
        let well = try ScriptedServer { _ in ScriptedServer.response(200) }
        defer { well.stop() }
        // Another place is another hook: what was meant for the first is given up, and that is said.
        try show.write(try show.machine.text("epbuild.yaml").replacing("\(receiver.port)", with: "\(well.port)"), to: "epbuild.yaml")
        try show.write("three\n", to: "show/ep/texts/a.txt")
        let third = try await Self.build(show)
        #expect(third.status == 0 && third.errors.contains("2 messages to webhooks are given up"), "\(third)")
        #expect(well.requests.count == 1 && well.requests[0].headers["webhook-id"] != id && Self.kept(show).isEmpty)
    }

    @Test func aReceiverThatRecoversGetsWhatItMissed() async throws {
        let isWell = Flag()
        let receiver = try ScriptedServer { _ in ScriptedServer.response(isWell.isSet ? 200 : 503) }
        defer { receiver.stop() }
        let show = try Self.show(
            "http://127.0.0.1:\(receiver.port)/hook", ", events: [build_failed]",
            pipeline:
                "stages: { a: { tool: command, run: [test, -e, a.txt], inputs: { x.txt: t }, outputs: [x.txt] }, t: { source: t.txt } }\n")
        try show.write("x", to: "show/ep/t.txt")
        #expect(try await Self.build(show).status == 1)
        isWell.set()
        #expect(try await Self.build(show).status == 1)
        let ids = receiver.requests.compactMap { $0.headers["webhook-id"] }
        #expect(ids.count == 3 && Set(ids).count == 2 && Self.kept(show).isEmpty, "\(ids)")
    }

    /// A watch tells those whom `epbuild.yaml` names by then, not those whom it named when the watch began.
    @Test func aWatchReadsWhoIsToldBeforeEachBuild() async throws {
        let first = try ScriptedServer { _ in ScriptedServer.response(204) },
            second = try ScriptedServer { _ in ScriptedServer.response(204) }
        defer { for receiver in [first, second] { receiver.stop() } }
        let show = try Self.show("http://127.0.0.1:\(first.port)/hook")
        try show.write("\(Self.name)=\(Self.secret)\n", to: ".env")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(show.machine.workspace)/.env")
        let watcher = try Watcher(show.machine, [SmallShow.episode])
        #expect(try await watcher.waits(forBuilds: 1).outcome == "built")
        #expect(try await Patience.wait { first.requests.count == 1 })
        try show.write(try show.machine.text("epbuild.yaml").replacing("\(first.port)", with: "\(second.port)"), to: "epbuild.yaml")
        try show.write("two\n", to: "show/ep/texts/a.txt")
        #expect(try await Patience.wait { second.requests.count == 1 }, "\(watcher.errors)")
        #expect(first.requests.count == 1)
        try await watcher.rests()
        #expect(try await watcher.end(SIGINT) == 0)
    }

    /// One that never answers holds a build up for seconds, not for ever.
    @Test(.timeLimit(.minutes(5))) func aReceiverThatHangsHoldsUpNoBuild() async throws {
        let receiver = try ScriptedServer { _ in nil }
        defer { receiver.stop() }
        let show = try Self.show("http://127.0.0.1:\(receiver.port)/hook")
        let outcome = try await Self.build(show)
        #expect(outcome.status == 0 && outcome.errors.contains("it has not answered yet") && Self.kept(show).count == 1, "\(outcome)")
    }

    @Test func aRedirectLeadsNowhereAndGoneIsGone() async throws {
        let elsewhere = try ScriptedServer { _ in ScriptedServer.response(200) }
        let receiver = try ScriptedServer { request in
            if request.path == "/gone" { return ScriptedServer.response(410) }
            return Array(
                "HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:\(elsewhere.port)/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8
            )
        }
        defer { [elsewhere, receiver].forEach { $0.stop() } }
        let show = try Self.show("http://127.0.0.1:\(receiver.port)/hook")
        let moved = try await Self.build(show)
        #expect(moved.status == 0 && moved.errors.contains("a redirect, which is not followed") && elsewhere.requests.isEmpty, "\(moved)")
        try show.write(try show.machine.text("epbuild.yaml").replacing("/hook", with: "/gone"), to: "epbuild.yaml")
        try show.write("two\n", to: "show/ep/texts/a.txt")
        let gone = try await Self.build(show)
        #expect(gone.status == 0 && gone.errors.contains("wants no more messages (410)"), "\(gone)")
        let count = receiver.requests.count
        try show.write("three\n", to: "show/ep/texts/a.txt")
        #expect(try await Self.build(show).status == 0 && receiver.requests.count == count)
    }

    @Test func aGateThatWaitsIsTold() async throws {
        let receiver = try ScriptedServer { _ in ScriptedServer.response(200) }
        defer { receiver.stop() }
        let pipeline = SmallShow.pipeline.replacing("outputs: [all.txt]", with: "outputs: [all.txt], gate: { required: true }")
        let show = try Self.show("http://127.0.0.1:\(receiver.port)/hook", ", events: gate_waiting", pipeline: pipeline)
        #expect(try await Self.build(show).status == 75)
        let body = String(decoding: receiver.requests.first?.body ?? [], as: UTF8.self)
        #expect(
            receiver.requests.count == 1 && body.contains("\"type\":\"epbuild.gate.waiting\"") && body.contains("\"target\":\"joined\""),
            "\(body)")
    }

    @Test(arguments: [
        (
            "webhooks: [ { url: \"http://example.com/x\", secret_env: S } ]\n",
            "epbuild.yaml:1:20: error: `url` of a webhook must begin with https"
        ),
        ("webhooks:\n- { url: ftp://x, secret_env: S }\n", "epbuild.yaml:2:10: error: `url` of a webhook is no URL of the web"),
        ("webhooks:\n- { url: \"https://me:pw@x.org\", secret_env: S }\n", "must not hold a name or a password"),
        (
            "webhooks:\n- { url: \"https://x.org\", secret_env: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw }\n",
            "a secret stands here, for all to read"
        ),
        ("webhooks:\n- { url: \"https://x.org\" }\n", "a webhook has no `secret_env`"),
        ("webhooks:\n- { url: \"https://x.org\", secret_env: S, event: x }\n", "did you mean \"events\"?"),
        ("webhooks:\n- { url: \"https://x.org\", secret_env: S, events: [build_complete] }\n", "did you mean \"build_completed\"?"),
        (
            "webhooks:\n- { url: \"https://x.org\", secret_env: S }\n- { url: \"https://x.org\", secret_env: T }\n",
            "epbuild.yaml:3:10: error: `url` of a webhook stands twice"
        ),
        ("webhooks: { url: \"https://x.org\", secret_env: S }\n", "`webhooks` must be a list"),
        (
            "webhooks:\n- { url: \"https://x.org\", secret_env: HOOK_SECRET }\n",
            "epbuild.yaml:2:10: error: HOOK_SECRET is not the secret of a webhook"
        ),
    ]) func whatIsWrongIsSaidWithItsPlace(_ text: String, _ words: String) async throws {
        let show = try Self.show("https://example.com")
        try show.write(text, to: "epbuild.yaml")
        let outcome = try await Self.build(show, secret: "whsec_c2hvcnQ=")
        #expect(outcome.status == 65 && outcome.errors.contains(words) && !outcome.errors.contains("MfKQ"), "\(outcome)")
    }

    /// A secret that another machine has keeps nobody from building.
    @Test func withoutItsSecretNothingIsSentAndThatIsSaid() async throws {
        let receiver = try ScriptedServer { _ in ScriptedServer.response(200) }
        defer { receiver.stop() }
        let show = try Self.show("http://127.0.0.1:\(receiver.port)/hook")
        let outcome = try await Self.build(show, secret: nil)
        #expect(
            outcome.status == 0 && outcome.errors.contains("HOOK_SECRET is not set: nothing is sent") && receiver.requests.isEmpty,
            "\(outcome)")
    }

    @Test func offlineTellsNobodyFarAway() async throws {
        let show = try Self.show("https://192.0.2.1/hook")
        let outcome = try await Self.build(show, "--offline")
        #expect(outcome.status == 0 && !outcome.errors.contains("webhooks"), "\(outcome)")
        #expect(Self.kept(show).isEmpty)
    }
}
