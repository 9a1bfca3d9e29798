public import EpCore
public import EpEngine
public import EpFiles
import EpSQLite

/// What the histories of workspaces say was spent, for the budgets of builds. It opens one when it is asked, on a thread of its own.
public struct HistoryLedger: SpendingLedger {
    private let warn: @Sendable (Diagnostic) -> Void

    /// - Parameter warn: is told if a history is damaged; then a new one is begun.
    public init(warn: @escaping @Sendable (Diagnostic) -> Void) { self.warn = warn }

    public func spent(by place: EpisodePlace, inMonthOf moment: Moment) async throws(Diagnostic) -> (episode: Cost, month: Cost) {
        let warn = warn
        return try await WorkerPool(threads: 1).run { () -> Result<(episode: Cost, month: Cost), Diagnostic> in
            do throws(Diagnostic) {
                let history = History(stateDirectory: place.stateDirectory, warn: warn)
                return .success(try history.spent(by: EpisodeName(place), inMonthOf: moment))
            } catch {
                return .failure(error)
            }
        }.get()
    }
}

extension History {
    /// What an episode has cost in all its builds, and all builds that began in the month (UTC) of a moment.
    func spent(by episode: EpisodeName, inMonthOf moment: Moment) throws(Diagnostic) -> (episode: Cost, month: Cost) {
        let month = String(moment.iso8601.prefix(7))
        let sums = try rows(
            """
            SELECT sum(CASE build.episode WHEN ?1 THEN action.cost_micro_usd ELSE 0 END),
                sum(CASE substr(build.started, 1, 7) WHEN ?2 THEN action.cost_micro_usd ELSE 0 END)
            FROM action JOIN build ON build.id = action.build WHERE \(Self.isSpent)
            """, [.text(episode.text), .text(month)]
        ) { (episode: Cost(microUSD: $0.integer(0)), month: Cost(microUSD: $0.integer(1))) }
        return sums.first ?? (.zero, .zero)
    }
}
