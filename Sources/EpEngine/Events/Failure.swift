public import EpCore
public import EpPlan

/// What kept a build from its end: a problem, and the step that it is a problem of.
public struct Failure: Hashable, Sendable {
    /// Nil if the plan itself could not go on: a person's file is wrong, or the machine failed us.
    public let site: StepSite?
    /// In the words of whoever met it: it does not name the step.
    public let problem: Diagnostic
    /// How often it was tried; 0 if it could not even be begun.
    public let attempts: Int
    /// What the attempts have cost all the same.
    public let cost: Cost

    public init(_ problem: Diagnostic, of site: StepSite? = nil, attempts: Int = 0, cost: Cost = .zero) {
        self.site = site
        self.problem = problem
        self.attempts = attempts
        self.cost = cost
    }

    /// What a person is told, wherever it is told: the step's name before the words, what was tried behind their first line, and the place
    /// that is to be looked at.
    public var diagnostic: Diagnostic {
        guard let site else { return problem }
        var told = problem
        let lines = problem.message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        told.message = (["\(site.label): \(lines.first ?? "")\(tried)"] + lines.dropFirst()).joined(separator: "\n")
        told.location = problem.location ?? site.place
        return told
    }

    private var tried: String {
        let facts = (attempts > 1 ? ["\(attempts) attempts"] : []) + (cost == .zero ? [] : ["perhaps billed: \(cost.text)"])
        return facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))"
    }

    /// As `--json`, events and the history give it.
    public var value: Value {
        var members = diagnostic.value.members ?? []
        if let site { members += site.members + [.init("attempts", .int(Int64(attempts)))] }
        if cost != .zero { members.append(.init("costUSD", cost.value)) }
        return .object(members)
    }
}

extension StepSite {
    /// The keys by which JSON names a step.
    var members: [Value.Member] { [.init("target", .string(target.description)), .init("step", .string(step))] }
}
