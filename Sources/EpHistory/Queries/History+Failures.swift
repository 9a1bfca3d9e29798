public import EpCore
import EpSQLite

extension History {
    /// The targets that failed when they were last tried, whichever build that was, in the order in which they failed.
    public func failedTargets(of episode: EpisodeName) throws(Diagnostic) -> [Target] {
        let rows = try rows(
            """
            SELECT action.stage, action.item, action.origin, max(action.id) FROM action JOIN build ON build.id = action.build
            WHERE build.episode = ? GROUP BY action.stage, action.item, action.step ORDER BY 4
            """, [.text(episode.text)]
        ) { (stage: $0.text(0), item: $0.text(1), origin: $0.text(2)) }
        var seen: Set<Target> = []
        return rows.filter { $0.origin == "failed" }.map { Target(stage: StageName($0.stage), item: $0.item.isEmpty ? nil : $0.item) }
            .filter { seen.insert($0).inserted }
    }
}
