
extension BuildSession {
    /// What the next build is told of a pass, beside the report.
    struct Legacy {
        let knowledge: PlanKnowledge
        let written: Delivery.Written
        let lockFile: LockFile
    }

    struct Planned {
        let unit: BuildUnit
        let pass: BuildPass
        let knowledge: PlanKnowledge
        let worker: StepWorker
        /// Why the pass must be repeated.
        let reason: String?

        /// Has one taken apart elsewhere, for which nobody waits: that of 50,000 items takes 25 ms. It is taken from who has it, as whoever
        /// lets go last takes it apart.
        static func letGo(_ planned: inout Planned?) {
            let last = LastReference(planned.take())
            Task.detached { last.planned = nil }
        }
    }

    // Safe to send: nobody reads it any more, and what it shares with others counts its references by itself.
    private final class LastReference: @unchecked Sendable {
        var planned: Planned?

        init(_ planned: Planned?) { self.planned = planned }
    }
}
