public import EpCore
import EpPlan

/// That somebody else serves a stage than its provider: who was asked, who has served, and how many of its actions.
public struct FallbackReport: Sendable, Equatable {
    public let stage: StageName
    public let asked: String
    /// As the results have it.
    public let servedBy: String
    public let actions: Int
    /// What brings the program of who was asked, if that is why: it is not on this machine. Nil: it has failed.
    public let remedy: String?

    init(stage: StageName, asked: String, servedBy: String, actions: Int, remedy: String? = nil) {
        (self.stage, self.asked, self.servedBy, self.actions, self.remedy) = (stage, asked, servedBy, actions, remedy)
    }

    /// As `--json` gives it.
    public var value: Value {
        .object(
            [
                .init("stage", .string(stage.text)), .init("asked", .string(asked)), .init("servedBy", .string(servedBy)),
                .init("actions", .int(Int64(actions))),
            ] + (remedy.map { [.init("remedy", .string($0))] } ?? []))
    }
}

extension BuildPass {
    /// Who serves in another's place, stage by stage in their order.
    var fallbacks: [FallbackReport] {
        var (found, places): ([Served], [Served: Int]) = ([], [:])
        for (index, step) in planner.steps.enumerated() {
            guard let servedBy = results[index]?.servedBy, let (asked, remedy) = whoWasAsked(index, step) else { continue }
            let served = Served(stage: step.target.stage, asked: asked, servedBy: servedBy, remedy: remedy)
            if places.updateValue(places[served, default: 0] + 1, forKey: served) == nil { found.append(served) }
        }
        return found.map {
            FallbackReport(stage: $0.stage, asked: $0.asked, servedBy: $0.servedBy, actions: places[$0] ?? 0, remedy: $0.remedy)
        }
    }

    /// Who would have served a step: nil if that is who does.
    private func whoWasAsked(_ index: Int, _ step: Step) -> (name: String, remedy: String?)? {
        let chain = chains[index]
        if let passedOver = (chain?.first ?? step).service?.passedOver { return (passedOver.name, passedOver.remedy) }
        guard let chain, chain.isServedByFallback, let asked = chain.first.service?.name, asked != chain.alternative?.name else {
            return nil
        }
        return (asked, nil)
    }

    private struct Served: Hashable {
        let stage: StageName
        let asked: String
        let servedBy: String
        let remedy: String?
    }
}
