import EpCore
import EpFiles
import EpPlan
import Synchronization

/// Where one pass writes down what it pays for, and tells what an earlier build has lost.
final class CallJournal: Sendable {
    private let ledger: any SpendingLedger
    private let place: EpisodePlace
    private let events: BuildEvents
    private let clock: WallClock
    private let hasLooked = Mutex(false)

    init(_ ledger: any SpendingLedger, _ place: EpisodePlace, _ events: BuildEvents, _ clock: WallClock) {
        (self.ledger, self.place, self.events, self.clock) = (ledger, place, events, clock)
    }

    func send(_ call: PaidCall, for site: StepSite) async throws(Diagnostic) -> Int64 {
        if !hasLooked.withLock({ looked in
            defer { looked = true }
            return looked
        }) { try await ledger.takeLost(of: place, at: clock.now()).forEach(tell) }
        return try await ledger.send(call, for: site, of: place, at: clock.now())
    }

    func tell(_ change: BreakerChange) { events.tell(.breakerChanged(change)) }
    func tell(_ stall: Stall, of site: StepSite) { events.tell(.actionStalled(site, stall)) }
    func tell(_ stage: RemoteStage, of site: StepSite) { events.tell(.actionRemote(site, stage)) }
    func tell(_ wait: LeaseWait, of site: StepSite) { events.tell(.leaseWaiting(site, wait)) }

    /// What is not written down counts as perhaps billed from then on: no money is forgotten.
    func end(_ number: Int64, _ end: PaidCall.End) async {
        do throws(Diagnostic) { try await ledger.end(number, end, of: place, at: clock.now()) } catch {
            events.tell(.warning(Diagnostic(error.code, error.message, at: error.location, remedy: error.remedy, severity: .warning)))
        }
    }

    private func tell(_ lost: LostCall) {
        let cost = lost.call.atMost.map { "perhaps up to \($0.text) are billed for it" } ?? "perhaps it is billed"
        let who = [lost.call.vendor, lost.call.model].filter { !$0.isEmpty }.joined(separator: " ")
        events.tell(
            .warning(
                Diagnostic(
                    .providerFailed,
                    "\(who) was asked for \(lost.target) of \(lost.episode) at \(lost.sent.iso8601Seconds), and the build ended before it "
                        + "had answered: \(cost)",
                    remedy: "it stays in the ledger as such; see what the provider has billed", severity: .warning)))
    }
}
