import EpCore
import EpFiles
import EpHTTP
import EpPlan
import Testing

@testable import EpProviders

@Suite struct AttemptPolicyTests {
    /// The n-th wait is evenly from 0 to min(60 s, 5 s · 2ⁿ).
    @Test(arguments: [(1, 10.0), (2, 20), (3, 40), (4, 60), (5, 60), (1000, 60)])
    func waitsGrowToTheirBound(_ failed: Int, _ longest: Double) {
        let policy = AttemptPolicy()
        #expect(policy.wait(after: failed, server: nil, chance: 1) == .seconds(longest))
        #expect(policy.wait(after: failed, server: nil, chance: 0.5) == .seconds(longest / 2))
        #expect(policy.wait(after: failed, server: nil, chance: 0) == .zero)
    }

    @Test func aServersWaitIsTheLeast() {
        let policy = AttemptPolicy()
        #expect(policy.wait(after: 1, server: .seconds(30), chance: 0) == .seconds(30))
        #expect(policy.wait(after: 1, server: .seconds(30), chance: 1) == .seconds(33))
        #expect(policy.wait(after: 3, server: .seconds(1), chance: 1) == .seconds(40))
        #expect(policy.wait(after: 1, server: .seconds(120), chance: 0) == .seconds(120))
        #expect(policy.wait(after: 1, server: .seconds(121), chance: 0) == nil)
    }

    @Test func settingsGoBeforeDefaults() throws {
        let keys =
            "attempts: 7, base_delay_seconds: 0.5, timeout_seconds: 9, deadline_seconds: 90, longest_wait_seconds: 3, longest_delay_seconds: 2"
        let policy = AttemptPolicy(try Scene.provider("use: openai, model: m, \(keys)").retry)
        #expect(policy.attempts == 7 && policy.timeout == 9 && policy.deadline == 90)
        #expect(
            policy.wait(after: 1, server: nil, chance: 1) == .seconds(1) && policy.wait(after: 9, server: nil, chance: 1) == .seconds(2))
        #expect(policy.wait(after: 1, server: .seconds(4), chance: 0) == nil)
        #expect(AttemptPolicy(RetrySettings()) == AttemptPolicy())
    }
}

@Suite struct ServerWaitTests {
    private static let now = Moment(iso8601: "2026-11-25T12:00:00Z")!.seconds

