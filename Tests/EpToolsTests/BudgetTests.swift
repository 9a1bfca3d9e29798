import EpCore
import EpFiles
import EpPlan
import FoundationEssentials
import Synchronization
import Testing

@testable import EpEngine
@testable import EpProviders

/// Says what was spent, and counts how often it is asked.
private final class TestLedger: SpendingLedger {
    private let answer: Result<(episode: Cost, month: Cost), Diagnostic>
    private let count = Mutex(0)
    var asked: Int { count.withLock(\.self) }

    init(episode: Double, month: Double) { answer = .success((Cost(usd: episode), Cost(usd: month))) }
    init(_ problem: Diagnostic) { answer = .failure(problem) }

    func spent(by place: EpisodePlace, inMonthOf moment: Moment) async throws(Diagnostic) -> (episode: Cost, month: Cost) {
        count.withLock { $0 += 1 }
        return try answer.get()
    }

    func send(_ call: PaidCall, for site: StepSite, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> Int64 { 0 }
    func end(_ number: Int64, _ end: PaidCall.End, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) {}
    func takeLost(of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> [LostCall] { [] }
}

/// What may be spent bounds what is run, whoever asks for it; what is done stays.
@Suite struct BudgetTests {
    /// An answer costs five cents, and may cost thirty.
    private let model = TestModel("dear", price: ProviderCall(atMost: Cost(usd: 0.3)), cost: Cost(usd: 0.05))
    private let free = TestModel("free")

    /// Four prompts, all to be answered.
    private func machines(_ workspace: String = "", _ models: [TestModel]? = nil, ledger: (any SpendingLedger)? = nil) throws -> TwoMachines
    {
        let machines = try TwoMachines(models: models ?? [model, free], ledger: ledger)
        try machines.write(
            "providers: { w: { tool: llm, use: dear, fallback: { refused: [f] } }, f: { tool: llm, use: free } }\n\(workspace)",
            to: "w/epbuild.yaml")
        for name in ["a", "b", "c", "d"] { try machines.write("Tell \(name).", to: "w/show/\(name).md") }
        try machines.write(
            "stages:\n" + ["a", "b", "c", "d"].map { "  \($0): { tool: llm, prompt: \($0).md, deliver: true }\n" }.joined(),
            to: "w/show/pipeline.yaml")
        return machines
    }

    private func options(_ budget: Double?) -> BuildOptions {
        var options = BuildOptions()
        options.budget = budget.map(Cost.init(usd:))
        return options
    }

    @Test func aBudgetEndsTheBuildAndMoreGoesOn() async throws {
        let machines = try machines()
        // Four may run at once, and only one of them fits.
        let report = try await machines.build(options(0.4))
        #expect(report.outcome == .overBudget && report.exitStatus == .tryAgain && report.failures.isEmpty)
        #expect((report.actions.executed, report.actions.missing, report.cost) == (3, 1, Cost(usd: 0.15)))
        // Which of the four comes last is a matter of the shared cache.
        let message = report.reason?.message ?? ""
        #expect(message.hasPrefix("the budget of this run is $0.4000, of which $0.1500 is spent: that is too little for "), "\(message)")
        #expect(message.hasSuffix(", which may cost $0.3000"), "\(message)")
        #expect(
            report.reason?.code == .overBudget && report.reason?.remedy?.contains("--budget") == true
                && report.value["reason"]?["id"]?.string == "EP0203")
        #expect(model.takeAsked() == 3)
        let more = try await machines.build(options(0.3))
        #expect(more.outcome == .built && more.cost == Cost(usd: 0.05) && model.takeAsked() == 1)
        #expect(try await machines.build(options(0)).outcome == .upToDate)
    }

    /// Of very many prompts that are answered, one is new: nobody is warned of the price of all.
    @Test func onlyWhatIsMissingIsWarnedOf() async throws {
        let machines = try machines()
        func write(_ edited: Int? = nil) throws {
            try machines.write((0..<300).map { "line \($0)\($0 == edited ? " edited" : "")\n" }.joined(), to: "w/show/ep/script.txt")
        }
        try machines.write("Tell {{ item.text }}.", to: "w/show/a.md")
        try machines.pipeline("texts: { source: script.txt }", "told: { tool: llm, prompt: a.md, each: texts.lines }")
        try write()
        #expect(try await machines.build().actions.executed == 300)
        let happened = Happened()
        try write(170)
        let report = try await machines.build(options(0.5), happened)
        #expect(report.outcome == .built && report.actions.executed == 1 && happened.warnings == [])
        // The line of before is in the cache.
        try write(171)
        #expect(try await machines.build(options(0.2), happened).outcome == .overBudget)
        try machines.write("Say {{ item.text }}.", to: "w/show/a.md")
        #expect(try await machines.build(options(0.5), happened).outcome == .overBudget)
        #expect(happened.warnings.first?.hasPrefix("what is going to run may cost up to $90.00") == true, "\(happened.warnings)")
    }

    @Test func withoutABudgetAnyPriceWillDo() async throws {
        let unknown = TestModel("dear", price: ProviderCall(atMost: nil), cost: Cost(usd: 0.05))
        let machines = try machines("", [unknown, free])
        let refused = try await machines.build(options(5))
        #expect(refused.exitStatus == .badInput && unknown.takeAsked() == 0)
        #expect(refused.failures.first?.problem.message == "nobody knows what w costs, and what may be spent is limited")
        #expect(refused.failures.first?.problem.remedy?.contains("prices:") == true)
        #expect(try await machines.build().cost == Cost(usd: 0.2))
    }

    @Test(arguments: [("episode_usd: 1.00", "episode"), ("month_usd: 1.30", "month")])
    func whatWasSpentBeforeCounts(_ budget: String, _ scope: String) async throws {
        let ledger = TestLedger(episode: 0.6, month: 0.9)
        let machines = try machines("budget: { \(budget) }\n", ledger: ledger)
        let report = try await machines.build()
        #expect(report.outcome == .overBudget && report.actions.executed == 3 && ledger.asked == 1)
        #expect(
            report.reason?.message.hasPrefix("the budget of this \(scope) is ") == true
                && report.reason?.remedy?.contains("\(scope)_usd") == true)
    }

