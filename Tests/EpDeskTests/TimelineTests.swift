import EpCore
import EpFiles
import EpPlan
import Testing

@testable import EpDesk
@testable import EpEngine

/// Traces, made of events alone.
@Suite struct TimelineTests {
    private static let noon = Moment(iso8601: "2026-11-26T12:00:00Z")!
    private static let busy = Diagnostic(.providerFailed, "it is busy\nand says more")
    private static let writer = Service(nil, of: "gemini", call: ProviderCall(atMost: nil))

    private static func site(_ target: String) -> StepSite { StepSite(Target(parsing: target)) }

    private static func start(_ target: String, _ service: Service? = nil) -> BuildEvent.Kind {
        .actionStarted(
            BuildEvent.StepStart(
                site(target), tool: ToolName(service == nil ? "command" : "llm"), pool: service == nil ? .cpu : .llm, service: service))
    }

    private static func end(_ target: String, cost: Int64 = 0, usage: [String: Int64] = [:]) -> BuildEvent.Kind {
        let result = ActionResult(outputs: [], servedBy: "gemini m", duration: .seconds(1), cost: Cost(microUSD: cost), usage: usage)
        let address = ActionDigest(Digest(of: Array(target.utf8)))
        return .actionFinished(
            BuildEvent.StepEnd(site: site(target), tool: ToolName("llm"), origin: .executed, address: address, result: result))
    }

    /// Events a second apart.
    private static func timeline(_ kinds: [BuildEvent.Kind]) -> Timeline {
        let build = BuildID(Surroundings(clock: WallClock { noon }, random: { 1 }))
        return kinds.enumerated().reduce(into: Timeline()) { timeline, event in
            let time = noon.adding(seconds: Double(event.offset))
            timeline.observe(BuildEvent(build: build, sequence: event.offset + 1, time: time, episode: "/w/show/ep", kind: event.element))
        }
    }

    @Test func whatRunsAtOnceHasLanesOfItsOwn() {
        let timeline = Self.timeline([
            .started(BuildEvent.BuildStart()), Self.start("a"), Self.start("b"), Self.end("a"), Self.start("c"),
            Self.start("d", Self.writer), Self.end("b"),
        ])
        #expect(timeline.runs.map { "\($0.pool) \($0.lane)" } == ["cpu 1", "cpu 2", "cpu 1", "llm 1"])
        #expect(timeline.runs.map(\.word) == ["executed", "executed", "unfinished", "unfinished"])
    }

    /// Each time that a service was asked, with what came of it; the time between is nobody's.
    @Test func attemptsAreToldApart() throws {
        let retry = Retry("writer", attempts: 1, of: 3, after: Self.busy, cost: Cost(microUSD: 5), wait: .seconds(1))
        let timeline = Self.timeline([
            .started(BuildEvent.BuildStart()), Self.start("a", Self.writer), .actionRetried(Self.site("a"), retry),
            .started(BuildEvent.BuildStart()), Self.end("a", cost: 7, usage: ["input_tokens": 3]),
        ])
        let run = try #require(timeline.runs.first)
        #expect(run.attempts.map { Int($0.ended.seconds(since: $0.started)) } == [1, 1] && run.cost == Cost(microUSD: 12))
        #expect(run.attempts.map(\.problem?.code) == [.providerFailed, nil] && run.attempts.map(\.usage.count) == [0, 1])
        let spans = try #require(OpenTelemetryTrace().value([timeline])["resourceSpans"]?.list?[0]["scopeSpans"]?.list?[0]["spans"]?.list)
        #expect(spans.map { $0["kind"]?.number } == [1, 1, 3, 3] && Set(spans.compactMap { $0["spanId"]?.string }).count == 4)
        #expect(
            spans[3]["parentSpanId"] == spans[1]["spanId"] && spans[1]["parentSpanId"] == spans[0]["spanId"]
                && spans[0]["parentSpanId"] == nil)
        let text = spans.map { $0.json() }
        #expect(text[2].contains("\"error.type\"") && text[3].contains("gen_ai.usage.input_tokens") && text[3].contains("gcp.gemini"))
        #expect(spans.allSatisfy { $0["traceId"]?.string?.count == 32 && $0["spanId"]?.string?.count == 16 })
        #expect(spans[2]["startTimeUnixNano"] == "1795694401000000000")
    }

    /// One that was not even asked (a key is missing, a breaker is open) is no attempt.
    @Test func aFailureBeforeAnybodyIsAskedIsNoAttempt() {
        let failure = Failure(Diagnostic(.keyRejected, "there is no key"), of: Self.site("a"), attempts: 0)
        let timeline = Self.timeline([.started(BuildEvent.BuildStart()), Self.start("a", Self.writer), .failed(failure)])
        #expect(timeline.runs[0].attempts.isEmpty && timeline.runs[0].outcome == .failed)
    }

    /// A fallback has a run of its own.
    @Test func aFallbackFollows() {
        let fallback = ProviderFallback(site: Self.site("a"), asked: "writer", problem: Self.busy, attempts: 1, cost: .zero, next: "spare")
        let timeline = Self.timeline([
            .started(BuildEvent.BuildStart()), Self.start("a", Self.writer), .providerFallback(fallback),
            Self.start("a", Service(nil, of: "offline")), Self.end("a"),
        ])
        #expect(timeline.runs.map(\.outcome) == [.fallback, .executed] && timeline.runs.map(\.attempts.count) == [1, 0])
    }

    @Test func chromeHasATrackForEachLane() throws {
        let timeline = Self.timeline([
            .started(BuildEvent.BuildStart()), Self.start("a"), Self.start("b"), Self.end("a"), .passRepeated(reason: "it changed"),
            .finished(BuildReport(episode: "ep")),
        ])
        let events = try #require(ChromeTrace().value([timeline, timeline])["traceEvents"]?.list)
        #expect(Set(events.compactMap { $0["pid"]?.number }) == [1, 2])
        let first = events.filter { $0["pid"] == 1 }
        #expect(first.filter { $0["name"] == "thread_name" }.compactMap { $0["args"]?["name"]?.string } == ["build", "cpu 1", "cpu 2"])
        let a = try #require(first.first { $0["name"] == "a" })
        #expect(a["ph"] == "X" && a["ts"] == 1_795_694_401_000_000 && a["dur"] == 2_000_000 && a["args"]?["action"] != nil)
        #expect(first.contains { $0["ph"] == "i" && $0["name"] == "pass_repeated" })
        #expect(first.first { $0["name"] == "b" }?["args"]?["outcome"] == "unfinished")
    }
}
