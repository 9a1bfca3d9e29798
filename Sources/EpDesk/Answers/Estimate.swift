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
            for step in steps {
                guard let record = durations[ActionKind(tool: step.tool.text, stage: step.target.stage.text, step: step.name)] else {
                    unknown += 1
                    continue
                }
                isKnown = true
                high += record.p90
                costs.high += record.costs.upperBound
                if isSure { (low, costs.low) = (low + record.p10, costs.low + record.costs.lowerBound) }
            }
        }
        seconds = isKnown ? low / Double(width)...high / Double(width) : nil
        cost = costs.low...costs.high
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
