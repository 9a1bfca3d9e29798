import EpCore
import EpPlan
import Testing

@testable import EpEngine

@Suite struct SpendingTests {
    private static func budget(episode: Int64? = nil, month: Int64? = nil) -> Budget {
        var budget = Budget()
        (budget.episode, budget.month) = (episode.map(Cost.init(microUSD:)), month.map(Cost.init(microUSD:)))
        return budget
    }

    private static func call(_ most: Int64?) -> ProviderCall { ProviderCall(atMost: most.map(Cost.init(microUSD:))) }

    @Test func whatIsSetAsideIsFreeAgainWhenItHasEnded() {
        var spending = Spending(Budget(), calls: 10, run: Cost(microUSD: 100))
        let first = spending.ask(StepID(0), Self.call(60))
        // There may be room for it later, and for who comes after it.
        let second = [spending.ask(StepID(1), Self.call(60)), spending.ask(StepID(2), Self.call(1))]
        #expect(first == .go && second == [.wait, .wait] && spending.reservedSum.microUSD == 60)
        spending.settle(StepID(0), cost: Cost(microUSD: 10), isLost: false)
        #expect(spending.takeWaiting() == [StepID(1), StepID(2)] && spending.takeWaiting().isEmpty)
        let third = [spending.ask(StepID(1), Self.call(60)), spending.ask(StepID(2), Self.call(1)), spending.ask(StepID(3), nil)]
        #expect(third == [.go, .go, .go])
        spending.settle(StepID(1), cost: Cost(microUSD: 50), isLost: true)
        spending.settle(StepID(2), cost: .zero, isLost: false)
        #expect((spending.spent.microUSD, spending.lost.microUSD, spending.calls) == (60, 50, 3) && spending.reserved.isEmpty)
        // What is too little for one is too little for all that cost, so that what runs is no matter of chance.
        let last = [
            spending.ask(StepID(4), Self.call(41)), spending.ask(StepID(5), Self.call(1)), spending.ask(StepID(6), Self.call(0)),
            spending.ask(StepID(7), nil),
        ]
        #expect(last == [.refused(.overBudget(.run)), .refused(.overBudget(.run)), .go, .go])
    }

    @Test func theLedgerIsAskedOnlyForItsBudgets() {
        var run = Spending(Budget(), calls: 10, run: Cost(microUSD: 100))
        var month = Spending(Self.budget(month: 100), calls: 10, run: nil)
        let first = [
            run.ask(StepID(0), Self.call(1)), month.ask(StepID(0), Self.call(0)), month.ask(StepID(1), Self.call(1)),
            month.ask(StepID(2), Self.call(nil)),
        ]
        #expect(first == [.go, .go, .askLedger, .refused(.unpriced)])
        month.know(episode: Cost(microUSD: 1000), month: Cost(microUSD: 99))
        #expect(month.takeWaiting() == [StepID(1)])
        let second = [month.ask(StepID(1), Self.call(1)), month.ask(StepID(2), Self.call(2))]
        #expect(second == [.go, .refused(.overBudget(.month))])
    }

    /// Another pass of a build goes on where the one before has ended: what the ledger has told is of before both.
    @Test func passesShareWhatWasSpent() {
        var first = Spending(Self.budget(episode: 100), calls: 2, run: nil)
        first.know(episode: Cost(microUSD: 50), month: .zero)
        let answer = first.ask(StepID(0), Self.call(30))
        first.settle(StepID(0), cost: Cost(microUSD: 30), isLost: false)
        var second = Spending(Self.budget(episode: 100), calls: 2, run: nil, after: first)
        let answers = [second.ask(StepID(0), Self.call(20)), second.ask(StepID(1), Self.call(0))]
        #expect(answer == .go && answers == [.go, .refused(.outOfCalls)])
    }

    @Test func unknownPricesPassWhereNothingIsLimited() {
        var spending = Spending(Budget(), calls: 1, run: nil)
        let answers = [spending.ask(StepID(0), Self.call(nil)), spending.ask(StepID(1), Self.call(0))]
        #expect(answers == [.go, .refused(.outOfCalls)])
    }

    /// Ten thousand builds of chance: whatever ends in whatever order, fails, and is killed and begun again, no budget is ever passed and
    /// nothing stays set aside.
    @Test func noBudgetIsEverPassed() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        var (refused, waited, failed, killed) = (0, 0, 0, 0)
        for round in 0..<10_000 {
            var build = Simulated(&random)
            build.run(&random)
            (refused, waited, failed, killed) = (
                refused + build.refused, waited + build.waited, failed + build.failed, killed + build.killed
            )
            guard build.problem == nil else {
                Issue.record("seed \(seed), round \(round): \(build.problem ?? "")")
                return
            }
        }
        // The chance was such that all of it has happened.
        #expect(refused > 1000 && waited > 1000 && failed > 1000 && killed > 1000, "seed \(seed)")
    }
}