    @Test(
        arguments: [
            (["retry-after-ms": "1500"], 1.5), (["Retry-After": "2"], 2), (["retry-after": "0.25"], 0.25),
            (["Retry-After": "Wed, 25 Nov 2026 12:01:30 GMT"], 90),
            (["Retry-After": "Wed, 25 Nov 2026 12:01:30 GMT", "Date": "Wed, 25 Nov 2026 12:01:00 GMT"], 30),
            (["Retry-After": "Wed, 25 Nov 2026 11:00:00 GMT"], 0),
            (["retry-after-ms": "700", "Retry-After": "9"], 0.7), (["x-ratelimit-reset": "1795608042"], nil), ([:], nil),
            (["Retry-After": "soon"], nil), (["Retry-After": "-3"], nil),
            (["Retry-After": "nan"], nil), (["Retry-After": ""], nil), (["Retry-After": " 1m30s"], 90), (["Retry-After": "1e400"], nil),
        ] as [([String: String], Double?)])
    func everyForm(_ headers: [String: String], _ seconds: Double?) {
        let fields = HTTPHeaders(headers.map { HTTPHeaders.Field($0.key, $0.value) })
        let wait = ServerWait.of(fields, now: Self.now)?.seconds
        if headers["x-ratelimit-reset"] != nil { #expect(wait == 1_795_608_042 - Self.now) } else { #expect(wait == seconds) }
    }

    @Test(
        arguments: [
            ("31s", 31.0), ("1.5s", 1.5), ("6m0s", 360), ("120ms", 0.12), ("1h1m1s", 3661), ("", nil), ("31", nil), ("soon", nil),
            ("1s later", nil),
        ] as [(String, Double?)])
    func durations(_ text: String, _ seconds: Double?) { #expect(ServerWait.duration(text)?.seconds == seconds) }
}

@Suite struct BreakerTests {
    private static let down = ProviderFailure(.transient, "down")

    @Test func itOpensOnceAndATrialClosesIt() {
        var breaker = Breaker()
        // Fifty lines are under way when the service goes down.
        for _ in 0..<50 { #expect(breaker.ask(now: 0, longestWait: 120, isPatient: true) == .go) }
        let opened = (0..<50).map { _ in breaker.note(Self.down, now: 1) }
        #expect(opened.filter(\.self).count == 1 && opened[4])
        #expect(breaker.ask(now: 31, longestWait: 120, isPatient: true) == .wait(seconds: 30))
        #expect(breaker.ask(now: 31, longestWait: 120, isPatient: false) == .open(seconds: 30))
        #expect(breaker.ask(now: 61, longestWait: 120, isPatient: true) == .go)
        #expect(breaker.ask(now: 61, longestWait: 120, isPatient: true) == .wait(seconds: 0.25))
        breaker.succeed()
        #expect(breaker.ask(now: 62, longestWait: 120, isPatient: true) == .go)
    }

    @Test func aTrialThatFailsDoublesTheTime() {
        var breaker = Breaker()
        for _ in 0..<5 { _ = breaker.note(Self.down, now: 0) }
        var now = 60.0
        for pause in [120.0, 240, 480, 600, 600] {
            #expect(breaker.ask(now: now, longestWait: 1000, isPatient: true) == .go)
            _ = breaker.note(Self.down, now: now)
            #expect(breaker.ask(now: now, longestWait: 1000, isPatient: true) == .wait(seconds: pause))
            now += pause
        }
    }

    @Test func aTrialThatComesToNothingLetsTheNextOneTry() {
        var breaker = Breaker()
        for _ in 0..<5 { _ = breaker.note(Self.down, now: 0) }
        #expect(breaker.ask(now: 60, longestWait: 120, isPatient: true) == .go)
        breaker.giveUp()
        #expect(breaker.ask(now: 60, longestWait: 120, isPatient: true) == .go)
    }

    @Test(arguments: [ProviderFailure.Kind.badAnswer, .cutOff, .refused, .tooLong, .wrongQuestion])
    func whoAnswersIsWell(_ kind: ProviderFailure.Kind) {
        var breaker = Breaker()
        for _ in 0..<4 { _ = breaker.note(Self.down, now: 0) }
        _ = breaker.note(ProviderFailure(kind, "no"), now: 0)
        _ = breaker.note(Self.down, now: 0)
        #expect(breaker.ask(now: 0, longestWait: 120, isPatient: true) == .go)
    }

    @Test(arguments: [ProviderFailure.Kind.money, .key])
    func moneyAndKeysEndItForGood(_ kind: ProviderFailure.Kind) {
        var breaker = Breaker()
        #expect(breaker.note(ProviderFailure(kind, "no"), now: 0) && !breaker.note(ProviderFailure(kind, "no"), now: 0))
        #expect(breaker.ask(now: 1e9, longestWait: 120, isPatient: true) == .open(seconds: nil) && breaker.lasting?.kind == kind)
    }

    @Test func aWaitThatAServerAsksForIsEverybodys() {
        var breaker = Breaker()
        _ = breaker.note(ProviderFailure(.tooOften, "slow", wait: .seconds(7)), now: 10)
        #expect(breaker.ask(now: 12, longestWait: 120, isPatient: false) == .wait(seconds: 5))
        #expect(breaker.ask(now: 17, longestWait: 120, isPatient: false) == .go)
        _ = breaker.note(ProviderFailure(.tooOften, "slow", wait: .seconds(700)), now: 20)
        #expect(breaker.ask(now: 20, longestWait: 120, isPatient: true) == .open(seconds: 700))
    }
}

@Suite struct SlidingWindowTests {
    @Test func soManyInAnyMinute() {
        var window = SlidingWindow(3)
        #expect((0..<7).map { _ in window.reserve(1, now: 10) } == [10, 10, 10, 70, 70, 70, 130])
        #expect(window.reserve(1, now: 1000) == 1000)
    }

    @Test func whatIsLargerThanTheLimitGoesAlone() {
        var window = SlidingWindow(100)
        #expect(
            window.reserve(60, now: 0) == 0 && window.reserve(60, now: 0) == 60 && window.reserve(500, now: 0) == 120
                && window.reserve(1, now: 0) == 180)
    }

    /// Of random times and sizes, no minute has more than its limit, and nobody overtakes.
    @Test func noMinuteHasMore() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let most = Double(Int.random(in: 1...20, using: &random))
            var window = SlidingWindow(most)
            var now = 0.0
            var sent: [(time: Double, amount: Double)] = []
            for _ in 0..<200 {
                now += Double(Int.random(in: 0...9, using: &random))
                let amount = Double(Int.random(in: 1...Int(most), using: &random))
                let time = window.reserve(amount, now: now)
                #expect(time >= now && time >= sent.last?.time ?? 0)
                sent.append((time, amount))
                let minute = sent.filter { $0.time > time - 60 }.reduce(0) { $0 + $1.amount }
                #expect(minute <= most)
            }
        }
    }
}

