public import EpCore
import EpEngine
import EpHistory
import EpPlan

/// What a plan would take and cost, from what like actions took and cost before.
public struct Estimate: Sendable {
    /// Seconds of wall time: if nothing more than is sure runs, and if all that is named runs, each slowly.
    public private(set) var seconds: ClosedRange<Double>?
    public private(set) var cost: ClosedRange<Cost>
    /// Actions whose like has never been run.
    public private(set) var unknown = 0

    /// - Parameters:
    ///   - sure: what will run.
    ///   - possible: what may run, as it depends on the others.
    ///   - width: how many run at once.
    init(sure: [Inspection.StepView], possible: [Inspection.StepView], durations: [ActionKind: RecordedDuration], width: Int) {
        var (low, high) = (0.0, 0.0)
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
                high += record.p90
                if isSure { low += record.p10 }
            }
            for (kind, calls) in calls {
                let range = CostRange(calls, like: durations[kind])
                costs.high += range.high
                if isSure { costs.low += range.low }
            }
        }
        seconds = isKnown ? low / Double(width)...high / Double(width) : nil
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