/// A build of chance, a few steps of which run at once.
private struct Simulated {
    private var spending: Spending
    private var limits: [(before: Int64, limit: Int64)] = []
    private let budget: Budget
    private let runLimit: Int64?
    private var ready: [StepID]
    private let calls: [ProviderCall?]
    private var running: [StepID] = []
    private let width: Int
    private let most: Int
    private(set) var (refused, waited, failed, killed) = (0, 0, 0, 0)
    /// By all processes together, as the providers count it.
    private var billed: Int64 = 0
    private(set) var problem: String?

    init(_ random: inout Seeded) {
        func limit(_ random: inout Seeded) -> Int64? { Bool.random(using: &random) ? Int64.random(in: 0...400, using: &random) : nil }
        let (run, episode, month) = (limit(&random), limit(&random), limit(&random))
        let (episodeBefore, monthBefore) = (Int64.random(in: 0...100, using: &random), Int64.random(in: 0...100, using: &random))
        var budget = Budget()
        (budget.episode, budget.month) = (episode.map(Cost.init(microUSD:)), month.map(Cost.init(microUSD:)))
        most = .random(in: 0...30, using: &random)
        spending = Spending(budget, calls: most, run: run.map(Cost.init(microUSD:)))
        (self.budget, runLimit) = (budget, run)
        (before, first) = ((episodeBefore, monthBefore), (episodeBefore, monthBefore))
        calls = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            switch Int.random(in: 0..<8, using: &random) {
            case 0: nil
            case 1: ProviderCall(atMost: .zero)
            case 2: ProviderCall(atMost: nil)
            default: ProviderCall(atMost: Cost(microUSD: .random(in: 1...80, using: &random)))
            }
        }
        ready = calls.indices.map(StepID.init)
        width = .random(in: 1...8, using: &random)
        limits = knownLimits
    }

    /// As the ledger has it when a process begins, and as it was before the first.
    private var before: (episode: Int64, month: Int64)
    private let first: (episode: Int64, month: Int64)

    private var knownLimits: [(before: Int64, limit: Int64)] {
        [(0, runLimit), (before.episode, budget.episode?.microUSD), (before.month, budget.month?.microUSD)].compactMap { before, limit in
            limit.map { (before, $0) }
        }
    }

    /// What is on its way was perhaps billed, all of it or nothing, and stays on the ledger as the most that it can cost.
    private mutating func kill(_ random: inout Seeded) {
        killed += 1
        for id in running where Bool.random(using: &random) { billed += calls[id.index]?.atMost?.microUSD ?? 0 }
        let gone = spending.spent.microUSD + spending.reservedSum.microUSD
        before = (before.episode + gone, before.month + gone)
        ready = running + spending.takeWaiting() + ready
        running = []
        spending = Spending(budget, calls: most, run: runLimit.map(Cost.init(microUSD:)))
        limits = knownLimits
    }

    mutating func run(_ random: inout Seeded) {
        while problem == nil, !ready.isEmpty || !running.isEmpty {
            while running.count < width, !ready.isEmpty { start(ready.removeFirst()) }
            check()
            if running.isEmpty, ready.isEmpty { break }
            if killed < 3, Int.random(in: 0..<30, using: &random) == 0 { kill(&random) }
            if let index = running.indices.randomElement(using: &random) { end(running.remove(at: index), &random) }
            check()
        }
        if !spending.reserved.isEmpty || spending.reservedSum != .zero || !spending.takeWaiting().isEmpty {
            problem = "something stays set aside, or waits for ever"
        }
    }

    private mutating func start(_ id: StepID) {
        switch spending.ask(id, calls[id.index]) {
        case .go: running.append(id)
        case .wait: waited += 1
        case .refused: refused += 1
        case .askLedger:
            spending.know(episode: Cost(microUSD: before.episode), month: Cost(microUSD: before.month))
            ready += spending.takeWaiting()
        }
    }

    /// It costs as much as it was said to at most; a failure costs something or nothing.
    private mutating func end(_ id: StepID, _ random: inout Seeded) {
        let isFailed = Int.random(in: 0..<4, using: &random) == 0
        let cost = Int64.random(in: 0...(calls[id.index]?.atMost?.microUSD ?? 0), using: &random)
        billed += cost
        spending.settle(id, cost: Cost(microUSD: cost), isLost: isFailed)
        if isFailed {
            failed += 1
            // It is tried again, or another in its place.
            if Bool.random(using: &random) { ready.append(id) }
        }
        ready = spending.takeWaiting() + ready
    }

    private mutating func check() {
        if spending.calls > most { problem = "\(spending.calls) calls, of \(most)" }
        for (before, limit) in limits {
            let sum = before + spending.spent.microUSD + spending.reservedSum.microUSD
            // What was spent before may be more than is allowed now: then nothing is added to it.
            if sum > max(limit, before) { problem = "\(sum) of \(limit)" }
        }
        for (first, limit) in [(first.episode, budget.episode), (first.month, budget.month)] {
            if let limit, first + billed > max(limit.microUSD, first) { problem = "\(first + billed) were billed, of \(limit.microUSD)" }
        }
    }
}
