import EpCore
import EpFiles
import EpHTTP
import EpPlan
import FoundationEssentials
import Synchronization
import Testing

@testable import EpEngine
@testable import EpProviders

/// A service that fails by chance in every way that services do, and time that passes only where somebody waits.
private final class FaultyService: HTTPClient {
    private struct State {
        var now = 0.0
        var random: SeededChance
        var faults: Int
        var requests = 0
        /// Requests on their way.
        var flying = 0
        /// When those who sleep wake, by their numbers.
        var ends: [Int: Double] = [:]
        var sleepers = 0
        /// By prompt: how often it was answered well, as far as anybody here can tell.
        var answered: [String: Int] = [:]
    }

    private let state: Mutex<State>

    /// - Parameter faults: of a hundred requests, how many fail.
    init(seed: UInt64, faults: Int) { state = Mutex(State(random: SeededChance(seed), faults: faults)) }

    /// From now on, two hours later, it serves.
    func heal() {
        state.withLock { state in
            (state.faults, state.requests, state.now) = (0, 0, state.now + 7200)
        }
    }

    var now: Double { state.withLock(\.now) }
    var requests: Int { state.withLock(\.requests) }
    var answered: [String: Int] { state.withLock(\.answered) }

    var time: PassingTime {
        PassingTime(
            now: { [self] in now }, date: { Moment(iso8601: "2026-11-25T12:00:00Z")! },
            chance: { [self] in state.withLock { Double.random(in: 0..<1, using: &$0.random) } })
    }

    /// Time goes on to the end of the shortest sleep, and only while no request is on its way: however slow this machine is, whoever watches
    /// what is at work sees no time pass.
    func sleep(_ duration: Duration) async {
        let (sleeper, end) = state.withLock { state in
            state.sleepers += 1
            let end = state.now + duration.seconds
            state.ends[state.sleepers] = end
            return (state.sleepers, end)
        }
        defer { state.withLock { _ = $0.ends.removeValue(forKey: sleeper) } }
        var quiet = 0
        while !Task.isCancelled {
            let (isOver, isNext) = state.withLock { state in
                if state.now >= end { return (true, false) }
                let isNext = state.flying == 0 && state.ends.values.min() == end
                quiet = isNext ? quiet + 1 : 0
                if quiet >= 100 { state.now = end }
                return (quiet >= 100, isNext)
            }
            if isOver { return }
            if isNext { await Task.yield() } else { try? await Task.sleep(for: .milliseconds(1)) }
        }
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let prompt = Self.prompt(of: request)
        state.withLock { $0.flying += 1 }
        defer { state.withLock { $0.flying -= 1 } }
        await Task.yield()
        let (fails, kind) = state.withLock { state in
            state.requests += 1
            return (Int.random(in: 0..<100, using: &state.random) < state.faults, Int.random(in: 0..<14, using: &state.random))
        }
        guard fails else {
            state.withLock { $0.answered[prompt, default: 0] += 1 }
            return Self.response(200, Self.answer(prompt))
        }
        let whole = Self.answer(prompt)
        switch kind {
        case 0: throw HTTPError(.timedOut, "slow")
        case 1: throw HTTPError(.brokenOff, "reset")
        case 2: throw HTTPError(.unreachable, "refused")
        case 3: return Self.response(200, String(whole.prefix(whole.count / 2)))
        case 4: return Self.response(429, "{}", ["Retry-After": "7"])
        case 5: return Self.response(429, "{}", ["Retry-After": "Wed, 25 Nov 2026 12:00:09 GMT"])
        case 6: return Self.response(429, "{}", ["retry-after-ms": "1500"])
        case 7: return Self.response(429, "{}", ["Retry-After": "3600"])
        case 8: return Self.response(503, "<html>busy</html>", [])
        case 9: return Self.response(529, "", [])
        case 10: return Self.response(200, #"{"error":{"code":502,"message":"late"}}"#)
        case 11: return Self.response(200, "data: {\"choices\":[]}\n\ndata: {\"error\":{\"message\":\"mid-stream\"}}\n\n")
        case 12: return Self.response(200, "")
        default: return Self.response(200, #"{"choices":[{"message":{"content":"cut"},"finish_reason":"length"}]}"#)
        }
    }

    private static func prompt(of request: HTTPRequest) -> String {
        guard case .bytes(let bytes) = request.body else { return "" }
        return Value(json: bytes)?.at("messages", "0", "content")?.string ?? ""
    }

    private static func answer(_ prompt: String) -> String {
        #"{"model":"m","choices":[{"message":{"content":"heard: \#(prompt)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}"#
    }

    private static func response(_ status: Int, _ body: String, _ headers: HTTPHeaders = []) -> HTTPResponse {
        let isWanted = (200...299).contains(status), bytes = Array(body.utf8)
        return HTTPResponse(
            HTTPHead(status: status, headers: headers), body: .bytes(isWanted ? bytes : []), errorBody: isWanted ? [] : bytes)
    }
}

private struct SeededChance: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ mixed >> 33
    }
}

