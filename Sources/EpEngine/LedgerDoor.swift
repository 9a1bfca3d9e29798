import EpCore
import EpFiles
public import EpPlan

/// For a call that no build makes: it stands in the ledger all the same.
public struct LedgerDoor: CallDoor {
    private let ledger: any SpendingLedger
    private let place: EpisodePlace
    private static let site = StepSite(Target(stage: StageName("providers"), item: "test"), step: "", at: nil)

    /// - Parameter workspace: the absolute path of its directory.
    public init(_ ledger: any SpendingLedger, workspace: String) {
        self.ledger = ledger
        place = EpisodePlace(directory: workspace, show: workspace, workspace: workspace, isShow: true)
    }

    public func again(_ retry: Retry) async throws { try await wait(retry.wait) }
    public func wait(_ duration: Duration) async throws { try await Task.sleep(for: duration) }
    public func tell(_ change: BreakerChange) {}
    public func sending(_ call: PaidCall) async throws -> Int64? { try await ledger.send(call, for: Self.site, of: place, at: .now) }
    public func ended(_ number: Int64, _ end: PaidCall.End) async { try? await ledger.end(number, end, of: place, at: .now) }
}
