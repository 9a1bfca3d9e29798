public import EpCore
public import EpFiles
import EpPlan

/// For how long an artifact has waited at its gate, and for how long it may. A value: it decides nothing.
public struct GateWait: Sendable, Equatable {
    /// When a build reached the gate first. Nil if the gate keeps no time.
    public let since: Moment?
    /// When the time to decide is over. Nil if there is no such time.
    public let until: Moment?
    /// True if the gate then opens by itself. False if builds then fail.
    public let opensByItself: Bool
}

extension Inspection {
    /// How long an artifact that waits has waited; nil if no gate asks about the target.
    public func wait(at target: Target) -> GateWait? {
        guard let subject = gates.first(where: { $0.subject.target == target })?.subject,
            let gate = stages.first(where: { $0.definition.name == target.stage })?.definition.gate
        else { return nil }
        let since = lock.gates[GateKey(subject)].flatMap { Moment(iso8601: $0.at) }
        let seconds = gate.autoApproveAfterSeconds ?? gate.timeoutMinutes.map { $0 * 60 }
        let until = since.flatMap { since in seconds.map { since.adding(seconds: $0) } }
        return GateWait(since: since, until: until, opensByItself: gate.autoApproveAfterSeconds != nil)
    }
}
