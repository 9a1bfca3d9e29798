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

    /// - Parameter seconds: at least one, each with what it cost.
    init(_ runs: [(seconds: Double, cost: Cost)]) {
        let sorted = runs.map(\.seconds).sorted()
        let (known, calls) = (runs.map(\.cost.microUSD), runs.map(\.cost.unpricedCalls))
        costs = Cost(microUSD: known.min() ?? 0, unpricedCalls: calls.min() ?? 0)...Cost(microUSD: known.max() ?? 0, unpricedCalls: calls.max() ?? 0)
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
        var runs: [ActionKind: [(seconds: Double, cost: Cost)]] = [:]
        let found = try rows(
            "SELECT tool, stage, step, seconds, cost_micro_usd, unpriced_calls FROM action WHERE origin = 'executed' ORDER BY id DESC LIMIT ?", [.integer(sample)]
        ) { (ActionKind(tool: $0.text(0), stage: $0.text(1), step: $0.text(2)), (seconds: $0.real(3), cost: Cost(microUSD: $0.integer(4), unpricedCalls: $0.integer(5)))) }
        for (kind, run) in found { runs[kind, default: []].append(run) }
        return runs.mapValues(RecordedDuration.init)
    }
}
