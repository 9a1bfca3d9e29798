public import EpCore
import EpPlan

/// That somebody else serves a stage than its provider: who was asked, who has served, and how many of its actions.
public struct FallbackReport: Sendable, Equatable {
    public let stage: StageName
    public let asked: String
    /// As the results have it.
    public let servedBy: String
    public let actions: Int

    /// As `--json` gives it.
    public var value: Value {
        ["stage": .string(stage.text), "asked": .string(asked), "servedBy": .string(servedBy), "actions": .int(Int64(actions))]
    }
}

extension BuildPass {
    /// Who serves in another's place, stage by stage in their order.
    var fallbacks: [FallbackReport] {
        var found: [(stage: StageName, asked: String, servedBy: String, actions: Int)] = []
        for (index, chain) in chains.sorted(by: { $0.key < $1.key }) {
            guard chain.isServedByFallback, let servedBy = results[index]?.servedBy else { continue }
            guard let asked = chain.first.service?.name, asked != chain.alternative?.name else { continue }
            let stage = chain.first.target.stage
            if let known = found.firstIndex(where: { $0.stage == stage && $0.asked == asked && $0.servedBy == servedBy }) {
                found[known].actions += 1
            } else {
                found.append((stage, asked, servedBy, 1))
            }
        }
        return found.map { FallbackReport(stage: $0.stage, asked: $0.asked, servedBy: $0.servedBy, actions: $0.actions) }
    }
}
