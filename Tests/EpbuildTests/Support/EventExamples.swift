import EpCore
import EpFiles
import EpPlan

@testable import EpEngine

/// One event of each kind, and more where its keys differ. Whoever adds a kind is led here by the compiler.
enum EventExamples {
    static let all: [BuildEvent] = kinds.enumerated().map { number, kind in
        BuildEvent(
            build: BuildID(surroundings), sequence: number + 1, time: Moment(seconds: 1_800_000_000), episode: "/w/show/ep", kind: kind)
    }

    private static let surroundings = Surroundings(clock: WallClock { Moment(seconds: 1_800_000_000) }, random: { 7 })
    private static let site = StepSite(
        Target(stage: StageName("say"), item: "3"), step: "measure", at: SourceLocation(file: "s.fountain", line: 3, column: 1))
    private static let bare = StepSite(Target(stage: StageName("say")))
    private static let problem = Diagnostic(.providerFailed, "it is busy", at: SourceLocation(file: "p.md", line: 2), remedy: "wait")
    private static let failure = Failure(problem, of: site, attempts: 3, cost: Cost(microUSD: 12))

    private static var kinds: [BuildEvent.Kind] {
        var kinds: [BuildEvent.Kind] = []
        var last: BuildEvent.Kind?
        while let next = examples(after: last), let example = next.last {
            kinds += next
            last = example
        }
        return kinds
    }

    /// A chain through all kinds; nil ends it.
    private static func examples(after kind: BuildEvent.Kind?) -> [BuildEvent.Kind]? {
        switch kind {
        case nil: [.started(BuildEvent.BuildStart()), .started(BuildEvent.BuildStart(isDraft: true, isRetry: true))]
        case .started: [.planned([(StageName("say"), 4, false)])]
        case .planned: starts.map(BuildEvent.Kind.actionStarted)
        case .actionStarted: ends
        case .actionFinished: [.failed(Failure(problem)), .failed(failure)]
        case .failed: [.actionSaid(site, ["hello", ""])]
        case .actionSaid: [.actionStoodIn(StandIn(site: site, what: "silence", reason: problem))]
        case .actionStoodIn:
            [.actionRetried(site, Retry("writer", attempts: 1, of: 3, after: problem, cost: Cost(microUSD: 1), wait: .milliseconds(1500)))]
        case .actionRetried: [.actionStalled(site, Stall(seconds: 60, action: .wait))]
        case .actionStalled:
            [
                .actionRemote(bare, RemoteStage(.queued, of: "grpc://cluster/main")),
                .actionRemote(site, RemoteStage(.completed, of: "grpc://cluster/main", worker: "w1", queuedSeconds: 0.5, workedSeconds: 2)),
            ]
        case .actionRemote: [.leaseWaiting(site, LeaseWait(in: "s3://bucket/builders"))]
        case .leaseWaiting: changes
        case .breakerChanged:
            [.providerFallback(ProviderFallback(site: site, asked: "writer", problem: problem, attempts: 3, cost: .zero, next: "spare"))]
        case .providerFallback: [.actionExplained(site, [InputChange(label: "prompt.md:2", old: "a", new: "")])]
        case .actionExplained: [.actionBlocked(site)]
        case .actionBlocked: [.cacheHealed(problem)]
        case .cacheHealed: [.warning(Diagnostic(.badInput, "twice", severity: .warning))]
        case .warning: [.editDetected(site.target, file: "say/3.txt")]
        case .editDetected: [.pinned(site.target)]
        case .pinned: gates.map(BuildEvent.Kind.gateWaiting)
        case .gateWaiting:
            [
                .gateDecided(bare.target, .approved, by: "Ann"), .gateDecided(bare.target, .rejected, by: "Ann"),
                .gateDecided(bare.target, .approved, by: "epbuild"),
            ]
        case .gateDecided: [.wrote("out/a.mp3")]
        case .wrote: [.removed("out/a.mp3")]
        case .removed: [.passRepeated(reason: "a blob was damaged")]
        case .passRepeated: outcomes.map { .finished(report($0)) }
        case .finished: nil
        }
    }

    private static let starts: [BuildEvent.StepStart] = [
        BuildEvent.StepStart(bare, tool: ToolName("command"), pool: .cpu),
        BuildEvent.StepStart(site, tool: ToolName("tts"), pool: Pool("provider writer"), service: Service(nil, of: "espeak")),
        BuildEvent.StepStart(site, tool: ToolName("llm"), pool: .llm, service: Service(nil, of: "openai", call: ProviderCall(atMost: nil))),
    ]
    private static let ends: [BuildEvent.Kind] = [BuildEvent.Origin.executed, .cache, .remote].map { origin in
        let result = ActionResult(
            outputs: [], servedBy: "openai m", duration: .seconds(2), cost: Cost(microUSD: 4500), usage: ["input_tokens": 10])
        let address = ActionDigest(Digest(of: Array("a".utf8)))
        return .actionFinished(BuildEvent.StepEnd(site: site, tool: ToolName("llm"), origin: origin, address: address, result: result))
    }
    private static let changes: [BuildEvent.Kind] = [
        BreakerChange(opened: "openai m", seconds: 60, because: "busy"),
        BreakerChange(opened: "openai m", seconds: nil, because: "no money"), BreakerChange(closed: "openai m"),
    ].map(BuildEvent.Kind.breakerChanged)
    private static let gates = [GateState.open, .overdue, .rejected(note: "no")].map {
        GateReport(target: bare.target, state: $0, isEdited: true, files: ["a.txt"])
    }
    private static let outcomes: [BuildReport.Outcome] = [.built, .upToDate, .failed, .waiting, .paused, .overBudget, .interrupted]

    private static func report(_ outcome: BuildReport.Outcome) -> BuildReport {
        var report = BuildReport(episode: "show/ep")
        report.outcome = outcome
        report.stages = [(StageName("say"), BuildReport.Counts(executed: 1, failed: 1))]
        report.actions.missing = 2
        report.outputs = ["a.mp3"]
        report.edits = EditState.allCases.map { EditReport(target: bare.target, file: "say.txt", state: $0) }
        report.gates = gates
        report.failures = [failure, Failure(problem)]
        report.warnings = [problem]
        if outcome == .overBudget { report.reason = problem }
        return report
    }
}
