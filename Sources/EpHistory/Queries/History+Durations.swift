public import EpCore
import EpSQLite

/// How long actions of a kind took when they were made.
public struct RecordedDuration: Sendable, Equatable {
    public let count: Int
    /// All in seconds.
    public let mean: Double
    public let p10: Double
    public let p90: Double
    public let p95: Double
    /// The least and the most that one of them has cost.
    public let costs: ClosedRange<Cost>
    /// How long their answers were, in tokens; of those alone that have such.
    public let answers: [Double]
    /// True if a provider had some of what it was asked in its own cache.
    public let wereCached: Bool

    /// One action, as it is on record.
    struct Run {
        let seconds: Double
        let cost: Cost
        /// Tokens; nil: there is no such answer.
        let answer: Double?
        let wasCached: Bool
    }

    /// - Parameter runs: at least one.
    init(_ runs: [Run]) {
        let sorted = runs.map(\.seconds).sorted()
        let (known, calls) = (runs.map(\.cost.microUSD), runs.map(\.cost.unpricedCalls))
        costs =
            Cost(
                microUSD: known.min() ?? 0, unpricedCalls: calls.min() ?? 0)...Cost(
                microUSD: known.max() ?? 0, unpricedCalls: calls.max() ?? 0)
        answers = runs.compactMap(\.answer)
        wereCached = runs.contains(where: \.wasCached)
        count = sorted.count
        mean = sorted.reduce(0, +) / Double(sorted.count)
        // Nearest rank.
        func percentile(_ share: Double) -> Double { sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)] }
        (p10, p90, p95) = (percentile(0.1), percentile(0.9), percentile(0.95))
    }
}

/// Actions that are expected to take about as long as each other.
public struct ActionKind: Hashable, Sendable {
    public let tool: String
    public let stage: String
    /// A step's name without its number: "part" for "part 12".
    public let step: String

    public init(tool: String, stage: String, step: String) {
        self.tool = tool
        self.stage = stage
        var name = step[...]
        while let last = name.last, last.isNumber || last == " " || last == "-" || last == "#" { name.removeLast() }
        self.step = String(name)
    }
}

extension History {
    /// Mean and spread of what actions took, from those of the workspace that were executed last.
    /// - Parameter sample: how many actions are looked at.
    public func durations(sample: Int = 10_000) throws -> [ActionKind: RecordedDuration] {
        var runs: [ActionKind: [RecordedDuration.Run]] = [:]
        let found = try rows(
            """
            SELECT tool, stage, step, seconds, cost_micro_usd, unpriced_calls,
                coalesce(CASE WHEN json_valid(usage) THEN json_extract(usage, '$.output_tokens') END, -1),
                coalesce(CASE WHEN json_valid(usage) THEN json_extract(usage, '$.cached_tokens') END, 0)
                FROM action WHERE origin = 'executed' ORDER BY id DESC LIMIT ?
            """, [.integer(sample)]
        ) { row in
            let run = RecordedDuration.Run(
                seconds: row.real(3), cost: Cost(microUSD: row.integer(4), unpricedCalls: row.integer(5)),
                answer: row.integer(6) < 0 ? nil : Double(row.integer(6)), wasCached: row.integer(7) > 0)
            return (ActionKind(tool: row.text(0), stage: row.text(1), step: row.text(2)), run)
        }
        for (kind, run) in found { runs[kind, default: []].append(run) }
        return runs.mapValues(RecordedDuration.init)
    }
}
