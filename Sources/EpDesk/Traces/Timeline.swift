import EpCore
import EpEngine
import EpFiles
import EpPlan

/// What ran when in one build, as its events tell: a value that events change. It knows no form of a trace.
struct Timeline: Sendable {
    /// A step that had a place, from its start to its end.
    struct Run: Sendable {
        let site: StepSite
        let tool: ToolName
        let pool: Pool
        /// Its place in the pool, from 1: of several that run at once, each has its own.
        let lane: Int
        let service: Service?
        let started: Moment
        var ended: Moment?
        /// How it ended, in a word; nil if it did not: the build ended before.
        var outcome: Outcome?
        var address: ActionDigest?
        var result: ActionResult?
        var problem: Diagnostic?
        /// What it has cost, failed attempts too.
        var cost = Cost.zero
        /// How often its service was asked; none if it asks none.
        var attempts: [Attempt] = []
        /// When the next attempt begins.
        fileprivate var next: Moment
    }

    enum Outcome: String, Sendable { case executed, cache, remote, failed, fallback, placeholder }

    /// A service that was asked once.
    struct Attempt: Sendable {
        let started: Moment
        let ended: Moment
        /// Nil: it has served.
        let problem: Diagnostic?
        let cost: Cost
        /// As it was counted, by unit.
        var usage: [String: Int64] = [:]
    }

    /// Something that took no time: a breaker, a gate, a warning.
    struct Mark: Sendable {
        let time: Moment
        let name: String
        let words: String
    }

    private(set) var build: BuildID?
    private(set) var episode = ""
    private(set) var started = Moment(milliseconds: 0)
    private(set) var ended = Moment(milliseconds: 0)
    private(set) var report: BuildReport?
    /// In the order in which they were started.
    private(set) var runs: [Run] = []
    private(set) var marks: [Mark] = []
    /// What runs, by its step.
    private var running: [StepSite: Int] = [:]
    /// The places of each pool: true if somebody has it.
    private var lanes: [Pool: [Bool]] = [:]

    mutating func observe(_ event: BuildEvent) {
        if build == nil { (build, episode, started) = (event.build, event.episode, event.time) }
        ended = max(ended, event.time)
        switch event.kind {
        case .actionStarted(let start): begin(start, event.time)
        case .actionRetried(let site, let retry): change(site) { $0.retry(retry, event.time) }
        case .actionFinished(let end): finish(end, event.time)
        case .failed(let failure):
            if let site = failure.site { finish(site, .failed, failure.problem, failure.attempts, failure.cost, event.time) }
        case .providerFallback(let fallback):
            finish(fallback.site, .fallback, fallback.problem, fallback.attempts, fallback.cost, event.time)
        case .actionStoodIn(let standIn): finish(standIn.site, .placeholder, standIn.reason, 0, .zero, event.time)
        case .breakerChanged(let change): mark(event, change.words)
        case .actionStalled(let site, let stall): mark(event, "\(site.target): \(stall.words)")
        case .gateWaiting(let gate): mark(event, "\(gate.target)")
        case .cacheHealed(let problem), .warning(let problem): mark(event, problem.headline)
        case .passRepeated(let reason): mark(event, reason)
        case .finished(let report): finish(report, event.time)
        default: break
        }
    }

    // MARK: runs

    private mutating func begin(_ start: BuildEvent.StepStart, _ time: Moment) {
        // One that was withdrawn or whose pass was repeated has told nothing.
        close(start.site, time)
        var places = lanes[start.pool] ?? []
        let lane = places.firstIndex(of: false) ?? places.count
        if lane == places.count { places.append(true) } else { places[lane] = true }
        lanes[start.pool] = places
        running[start.site] = runs.count
        let (site, tool, pool, service) = (start.site, start.tool, start.pool, start.service)
        runs.append(Run(site: site, tool: tool, pool: pool, lane: lane + 1, service: service, started: time, next: time))
    }

    private mutating func change(_ site: StepSite, _ body: (inout Run) -> Void) {
        if let index = running[site] { body(&runs[index]) }
    }

    private mutating func finish(_ end: BuildEvent.StepEnd, _ time: Moment) {
        let outcome = Outcome(rawValue: end.origin.rawValue)
        change(end.site) { run in
            (run.outcome, run.address, run.result) = (outcome, end.address, end.result)
            guard end.origin == .executed else { return }
            run.cost += end.result.cost
            run.add(until: time, nil, end.result.cost, usage: end.result.usage)
        }
        close(end.site, time)
    }

    /// - Parameter attempts: how often its service was asked in all.
    private mutating func finish(
        _ site: StepSite, _ outcome: Outcome, _ problem: Diagnostic, _ attempts: Int, _ cost: Cost, _ time: Moment
    ) {
        change(site) { run in
            (run.outcome, run.problem) = (outcome, problem)
            run.cost += cost
            if attempts > run.attempts.count { run.add(until: time, problem, cost) }
        }
        close(site, time)
    }

    private mutating func close(_ site: StepSite, _ time: Moment) {
        guard let index = running.removeValue(forKey: site) else { return }
        runs[index].ended = time
        lanes[runs[index].pool]?[runs[index].lane - 1] = false
    }

    private mutating func finish(_ report: BuildReport, _ time: Moment) {
        running.keys.forEach { close($0, time) }
        self.report = report
    }

    private mutating func mark(_ event: BuildEvent, _ words: String) {
        marks.append(Mark(time: event.time, name: event.kind.name, words: words))
    }
}

extension Timeline.Run {
    /// What it came to, in a word: of one that did not come to an end, that.
    var word: String { outcome?.rawValue ?? "unfinished" }

    fileprivate mutating func retry(_ retry: Retry, _ time: Moment) {
        cost += retry.cost
        add(until: time, retry.problem, retry.cost)
        next = time.adding(seconds: retry.wait.seconds)
    }

    fileprivate mutating func add(until time: Moment, _ problem: Diagnostic?, _ cost: Cost, usage: [String: Int64] = [:]) {
        guard service?.call != nil else { return }
        attempts.append(Timeline.Attempt(started: min(next, time), ended: time, problem: problem, cost: cost, usage: usage))
    }
}
