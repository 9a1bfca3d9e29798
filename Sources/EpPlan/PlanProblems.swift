public import EpCore

/// Why stages and items cannot be planned: every mistake once, in the order in which they were found.
public struct PlanProblems: Sendable {
    /// Places that are named of one and the same mistake; the rest are counted.
    private static let most = 20
    private var found: [Diagnostic] = []
    private var known: Set<Diagnostic> = []
    /// By mistake, wherever it was made: how many places.
    private var places: [Diagnostic: Int] = [:]

    /// By mistake at its place: the items that have it.
    private var holders: [Diagnostic: Holders] = [:]

    /// An item that cannot be planned.
    struct Item {
        let target: Target
        /// Where its element is written.
        let place: SourceLocation?
        /// How many items its list has.
        let siblings: Int
    }

    private struct Holders {
        let first: Item
        var count = 0
    }

    public init() {}

    /// - Parameter item: whose planning has come upon them.
    mutating func note(_ problems: [Diagnostic], of item: Item? = nil) {
        for problem in problems {
            if let item { holders[Self.withoutRemedy(problem), default: Holders(first: item)].count += 1 }
        }
        for problem in problems where known.insert(Self.withoutRemedy(problem)).inserted {
            places[Self.mistake(problem), default: 0] += 1
            if places[Self.mistake(problem), default: 0] <= Self.most { found.append(problem) }
        }
    }

    public var diagnostics: [Diagnostic] {
        var last: [Diagnostic: Int] = [:]
        for (index, problem) in found.enumerated() { last[Self.mistake(problem)] = index }
        var told = found.map { problem in
            var problem = problem
            problem.message += whose(problem)
            return problem
        }
        for (mistake, count) in places where count > Self.most {
            if let index = last[mistake] { told[index].message += " (and the same at \(count - Self.most) more places)" }
        }
        return told
    }

    /// Of which item a mistake is told that is not made where its element is written: a template that names what one of a thousand lacks.
    private func whose(_ problem: Diagnostic) -> String {
        guard let holders = holders[Self.withoutRemedy(problem)], holders.count < holders.first.siblings,
            let place = holders.first.place, place.file != problem.location?.file
        else { return "" }
        let more = holders.count > 1 ? ", and for \(holders.count - 1) more" : ""
        return " for \(holders.first.target) (\(place))\(more)"
    }

    /// True if a mistake at the same place comes with the same advice: the warning says no more than that.
    public func advise(as warning: Diagnostic) -> Bool {
        guard let place = warning.location, let remedy = warning.remedy else { return false }
        return found.contains { $0.location == place && $0.remedy == remedy }
    }

    /// What is advised differs with the stage that has met the mistake: it may not name itself.
    private static func withoutRemedy(_ problem: Diagnostic) -> Diagnostic {
        var mistake = problem
        mistake.remedy = nil
        return mistake
    }

    private static func mistake(_ problem: Diagnostic) -> Diagnostic {
        var mistake = withoutRemedy(problem)
        mistake.location = nil
        return mistake
    }
}
