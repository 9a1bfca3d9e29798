public import EpCore
public import EpFiles

/// The seam to what was spent before. Asked once a build, and only by one that is about to spend something that is limited.
public protocol SpendingLedger: Sendable {
    /// What an episode has cost in all its builds, and its workspace in the month (UTC) of a moment.
    func spent(by place: EpisodePlace, inMonthOf moment: Moment) async throws(Diagnostic) -> (episode: Cost, month: Cost)
}

/// Of whoever keeps no ledger: nothing was spent.
struct NoLedger: SpendingLedger {
    func spent(by place: EpisodePlace, inMonthOf moment: Moment) async throws(Diagnostic) -> (episode: Cost, month: Cost) { (.zero, .zero) }
}