/// Whole builds over a service that fails by chance.
@Suite struct FaultScheduleTests {
    private static let lines = 50
    private static let attempts = 3

    private func machines(_ service: FaultyService) throws -> TwoMachines {
        let services = Services(client: service, secrets: Secrets { _ in "sk-secret" }, time: service.time)
        var surroundings = Surroundings.system
        surroundings.sleep = { duration in
            try Task.checkCancellation()
            await service.sleep(duration)
        }
        let machines = try TwoMachines(models: [], more: [OpenAIModel()], services: services, surroundings: surroundings)
        try machines.providers("w: { tool: llm, use: openai, model: m, attempts: \(Self.attempts), limit: 16 }")
        try machines.write("lines:\n" + (1...Self.lines).map { "- { text: line \($0) }\n" }.joined(), to: "w/show/ep/lines.yaml")
        try machines.write("Say {{ item.text }}", to: "w/show/prompt.md")
        try machines.pipeline(
            "list: { source: lines.yaml }", "text: { tool: llm, each: list.lines, prompt: prompt.md, output: text.txt, deliver: true }")
        return machines
    }

    /// Each ends, rightly, within its calls and its time; and the same command again, once the service is well, finishes it without asking
    /// for what is there.
    @Test func everyScheduleOfFaultsEndsRightly() async throws {
        let count = ProcessInfo.processInfo.environment["EPBUILD_TEST_SCHEDULES"].flatMap { Int($0) } ?? 8
        let seed = ProcessInfo.processInfo.environment["EPBUILD_TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...1_000_000)
        var (whole, broken) = (0, 0)
        for round in 0..<count {
            let service = FaultyService(seed: seed + UInt64(round), faults: [0, 5, 30, 60, 95][round % 5])
            let machines = try machines(service)
            var options = BuildOptions()
            options.keepGoing = true
            let report = try await machines.build(options)
            let context = Comment(
                "seed \(seed), round \(round): \(report.actions.executed) executed, \(report.failures.count) failed, \(service.answered.count) answered: \(report.failures.prefix(2))"
            )
            #expect(
                report.failures.allSatisfy {
                    [.providerFailed, .badAnswer].contains($0.problem.code) && (0...Self.attempts).contains($0.attempts)
                }, context)
            #expect(service.requests <= Self.lines * Self.attempts && service.now < 1800 * 3, context)
            #expect(service.answered.values.allSatisfy { $0 == 1 }, "what was answered is not asked again: \(context)")
            let done = report.actions.executed
            #expect(done + report.failures.count == Self.lines && done == service.answered.count, context)
            (whole, broken) = (whole + (report.failures.isEmpty ? 1 : 0), broken + (report.failures.isEmpty ? 0 : 1))

            service.heal()
            let second = try await machines.build()
            #expect(second.outcome == (done == Self.lines ? .upToDate : .built) && service.requests == Self.lines - done, context)
            #expect(Set(second.outputs.compactMap { machines.read($0) }) == Set((1...Self.lines).map { "heard: Say line \($0)" }), context)
        }
        if count >= 8 { #expect(whole > 0 && broken > 0, "seed \(seed): all kinds of schedules were there") }
    }
}
