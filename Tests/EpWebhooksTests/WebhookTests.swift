import EpCore
import EpFiles
import EpHTTP
import EpPlan
import FoundationEssentials
import Testing

@testable import EpEngine
@testable import EpWebhooks

/// Messages to webhooks: signed, kept until they have arrived, and never in a build's way.
@Suite struct WebhookTests {
    private static let one = "webhooks: [ { url: \"https://example.com/hook?t=1\", secret_env: S } ]\n"

    /// The example of the standard itself.
    @Test func theSignatureIsTheStandards() throws {
        let secret = try #require(WebhookSecret(Post.secret))
        let signature = secret.signature(of: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: 1_614_265_330, Array("{\"test\": 2432232314}".utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        for other in [
            "", "whsec_", "whsec_c2hvcnQ=", "whsec_***", String(Post.secret.dropFirst(6)), "whsec_" + Data(count: 65).base64EncodedString(),
        ] {
            #expect(WebhookSecret(other) == nil, "\(other)")
        }
        #expect(!"\(secret)".contains("MfKQ") && !String(reflecting: secret).contains("77"))
    }

    @Test func aMessageIsACloudEvent() async throws {
        let post = try Post(Self.one)
        let hooks = post.hooks()
        post.tell(hooks, Post.start, Post.report(.failed))
        await hooks.settle()
        let sent = try #require(post.sent.first)
        #expect(post.sent.count == 1 && sent.url == "https://example.com/hook?t=1" && post.warnings.isEmpty && post.kept.isEmpty)
        #expect(
            sent.headers["Content-Type"]?.hasPrefix("application/cloudevents+json") == true
                && sent.headers["webhook-timestamp"] == "1800000000")
        let body = try Node(parsing: sent.body, file: "body").value
        #expect(
            body["specversion"] == "1.0" && body["type"] == "epbuild.build.failed" && body["subject"] == "show/ep"
                && body["id"]?.string == sent.id)
        #expect(
            body["data"]?["event"] == "build_failed" && body["time"] == body["data"]?["time"]
                && body["source"]?.string?.hasPrefix("urn:epbuild:build:2") == true)
        #expect(WebhookMessage.type(of: "gate_auto_approved") == "epbuild.gate.auto_approved")
    }

    /// What was not to be done is no news; what happens often is told of nobody.
    @Test func onlyWhatIsAskedForIsTold() async throws {
        let post = try Post("webhooks: [ { url: \"https://example.com\", secret_env: S, events: [action_failed, build_stopped] } ]\n")
        let hooks = post.hooks()
        let failure = Failure(Diagnostic(.actionFailed, "no"), of: StepSite(Target(parsing: "a")), attempts: 1)
        post.tell(hooks, Post.start, .failed(failure), .wrote("a"), Post.report(.failed))
        post.tell(hooks, Post.start, Post.report(.interrupted))
        post.tell(hooks, Post.start, Post.report(.upToDate))
        await hooks.settle()
        #expect(post.sent.map { String(decoding: $0.body, as: UTF8.self) }.sorted().count == 2)
        #expect(Set(post.sent.map(\.id)).count == 2)
    }

    /// Of a build that finds nothing to do, nobody even looks who is to be told.
    @Test func anUpToDateBuildLooksForNoHook() async throws {
        let post = try Post("webhooks: [ { url: \"https://example.com\", secret_env: S, events: [build_started, build_completed] } ]\n")
        let hooks = post.hooks(secret: nil)
        post.tell(hooks, Post.start, .planned([]), Post.report(.upToDate))
        await hooks.settle()
        #expect(post.warnings.isEmpty && post.kept.isEmpty && post.sent.isEmpty)
        post.tell(hooks, Post.start, Post.report(.built))
        #expect(post.warnings.count == 1 && post.warnings[0].contains("S is not set"), "\(post.warnings)")
    }

    @Test func whatFailsIsSentAgainUnderTheSameName() async throws {
        let post = try Post(Self.one)
        let busy = try Post(Self.one) { _ in 500 }
        let hooks = busy.hooks(waits: 2)
        busy.tell(hooks, Post.start, Post.report(.built))
        while busy.sent.count < 3 { await Task.yield() }
        await hooks.settle()
        #expect(Set(busy.sent.map(\.id)).count == 1 && Set(busy.sent.map(\.body)).count == 1)
        #expect(
            busy.kept.count == 1 && busy.warnings == ["webhooks: 1 message to example.com did not arrive: it answers 500"],
            "\(busy.warnings)")
        // A later build, which has something to tell itself.
        try Files.makeDirectory("\(post.directory)/.epbuild")
        try FileManager.default.copyItem(atPath: "\(busy.directory)/.epbuild/webhooks", toPath: "\(post.directory)/.epbuild/webhooks")
        let later = post.hooks()
        post.tell(later, Post.start, Post.report(.built))
        await later.settle()
        #expect(post.sent.count == 2 && post.sent.contains { $0.id == busy.sent[0].id } && post.kept.isEmpty && post.warnings.isEmpty)
    }

    @Test func whatIsTooOldIsGivenUpAndSaid() async throws {
        let post = try Post(Self.one) { _ in 0 }
        let first = post.hooks()
        post.tell(first, Post.start, Post.report(.built))
        await first.settle()
        #expect(post.kept.count == 1 && post.warnings.last?.contains("nobody is there") == true)
        post.pass(seconds: Webhooks.longestAgeSeconds + 1)
        let later = post.hooks()
        post.tell(later, Post.start, Post.report(.failed))
        await later.settle()
        #expect(
            post.warnings.contains { $0.contains("1 messages to webhooks are given up") } && post.kept.count == 1 && post.sent.count == 2,
            "\(post.warnings)")
    }

    @Test func whoIsGoneIsLeftAlone() async throws {
        let post = try Post(Self.one) { _ in 410 }
        let hooks = post.hooks()
        post.tell(hooks, Post.start, Post.report(.built))
        await hooks.settle()
        #expect(post.sent.count == 1 && post.kept.count == 1 && post.kept[0].hasPrefix("gone-") && post.warnings.count == 1)
        let later = post.hooks()
        post.tell(later, Post.start, Post.report(.failed))
        await later.settle()
        #expect(post.sent.count == 1)
        try FileManager.default.removeItem(atPath: "\(post.directory)/.epbuild/webhooks/\(post.kept[0])")
        let again = post.hooks()
        post.tell(again, Post.start, Post.report(.failed))
        await again.settle()
        #expect(post.sent.count == 2)
    }

    @Test func aRedirectIsAFailure() async throws {
        let post = try Post(Self.one) { _ in 302 }
        let hooks = post.hooks()
        post.tell(hooks, Post.start, Post.report(.built))
        await hooks.settle()
        #expect(post.sent.count == 1 && post.warnings.last?.contains("a redirect, which is not followed") == true && post.kept.count == 1)
    }

    @Test func offlineSendsToThisMachineAlone() async throws {
        let post = try Post(
            "webhooks:\n- { url: \"https://example.com\", secret_env: S }\n- { url: \"http://127.0.0.1:9/x\", secret_env: S }\n")
        let hooks = post.hooks(isOffline: true)
        post.tell(hooks, Post.start, Post.report(.built))
        await hooks.settle()
        #expect(post.sent.map(\.url) == ["http://127.0.0.1:9/x"] && post.warnings.isEmpty)
    }

    /// Another build that goes on sends it: nobody sends it twice at once.
    @Test func whatIsHeldIsNotSentByAnother() throws {
        let post = try Post(Self.one) { _ in 200 }
        let outbox = Outbox(stateDirectory: post.place.stateDirectory)
        let settings = try Workspace(directory: post.directory, Node(parsing: Array(Self.one.utf8), file: "w")).webhooks[0]
        let hook = Webhook(settings: settings, secret: try #require(WebhookSecret(Post.secret)))
        let message = WebhookMessage(
            BuildEvent.example(of: post.place), about: "show/ep", for: hook)
        var held = try outbox.keep(message)
        #expect(held != nil && outbox.left().isEmpty)
        held = nil
        #expect(outbox.left().map(\.message.id) == [message.id])
    }
}
