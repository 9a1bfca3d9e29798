public import EpCore
public import EpEngine
public import EpHistory
import EpPlan

/// Where a result comes from: the action that makes it, the build that has run it, and who has approved it.
public struct ProvenanceAnswer {
    public let action: ActionAnswer
    /// The build of this workspace that has run the action; nil if another machine has, or the history does not reach back so far.
    public let build: BuildRecord?
    /// What people have said of the artifact at its gate.
    public let approvals: [GateRecord]
}

extension Desk {
    /// Where the results of a target come from, an entry for each of its actions whose inputs are known. None if there is no such action.
    public func provenance(of target: Target, in inspection: Inspection, limit: Int = 100) throws -> [ProvenanceAnswer] {
        let (past, name) = (history(of: inspection.place), EpisodeName(inspection.place))
        return try inspection.actions(of: target).prefix(limit).map { action in
            let step = action.step
            let last = step.result == nil ? nil : try past.lastExecution(of: step.target, step: step.name, in: name)
            // What has run last may have been another action of the same step.
            let isThis = last.map { $0.address == step.address?.hex } ?? false
            return ProvenanceAnswer(
                action: ActionAnswer(action: action), build: isThis ? try last.flatMap { try past.build($0.build) } : nil,
                approvals: (inspection.approvals(of: step.target) ?? []).map(\.record))
        }
    }

    /// When a build has made what a target is now; nil if none of this workspace has.
    public func made(_ target: Target, in inspection: Inspection) throws -> BuildRecord? {
        let (past, name) = (history(of: inspection.place), EpisodeName(inspection.place))
        guard let step = inspection.steps(of: target).last(where: { $0.result != nil }),
            let last = try past.lastExecution(of: step.target, step: step.name, in: name), last.address == step.address?.hex
        else { return nil }
        return try past.build(last.build)
    }
}
