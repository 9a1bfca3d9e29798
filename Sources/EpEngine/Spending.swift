import EpCore
import EpPlan

/// What a build may still spend, and what is on its way. A pure value: no clock, no task, no lock.
///
/// Who is about to run a step asks first. The most that it can cost is set aside then; when it has ended, what it really cost is spent,
/// and the rest is free again. So what is spent and what is set aside never pass a budget together, as long as nothing costs more than it
/// was said to.
struct Spending: Sendable {
    /// Whose money is counted.
    enum Scope: Sendable, Hashable {
        case run, episode, month
    }

    struct Budget: Sendable {
        let scope: Scope
        let limit: Cost
        /// What counts against it from before this build.
        fileprivate(set) var before = Cost.zero

        /// How much of it is spent if a sum is, as far as anybody knows.
        func gone(_ sum: Cost) -> Cost { (before + sum).known }
    }

    enum Answer: Equatable {
        case go
        /// What is set aside may be free again: it is asked again when something has ended.
        case wait
        /// What was spent before must be known first; it is asked again then.
        case askLedger
        case refused(Refusal)
    }

    enum Refusal: Equatable {
        /// Nobody knows what it costs, and there is a budget.
        case unpriced
        /// There is no such amount left. Nothing more that costs is run.
        case overBudget(Scope)
        case outOfCalls
    }

    private(set) var budgets: [Budget]
    /// Calls of providers that a build may make.
    let callLimit: Int
    private(set) var calls = 0
    /// By this build.
    private(set) var spent = Cost.zero
    /// Of that, for what came to nothing.
    private(set) var lost = Cost.zero
    /// The most that each step which runs can cost.
    private(set) var reserved: [StepID: Cost] = [:]
    private(set) var reservedSum = Cost.zero
    private var knowsBefore: Bool
    /// Steps that are to ask again, in the order in which they came.
    private var waiting: [StepID] = []
    /// The budget that has not allowed a step.
    private var passed: Scope?

    /// - Parameters:
    ///   - run: how much this build may spend; nil: no matter.
    ///   - before: what an earlier pass of the same build has come to.
    init(_ budget: EpPlan.Budget, calls: Int, run: Cost?, after before: Spending? = nil) {
        callLimit = calls
        let limits: [(Scope, Cost?)] = [(.run, run), (.episode, budget.episode), (.month, budget.month)]
        budgets = limits.compactMap { scope, limit in limit.map { Budget(scope: scope, limit: $0) } }
        knowsBefore = budget == EpPlan.Budget()
        guard let before else { return }
        (self.calls, spent, lost) = (before.calls, before.spent, before.lost)
        if let known = before.known { know(episode: known.episode, month: known.month) }
    }

    private var known: (episode: Cost, month: Cost)? {
        func before(_ scope: Scope) -> Cost { budgets.first { $0.scope == scope }?.before ?? .zero }
        return knowsBefore ? (before(.episode), before(.month)) : nil
    }

    /// Asks whether a step may run now; if it may, the most that it can cost is set aside.
    mutating func ask(_ id: StepID, _ call: ProviderCall?) -> Answer {
        guard let call else { return .go }
        guard calls < callLimit else { return .refused(.outOfCalls) }
        if call.isPaid, !budgets.isEmpty {
            guard let atMost = call.atMost else { return .refused(.unpriced) }
            if let passed { return .refused(.overBudget(passed)) }
            guard knowsBefore else { return hold(id, .askLedger) }
            if let budget = budgets.first(where: { $0.gone(spent + atMost) > $0.limit }) {
                passed = budget.scope
                return .refused(.overBudget(budget.scope))
            }
            // Who came first is served first.
            let fits = budgets.allSatisfy { $0.gone(spent + reservedSum + atMost) <= $0.limit }
            guard fits, waiting.isEmpty else { return hold(id, .wait) }
            reserved[id] = atMost
            reservedSum += atMost
        }
        calls += 1
        return .go
    }

    /// A step that runs asks for a further call: what its last attempt has cost is spent, and as much as before is set aside.
    /// - Returns: why it may not.
    mutating func askAgain(_ id: StepID, _ call: ProviderCall?, lost cost: Cost) -> Refusal? {
        spent += cost
        lost += cost
        guard let call else { return nil }
        guard calls < callLimit else { return .outOfCalls }
        // What is set aside for it is in the sum.
        if call.isPaid, let budget = budgets.first(where: { $0.gone(spent + reservedSum) > $0.limit }) {
            passed = budget.scope
            return .overBudget(budget.scope)
        }
        calls += 1
        return nil
    }

    private mutating func hold(_ id: StepID, _ answer: Answer) -> Answer {
        waiting.append(id)
        return answer
    }

    /// A step that was allowed to run has ended.
    /// - Parameters:
    ///   - cost: what it has cost.
    ///   - isLost: it came to nothing.
    mutating func settle(_ id: StepID, cost: Cost, isLost: Bool) {
        if let amount = reserved.removeValue(forKey: id) { reservedSum -= amount }
        spent += cost
        if isLost { lost += cost }
    }

    /// The ledger has told what was spent before this build.
    mutating func know(episode: Cost, month: Cost) {
        knowsBefore = true
        for index in budgets.indices {
            switch budgets[index].scope {
            case .run: break
            case .episode: budgets[index].before = episode
            case .month: budgets[index].before = month
            }
        }
    }

    /// The steps that are to ask again now.
    mutating func takeWaiting() -> [StepID] {
        defer { waiting = [] }
        return waiting
    }
}
