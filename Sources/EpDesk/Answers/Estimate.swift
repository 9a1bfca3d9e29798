public import EpCore
import EpEngine
import EpHistory
import EpPlan

/// What a plan would take and cost, from what like actions took and cost before.
public struct Estimate: Sendable {
    /// Of nothing.
    static let none = Estimate(sure: [], possible: [], durations: [:], in: Places(pool: { _ in .cpu }, widths: [:]))

    /// Seconds of wall time: if nothing more than is sure runs, and if all that is named runs, each slowly.
    public private(set) var seconds: ClosedRange<Double>?
    public private(set) var cost: ClosedRange<Cost>
    /// Actions whose like has never been run.
    public private(set) var unknown = 0

    /// Where steps wait for their turn, and how many of them run there at once.
    struct Places {
        let pool: (Inspection.StepView) -> Pool
        let widths: [Pool: Int]
    }

    /// What runs in the places of one pool: how long it takes one after the other, and the longest of it.
    private struct Work {
        private var (sum, longest) = (0.0, 0.0)

        mutating func add(_ seconds: Double) { (sum, longest) = (sum + seconds, max(longest, seconds)) }
        func seconds(at width: Int) -> Double { max(longest, sum / Double(max(1, width))) }
    }

    /// - Parameters:
    ///   - sure: what will run.
    ///   - possible: what may run, as it depends on the others.
    init(sure: [Inspection.StepView], possible: [Inspection.StepView], durations: [ActionKind: RecordedDuration], in places: Places) {
        var (low, high) = ([Pool: Work](), [Pool: Work]())
        var costs = (low: Cost.zero, high: Cost.zero)
        var isKnown = false
        for (steps, isSure) in [(sure, true), (possible, false)] {
            var calls: [ActionKind: [ProviderCall?]] = [:]
            for step in steps {
                let kind = ActionKind(tool: step.tool.text, stage: step.target.stage.text, step: step.name)
                calls[kind, default: []].append(step.call)
                guard let record = durations[kind] else {
                    unknown += 1
                    continue
                }
                isKnown = true
                let pool = places.pool(step)
                high[pool, default: Work()].add(record.p90)
                if isSure { low[pool, default: Work()].add(record.p10) }
            }
            for (kind, calls) in calls {
                let range = CostRange(calls, like: durations[kind])
                costs.high += range.high
                if isSure { costs.low += range.low }
            }
        }
        func times(_ work: [Pool: Work]) -> [Double] { work.map { $1.seconds(at: places.widths[$0] ?? 1) } }
        // At best everything goes on beside what is in the slowest pool; at worst one pool waits for the other.
        seconds = isKnown ? (times(low).max() ?? 0)...times(high).reduce(0, +) : nil
        cost = min(costs.low, costs.high)...costs.high
    }

    /// As `plan --json` gives it.
    public var value: Value {
        let most = cost.upperBound
        var members: [Value.Member] = [
            .init("costUSDLow", cost.lowerBound.value), .init("costUSDHigh", most.value), .init("neverRun", .int(Int64(unknown))),
        ]
        if !most.isKnown { members += [.init("costKnownUSDHigh", .double(most.usd)), .init("costUnpricedCalls", .int(most.unpricedCalls))] }
        if let seconds { members += [.init("secondsLow", .double(seconds.lowerBound)), .init("secondsHigh", .double(seconds.upperBound))] }
        return .object(members)
    }
}
