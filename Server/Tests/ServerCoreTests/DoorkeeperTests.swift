import Synchronization
import Testing

@testable import ServerCore

/// Who is let in, for every route of the table.
@Suite struct DoorkeeperTests {
    private static let token = "0123456789abcdef-token"
    private let door: Doorkeeper
    private let time = Time()

    final class Time: Sendable {
        let seconds = Mutex(0.0)
        func add(_ more: Double) { seconds.withLock { $0 += more } }
    }

    init() throws {
        let users = try Users(token: Self.token, user: User(name: "Ana", role: .admin))
        door = Doorkeeper(.init(loopback: 8642), users) { [time] in time.seconds.withLock { $0 } }
    }

    @Test func whoChangesTooMuchIsHeldUp() {
        let headers = [host, bearer, json]
        for _ in 0..<Int(WriteRate.most) { #expect(status("POST", "/api/v1/builds", headers, body: "{}") == 200) }
        #expect(status("POST", "/api/v1/builds", headers, body: "{}") == 429)
        #expect(status("GET", "/api/v1/builds", headers) == 200, "reading goes on")
        time.add(1)
        for _ in 0..<Int(WriteRate.aSecond) { #expect(status("POST", "/api/v1/builds", headers, body: "{}") == 200) }
        #expect(status("POST", "/api/v1/builds", headers, body: "{}") == 429)
    }

    private static func path(_ route: Route) -> String { route.template.replacing("{", with: "").replacing("}", with: "") }

    private func status(_ method: String, _ target: String, _ headers: [(String, String)], body: String = "") -> Int {
        do {
            _ = try door.admit(
                WebRequest(method: method, target: target, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8)))
            return 200
        } catch { return error.status }
    }

    private let host = ("Host", "127.0.0.1:8642")
    private let bearer = ("Authorization", "Bearer \(Self.token)")
    private let json = ("Content-Type", "application/json")

    private func cookie() throws -> (header: (String, String), key: String) {
        let line = try door.open(token: Self.token)
        #expect(line.contains("HttpOnly") && line.contains("SameSite=Strict") && line.hasPrefix("epbuild-8642="))
        let id = String(line.prefix { $0 != ";" }.dropFirst("epbuild-8642=".count))
        return (("Cookie", "other=1; epbuild-8642=\(id)"), try #require(door.sessions.session(id)).formKey)
    }

    @Test(arguments: Route.all) func nobodyGetsIn(_ route: Route) {
        let expected = route.role == nil ? 200 : 401
        #expect(status(route.method, Self.path(route), [host, json]) == expected)
        #expect(status(route.method, Self.path(route), [host, json, ("Authorization", "Bearer wrong-wrong-wrong-wrong")]) == expected)
        #expect(status(route.method, Self.path(route), [host, json, ("Cookie", "epbuild-8642=0000")]) == expected)
        #expect(status(route.method, Self.path(route) + "?token=\(Self.token)", [host, json]) == expected)
    }

    @Test(arguments: Route.all) func anotherHostGetsNowhere(_ route: Route) {
        for name in [
            "evil.example", "127.0.0.1", "127.0.0.1:8642.evil.example", "127.0.0.1:80", "", "[::1", "a@127.0.0.1:8642", "127.0.0.1:8642 ",
        ] {
            #expect(status(route.method, Self.path(route), [("Host", name), bearer, json]) == 421)
        }
        #expect(status(route.method, Self.path(route), [bearer, json]) == 421)
        #expect(status(route.method, Self.path(route), [host, host, bearer, json]) == 421)
    }

    @Test(arguments: Route.all.filter { $0.role != nil && !$0.isForm }) func theTokenGetsIn(_ route: Route) {
        for name in ["127.0.0.1:8642", "LOCALHOST:8642", "[::1]:8642"] {
            #expect(status(route.method, Self.path(route), [("Host", name), bearer, json]) == 200)
        }
    }

    /// A page of another port of this machine sends our cookie along.
    @Test(arguments: Route.all.filter { $0.method != "GET" }) func anotherSiteCannotWrite(_ route: Route) throws {
        let (cookie, key) = try cookie()
        let type = route.isForm ? ("Content-Type", "application/x-www-form-urlencoded") : json
        let body = route.isForm ? "key=\(key)" : "{}"
        let own = ("Origin", "http://127.0.0.1:8642")
        func status(_ more: [(String, String)], type: (String, String)? = nil, body other: String? = nil) -> Int {
            self.status(
                route.method, Self.path(route),
                [host, cookie, type ?? ("Content-Type", route.isForm ? "application/x-www-form-urlencoded" : "application/json")] + more,
                body: other ?? body)
        }
        #expect(status([own, ("Sec-Fetch-Site", "same-origin")]) == 200)
        #expect(status([own]) == 200)
        #expect(status([]) == 403)
        #expect(status([("Origin", "http://127.0.0.1:9999"), ("Sec-Fetch-Site", "same-site")]) == 403)
        #expect(status([("Origin", "https://127.0.0.1:8642")]) == 403)
        #expect(status([("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")]) == 403)
        #expect(status([own, ("Sec-Fetch-Site", "cross-site")]) == 403)
        #expect(status([("Origin", "null")]) == 403)
        for simple in [
            "text/plain", "multipart/form-data; boundary=x", route.isForm ? "application/json" : "application/x-www-form-urlencoded",
        ] {
            #expect(status([own], type: ("Content-Type", simple)) == 415)
        }
        if route.isForm { #expect(status([own], type: type, body: "key=wrong") == 403) }
    }

    @Test(arguments: Route.all.filter { $0.method == "GET" && $0.role != nil }) func anotherSiteCannotRead(_ route: Route) throws {
        let (cookie, _) = try cookie()
        for site in ["cross-site", "same-site"] {
            #expect(status("GET", Self.path(route), [host, cookie, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors")]) == 403)
        }
        #expect(status("GET", Self.path(route), [host, cookie, ("Sec-Fetch-Site", "same-origin")]) == 200)
    }

    @Test(arguments: Route.all.filter { ($0.role ?? .viewer) > .viewer }) func aViewerWritesNothing(_ route: Route) throws {
        let door = Doorkeeper(.init(loopback: 8642), try Users(token: Self.token, user: User(name: "V", role: .viewer))) { 0 }
        let id = String(try door.open(token: Self.token).prefix { $0 != ";" }.dropFirst("epbuild-8642=".count))
        let key = try #require(door.sessions.session(id)).formKey
        let type = route.isForm ? "application/x-www-form-urlencoded" : "application/json"
        let request = WebRequest(
            method: route.method, target: Self.path(route),
            headers: [
                (name: "host", value: "127.0.0.1:8642"), (name: "cookie", value: "epbuild-8642=\(id)"), (name: "content-type", value: type),
                (name: "origin", value: "http://127.0.0.1:8642"),
            ], body: Array("key=\(key)".utf8))
        let problem = #expect(throws: Problem.self) { try door.admit(request) }
        #expect(problem?.status == 403)
    }

    @Test func wrongTokensAreCounted() {
        for _ in 0..<10 { #expect(throws: Problem.self) { try door.open(token: "wrong") } }
        let problem = #expect(throws: Problem.self) { try door.open(token: Self.token) }
        #expect(problem?.status == 429)
        time.add(61)
        #expect(throws: Never.self) { try door.open(token: Self.token) }
    }

    @Test func aSessionEnds() throws {
        let (cookie, _) = try cookie()
        #expect(status("GET", "/", [host, cookie]) == 200)
        door.close(WebRequest(method: "POST", target: "/close", headers: [(name: cookie.0, value: cookie.1)]))
        #expect(status("GET", "/", [host, cookie]) == 401)
        let (other, _) = try self.cookie()
        time.add(8 * 86_400)
        #expect(status("GET", "/", [host, other]) == 401)
    }

    @Test(arguments: [
        "//", "/../etc/passwd", "/assets/../x", "/assets/%2e%2e%2fx", "/api/v1/artifacts/..%2f..%2fetc", "/%", "/%zz", "/a%00b",
        "http://evil/", "", "/episodes/%c0%ae",
    ])
    func oddPathsLeadNowhere(_ path: String) {
        let status = status("GET", path, [host, bearer])
        // What has the form of a name is looked up by its route among names, and reaches no file.
        #expect(
            status == 404 || status == 400 || status == 200 && (path.hasPrefix("/assets/%2e") || path.hasPrefix("/api/v1/artifacts/..%2f")))
    }

    @Test func aShortTokenIsNone() { #expect(throws: (any Error).self) { try Users(token: "short", user: User(name: "A", role: .admin)) } }
}