@Suite struct EndpointTests {
    @Test(arguments: [
        ("https://api.openai.com/v1/", "https://api.openai.com/v1", "api.openai.com", true),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1", "local", true),
        ("HTTP://LocalHost", "HTTP://LocalHost", "local", true), ("http://[::1]:9", "http://[::1]:9", "local", true),
        ("http://box.lan:8000", "http://box.lan:8000", "box.lan", false),
        ("https://API.Example.com:8443/x", "https://API.Example.com:8443/x", "api.example.com", true),
        ("http://127.0.0.1.evil.com/v1", "http://127.0.0.1.evil.com/v1", "127.0.0.1.evil.com", false),
    ])
    func whichServiceItIs(_ text: String, _ url: String, _ service: String, _ isPrivate: Bool) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint.url == url && endpoint.service == service && endpoint.isPrivate == isPrivate)
    }

    @Test(arguments: [
        "", "api.openai.com", "ftp://x", "https://", "https://key@api.openai.com", "https://a:b@c/v1", "https://a b/v1",
        "https://a:port/v1", "https://a/v1?key=1",
    ])
    func whatIsNoPlace(_ text: String) { #expect(throws: Endpoint.Problem.self) { try Endpoint(text) } }
}

@Suite struct SecretsTests {
    @Test func variablesOfAFile() {
        let text = "# keys\nA=one\nexport B = two # not this\nC=\"th ree\"\nD='f#our'\nE=\nnonsense\n9=x\nF=a=b\n"
        #expect(Secrets.variables(text) == ["A": "one", "B": "two", "C": "th ree", "D": "f#our", "E": "", "F": "a=b"])
    }
}

@Suite struct PriceTests {
    @Test func usageCostsToTheMillionth() {
        let price = Price(.tokens, 0.10, 0.50, cached: 0.01, cacheWrite: 0.125)
        #expect(price.cost(of: Usage(input: 1_000_000, output: 200_000)) == Cost(usd: 0.2))
        #expect(price.cost(of: Usage(input: 1000, output: 10, cached: 600, cacheWrite: 100)) == Cost(microUSD: 54))
        let steep = Price(.tokens, 0.10, 0.50, above: 100_000, times: 5)
        #expect(
            steep.cost(of: Usage(input: 100_000)) == Cost(microUSD: 10_000)
                && steep.cost(of: Usage(input: 100_001)) == Cost(microUSD: 50_001))
    }

    @Test func theNewestRowOfADayCounts() {
        let table = PriceTable()
        func input(_ model: String, _ day: String, _ place: Endpoint.Place = .usual) -> Double? {
            table.price(of: model, ["gemini"], on: day, at: place)?.input
        }
        #expect(
            input("gemini-4-argon", "2026-11-26") == 2 && input("gemini-4-argon", "2026-12-01") == 4
                && input("gemini-4-argon", "2020-01-01") == nil)
        #expect(input("gemini-4-argon-2026-10-01", "2026-11-26") == 2 && input("gemini-4", "2026-11-26") == nil)
        #expect(input("gemini-4-argon", "2026-11-26", .local) == 0 && input("gemini-4-argon", "2026-11-26", .elsewhere) == nil)
    }

    @Test func aPersonsPricesGoFirst() {
        let table = PriceTable([
            PriceRow("openai", "gpt-6-luna", Price(.tokens, 7)), PriceRow("openai", "*", .free),
            PriceRow("openai", "x", Price(.tokens, 1), validFrom: "2027-01-01"),
        ])
        #expect(table.price(of: "gpt-6-luna", ["openai"], on: "2026-11-26", at: .usual)?.input == 7)
        #expect(
            table.price(of: "x", ["openai"], on: "2026-11-26", at: .elsewhere) == .free
                && table.price(of: "x", ["openai"], on: "2027-01-01", at: .elsewhere)?.input == 1)
        #expect(table.price(of: "x", ["anthropic"], on: "2026-11-26", at: .elsewhere) == nil)
    }
}
