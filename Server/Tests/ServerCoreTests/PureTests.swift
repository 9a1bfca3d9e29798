import EpCore
import FoundationEssentials
import Testing

@testable import ServerCore

@Suite struct MarkupTests {
    @Test func textIsText() {
        let evil = "<script>alert('1')</script> \"&\0"
        #expect(HTML(evil).text == "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;\u{FFFD}")
        #expect(HTML.tag("p", ["title": evil], HTML(evil)).text.contains("<script") == false)
        let inside: HTML = "a \(evil) b"
        #expect(!inside.text.contains("<script"))
    }

    @Test func formsAreDecoded() {
        let request = WebRequest(method: "POST", target: "/?a=1&a=2&b=%20+x", body: Array("words=caf%C3%A9+%26+tea&read=a%3Db".utf8))
        #expect(request.form == ["words": "café & tea", "read": "a=b"])
        #expect(request.query == ["a": "1", "b": "  x"])
        #expect(PercentText.decoded(PercentText.encoded("a/b ü~")[...]) == "a/b ü~")
    }
}

@Suite struct EventFrameTests {
    @Test func aFrameHoldsWhatItIsGiven() {
        #expect(EventFrame.event(id: "5@2026-11.jsonl", data: "{}") == "id: 5@2026-11.jsonl\ndata: {}\n\n")
        #expect(EventFrame.event(id: "a\nb", name: "x\r\ny", data: "1\r\n2") == "id: ab\nevent: xy\ndata: 1\ndata: 2\n\n")
    }
}

@Suite struct EventFeedTests {
    /// Who was connected before there was a log, and whose connection was lost before anything came, loses nothing by coming back.
    @Test func whoHasHeardNothingYetMissesNothing() async throws {
        let directory = "/tmp/epserver-test-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let hub = EventHub(stateDirectory: directory)
        var early = try #require(hub.feed(after: nil)).makeListener()
        #expect(await early.next() == "id: start\nretry: 1000\n\n")
        try FileManager.default.createDirectory(atPath: "\(directory)/events", withIntermediateDirectories: true)
        try Data("{\"a\":1}\n{\"a\":2}\n".utf8).write(to: URL(filePath: "\(directory)/events/2026-11.jsonl"))
        for _ in 0..<2 {
            var again = try #require(hub.feed(after: "start")).makeListener()
            let first = try #require(await again.next())
            #expect(first.contains("data: {\"a\":1}\n") && !first.contains("reset"))
            #expect(first.contains("id: 16@2026-11.jsonl\ndata: {\"a\":2}\n"))
        }
        // What has come since is not hidden by what others have read before.
        try Data("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n".utf8).write(to: URL(filePath: "\(directory)/events/2026-11.jsonl"))
        hub.end()
        #expect(hub.feed(after: "start") == nil)
        var last = try #require(EventHub(stateDirectory: directory).feed(after: "16@2026-11.jsonl")).makeListener()
        #expect(await last.next() == "id: 16@2026-11.jsonl\nretry: 1000\n\nid: 24@2026-11.jsonl\ndata: {\"a\":3}\n\n")
        var lost = try #require(EventHub(stateDirectory: directory).feed(after: "17@2026-11.jsonl")).makeListener()
        #expect(await lost.next()?.contains("event: reset") == true)
    }
}

@Suite struct TellingPaceTests {
    /// Two listeners are told at every look; of two hundred, each is written to twice a second at most.
    @Test func manyListenersAreToldMoreSeldom() {
        var pace = TellingPace()
        let start = ContinuousClock.now
        #expect(pace.allows(200, at: start))
        pace.note(start)
        #expect(pace.allows(2, at: start + .milliseconds(5)))
        #expect(!pace.allows(200, at: start + .milliseconds(499)))
        #expect(pace.allows(200, at: start + .milliseconds(500)))
    }
}

@Suite struct JobTests {
    @Test(arguments: Job.State.allCases) func whatIsFinalStaysSo(_ state: Job.State) {
        let events: [JobEvent] = [.begun, .ended(outcome: "built"), .interrupted, .cancelled, .paused, .resumed]
        for event in events {
            let next = event.state(after: state)
            if state.isFinal { #expect(next == nil) }
            #expect(next != state)
        }
    }

    @Test func aJobGoesItsWay() {
        #expect(JobEvent.begun.state(after: .queued) == .running)
        #expect(JobEvent.interrupted.state(after: .running) == .queued)
        #expect(JobEvent.paused.state(after: .running) == .paused)
        // What was still running when somebody paused it does not end it.
        #expect(JobEvent.ended(outcome: "paused").state(after: .paused) == nil)
        #expect(JobEvent.resumed.state(after: .paused) == .queued)
    }
}

@Suite struct UsersTests {
    private let ana = Digest(of: Array("ana-token".utf8)).hex

    @Test func aFileNamesThem() throws {
        let text = "users:\n- { name: Ana, role: approver, token_sha256: \(ana) }\n"
        let users = try Users(parsing: Array(text.utf8), file: "users.yaml")
        #expect(users.user(ofToken: "ana-token") == User(name: "Ana", role: .approver))
        #expect(users.user(ofToken: "ana-tokem") == nil)
    }

    @Test(arguments: [
        "users: []", "users:\n- { name: Ana, role: king, token_sha256: x }", "users:\n- { name: Ana, role: viewer, token_sha256: 12 }",
        "users:\n- { name: Ana, role: viewer, token: secret }", "{}",
    ])
    func whatIsWrongHasAPlace(_ text: String) {
        let problem = #expect(throws: Diagnostic.self) { try Users(parsing: Array(text.utf8), file: "users.yaml") }
        #expect(problem?.location?.file == "users.yaml" && problem?.remedy != nil)
    }
}

@Suite struct DocumentTests {
    @Test func theDocumentHasEveryRoute() throws {
        let document = OpenAPI.document(version: "1")
        let paths = try #require(document["paths"])
        let routes = Route.all.filter { $0.template.hasPrefix("/api/") }
        for route in routes {
            let operation = try #require(paths[route.template]?[route.method.lowercased()], "\(route.template)")
            #expect(operation["operationId"]?.string == route.endpoint.rawValue)
            #expect((operation["requestBody"] != nil) == !route.body.isEmpty)
        }
        #expect(Set(Route.all.map(\.endpoint)) == Set(Endpoint.allCases))
        #expect(Set(Route.all.map { "\($0.method) \($0.template)" }).count == Route.all.count)
    }
}
