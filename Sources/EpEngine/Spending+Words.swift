import EpCore
import EpPlan

/// Why a step was not run, and what to do about it.
extension Spending {
    func words(for refusal: Refusal, of step: Step) -> Diagnostic {
        let (label, provider) = (step.site.label, step.service?.name ?? step.tool.text)
        switch refusal {
        case .unpriced:
            return Diagnostic(
                .badInput, "nobody knows what \(provider) costs, and what may be spent is limited",
                remedy: "write its price under `prices:` in epbuild.yaml, or `free`; or build without a budget")
        case .outOfCalls:
            return Diagnostic(
                .overBudget, "this build has asked providers \(calls) times, as often as it may; \(label) is not asked for",
                remedy: "see what asks so often; if that is meant, raise `limits: { calls: \(callLimit) }` in epbuild.yaml, "
                    + "and run the same command again")
        case .overBudget(let scope):
            let budget = budgets.first { $0.scope == scope }
            let (limit, gone) = (budget?.limit ?? .zero, (budget?.before ?? .zero) + spent)
            return Diagnostic(
                .overBudget,
                "\(scope.words) is \(limit.text), of which \(gone.text) is spent: that is too little for \(label)\(price(step))",
                remedy: "\(scope.remedy) and run the same command again: what is done stays")
        }
    }

    /// What to say of a budget before anything of a plan runs; nil if it is enough, whatever comes.
    func forewarning(upTo most: Cost) -> Diagnostic? {
        guard let budget = budgets.first(where: { $0.gone(spent + most) > $0.limit }) else { return nil }
        let gone = budget.gone(spent)
        let before = gone == .zero ? "" : ", of which \(gone.text) is spent"
        return Diagnostic(
            .overBudget, "what is going to run may cost up to \(most.text), and \(budget.scope.words) is \(budget.limit.text)\(before)",
            remedy: "\(budget.scope.remedy), or let it end where that is used up", severity: .warning)
    }

    private func price(_ step: Step) -> String { step.call?.atMost.map { ", which may cost \($0.text)" } ?? "" }
}

extension Spending.Scope {
    fileprivate var words: String {
        switch self {
        case .run: "the budget of this run"
        case .episode: "the budget of this episode"
        case .month: "the budget of this month"
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .run: "raise `--budget`"
        case .episode: "raise `budget: { episode_usd: … }` in epbuild.yaml"
        case .month: "raise `budget: { month_usd: … }` in epbuild.yaml"
        }
    }
}
