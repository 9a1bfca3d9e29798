import EpCore
import EpEngine
import EpHistory
import EpPlan

/// What a plan would take and cost, from what like actions took and cost before.
struct Estimate {
    /// Seconds of wall time: if nothing more than is sure runs, and if all that is named runs, each slowly.
    private(set) var seconds: ClosedRange<Double>?
    private(set) var cost: ClosedRange<Cost>
    /// Actions whose like has never been run.
    private(set) var unknown = 0

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

    /// One line for a person; nil if nothing like it was ever run.
    var line: String? {
        guard let seconds else { return nil }
        let (low, high) = (TimeSpan.text(seconds.lowerBound), TimeSpan.text(seconds.upperBound))
        let money = cost.upperBound == .zero ? "" : ", \(cost.lowerBound == cost.upperBound ? cost.upperBound.shown : "\(cost.lowerBound.shown) to \(cost.upperBound.shown)")"
        let rest = unknown == 0 ? "" : ", without \(Number.of(unknown, "action")) of a kind that was never run"
        return "\(low == high ? "about \(low)" : "\(low) to \(high)")\(money)\(rest)"
    }

    var value: Value {
        var members: [Value.Member] = [.init("costUSDLow", .double(cost.lowerBound.usd)), .init("costUSDHigh", .double(cost.upperBound.usd)), .init("neverRun", .int(Int64(unknown)))]
        if let seconds { members += [.init("secondsLow", .double(seconds.lowerBound)), .init("secondsHigh", .double(seconds.upperBound))] }
        return .object(members)
    }
}
