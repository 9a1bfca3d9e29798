import EpFiles

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

        /// Is taken apart on a thread of its own, for which nobody waits: that of 50,000 items takes 25 ms.
        func letGo() {
            let last = LastReference(planned: self)
            _ = Thread.start { withExtendedLifetime(last) {} }
        }

        // Safe to send: nobody reads it any more, and what it shares with others counts its references by itself.
        private struct LastReference: @unchecked Sendable { let planned: Planned }
    }
}