    /// The ledger is opened by nobody who spends nothing.
    @Test func whoSpendsNothingAsksNoLedger() async throws {
        let ledger = TestLedger(Diagnostic(.system, "the ledger is broken"))
        let machines = try machines("budget: { episode_usd: 5 }\n", [free, TestModel("dear")], ledger: ledger)
        #expect(try await machines.build().outcome == .built && ledger.asked == 0)
    }

    @Test func whatCannotBeCountedIsNotSpent() async throws {
        let ledger = TestLedger(Diagnostic(.system, "the ledger is broken"))
        let report = try await machines("budget: { episode_usd: 5 }\n", ledger: ledger).build()
        #expect(report.outcome == .failed && report.failures.first?.problem.message == "the ledger is broken" && model.takeAsked() == 0)
    }

    @Test func theFuseStopsWhatAsksAgainAndAgain() async throws {
        let cheap = TestModel("dear", price: ProviderCall(atMost: .zero))
        let machines = try machines("limits: { calls: 3 }\n", [cheap, free])
        let report = try await machines.build()
        #expect(report.outcome == .overBudget && report.exitStatus == .tryAgain && cheap.takeAsked() == 3)
        #expect(report.reason?.remedy?.contains("limits: { calls: 3 }") == true)
        #expect(try await machines.build().outcome == .built && cheap.takeAsked() == 1)
    }

    /// A failure may cost, too; who serves in its place passes the same door.
    @Test func whatAFailureCostsIsSpent() async throws {
        let machines = try machines()
        model.fail(StepFailure(Diagnostic(.actionFailed, "no"), .refused, cost: Cost(usd: 0.05)))
        let happened = Happened()
        let report = try await machines.build(options(0.4), happened)
        #expect(report.outcome == .overBudget && report.cost == Cost(usd: 0.15) && model.takeAsked() == 3 && free.takeAsked() == 3)
        #expect(happened.fallbacks.map(\.cost) == Array(repeating: Cost(usd: 0.05), count: 3))
        #expect(try await machines.build().outcome == .built && model.takeAsked() == 1)
    }

    @Test func aPauseStartsNothing() async throws {
        let machines = try machines("limits: { llm: 1 }\n")
        let pause = "w/.epbuild/pause"
        model.whenAsked { [path = machines.path] in
            try? FileManager.default.createDirectory(atPath: "\(path)/w/.epbuild", withIntermediateDirectories: true)
            try? Data().write(to: URL(filePath: "\(path)/\(pause)"))
        }
        // What runs is finished and stored.
        let first = try await machines.build()
        #expect(first.outcome == .paused && first.exitStatus == .tryAgain && first.actions.executed == 1 && model.takeAsked() == 1)
        #expect(
            first.reason?.message == "the builds of this workspace are paused, as there is a file \(pause)" && first.reason?.code == .paused
        )
        var draft = BuildOptions()
        draft.isDraft = true
        #expect(try await machines.build(draft).outcome == .paused && free.takeAsked() == 0)
        model.whenAsked {}
        #expect(try await machines.build().outcome == .paused && model.takeAsked() == 0)
        try FileManager.default.removeItem(atPath: "\(machines.path)/\(pause)")
        #expect(try await machines.build().outcome == .built && model.takeAsked() == 3)
        try machines.write("", to: pause)
        #expect(try await machines.build().outcome == .upToDate)
    }

    @Test func takesShareTheBudget() async throws {
        let machines = try machines()
        let report = try await machines.builder().makeTakes(9, of: Target(parsing: "a"), at: machines.place(), options(0.4), readings: [])
        #expect(report.outcome == .overBudget && report.cost == Cost(usd: 0.15) && model.takeAsked() == 3)
    }

    @Test(arguments: [
        ("budget: { episode_usd: -1 }", "`episode_usd` of `budget` must be a number from 0 to 1000000 US dollars, not the number -1"),
        ("budget: { epsode_usd: 1 }", "`budget` has an unknown key `epsode_usd`"),
        ("limits: { calls: many }", "`calls` of `limits` must be a whole number from 0 to 1000000000, not the text \"many\""),
    ])
    func mistakesAreTold(_ workspace: String, _ message: String) async throws {
        let report = try await machines(workspace + "\n").build()
        #expect(
            report.failures.map(\.problem.message) == [message] && report.exitStatus == .badInput
                && report.failures[0].problem.location?.line == 2)
    }
}
