public import EpCore
public import EpFiles
public import EpPlan

/// The seam to what was spent: the ledger of each workspace. An up-to-date build asks nothing of it.
public protocol SpendingLedger: Sendable {
    /// What an episode has cost in all its builds, and its workspace in the month (UTC) of a moment, with what is perhaps billed and what
    /// is on its way.
    func spent(by place: EpisodePlace, inMonthOf moment: Moment) async throws(Diagnostic) -> (episode: Cost, month: Cost)
    /// Writes down durably that a call is about to be sent.
    /// - Returns: its number.
    func send(_ call: PaidCall, for site: StepSite, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> Int64
    /// Writes down what became of it.
    func end(_ number: Int64, _ end: PaidCall.End, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic)
    /// Calls that were sent by a process that is no more, and of which nobody knows what became: each is given once, and stays in the
    /// ledger.
    func takeLost(of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> [LostCall]
}

/// A call that was sent before a crash.
public struct LostCall: Sendable, Hashable {
    public let call: PaidCall
    public let episode: String
    public let target: String
    public let sent: Moment

    public init(_ call: PaidCall, episode: String, target: String, sent: Moment) {
        (self.call, self.episode, self.target, self.sent) = (call, episode, target, sent)
    }
}

/// Of whoever keeps no ledger: nothing was spent.
struct NoLedger: SpendingLedger {
    func spent(by place: EpisodePlace, inMonthOf moment: Moment) async throws(Diagnostic) -> (episode: Cost, month: Cost) { (.zero, .zero) }
    func send(_ call: PaidCall, for site: StepSite, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> Int64 { 0 }
    func end(_ number: Int64, _ end: PaidCall.End, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) {}
    func takeLost(of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> [LostCall] { [] }
}
