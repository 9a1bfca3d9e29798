public import EpCore
import EpSQLite

/// What was spent and what the cache saved, under one heading. Money is added up in whole millionths of a dollar.
public struct CostTotal: Sendable {
    public enum Heading: String, Sendable, CaseIterable { case episode, stage, provider, month }

    /// An episode, a stage, who served it, or a month (`2026-11`, UTC).
    public let name: String
    public var executed = 0
    public var spent = Cost.zero
    public var seconds = 0.0
    /// Results that came from the local cache or a shared one.
    public var hits = 0
    public var saved = Cost.zero
    /// How long making them took when they were made.
    public var savedSeconds = 0.0

    init(_ name: String) { self.name = name }

    static func sum(_ totals: [CostTotal]) -> CostTotal {
        totals.reduce(into: CostTotal("total")) { sum, total in
            (sum.executed, sum.spent, sum.seconds) = (sum.executed + total.executed, sum.spent + total.spent, sum.seconds + total.seconds)
            (sum.hits, sum.saved, sum.savedSeconds) = (
                sum.hits + total.hits, sum.saved + total.saved, sum.savedSeconds + total.savedSeconds
            )
        }
    }

    /// - Parameter heading: the key of its name; nil for a sum.
    public func value(_ heading: Heading?) -> Value {
        .object((heading.map { [.init($0.rawValue, .string(name))] } ?? []) + [
            .init("executed", .int(Int64(executed))),
        ] + spent.members("cost") + [
            .init("seconds", .double((seconds * 1000).rounded() / 1000)),
            .init("cacheHits", .int(Int64(hits))),
        ] + saved.members("saved") + [
            .init("savedSeconds", .double((savedSeconds * 1000).rounded() / 1000)),
        ])
    }
}

extension Sequence<CostTotal> {
    /// All of them together.
    public var sum: CostTotal { CostTotal.sum(Array(self)) }
}

extension History {
    /// What builds have spent and saved, by episode, stage, provider or month. Builds that found everything up to date are not in it.
    public func totals(by heading: CostTotal.Heading, in scope: HistoryScope = .everything) throws -> [CostTotal] {
        var totals: [Path: CostTotal] = [:]
        let spent = try rows(
            """
            SELECT \(Self.key(heading, "action")), sum(origin = 'executed'), sum(action.cost_micro_usd),
                sum(CASE origin WHEN 'executed' THEN action.seconds ELSE 0 END), sum(action.unpriced_calls) FROM action
            JOIN build ON build.id = action.build WHERE \(Self.isSpent) AND \(scope.condition("episode")) GROUP BY 1
            """, scope.arguments
        ) { ($0.text(0), $0.int(1), Cost(microUSD: $0.integer(2), unpricedCalls: $0.integer(4)), $0.real(3)) }
        for (name, count, cost, seconds) in spent {
            var total = CostTotal(name)
            (total.executed, total.spent, total.seconds) = (count, cost, seconds)
            totals[Path(name)] = total
        }
        let saved = try rows(
            """
            SELECT \(Self.key(heading, "stage_saved")), sum(hits), sum(stage_saved.saved_micro_usd), sum(saved_seconds), sum(stage_saved.unpriced_calls) FROM stage_saved
            JOIN build ON build.id = stage_saved.build WHERE \(scope.condition("episode")) GROUP BY 1
            """, scope.arguments
        ) { ($0.text(0), $0.int(1), Cost(microUSD: $0.integer(2), unpricedCalls: $0.integer(4)), $0.real(3)) }
        for (name, hits, cost, seconds) in saved {
            var total = totals[Path(name)] ?? CostTotal(name)
            (total.hits, total.saved, total.savedSeconds) = (hits, cost, seconds)
            totals[Path(name)] = total
        }
        return totals.values.sorted { $0.name.precedesByteForByte($1.name) }
    }

    /// Of rows of actions: those that have cost what they name. What a failure has cost is spent, too.
    static let isSpent = "(origin = 'executed' OR (origin = 'failed' AND (action.cost_micro_usd > 0 OR action.unpriced_calls > 0)))"

    private static func key(_ heading: CostTotal.Heading, _ table: String) -> String {
        switch heading {
        case .episode: "build.episode"
        case .stage: "\(table).stage"
        case .provider: "\(table).served_by"
        case .month: "substr(build.started, 1, 7)"
        }
    }
}
