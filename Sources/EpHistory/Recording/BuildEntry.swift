import EpCore
import EpEngine
import EpFiles
import EpSQLite

/// The row of one build in the ledger: made when there is something to record, completed when the build ends.
struct BuildEntry {
    let episode: EpisodeName
    let started: Moment
    private(set) var id: Int64?
    private var generation = 0

    init(_ episode: EpisodeName, started: Moment) { (self.episode, self.started) = (episode, started) }

    static let insertion = "INSERT INTO build (episode, started) VALUES (?, ?)"
    static let completion =
        """
        UPDATE build SET seconds = ?, outcome = ?, total = ?, executed = ?, cache_hits = ?, remote_hits = ?, failed = ?, blocked = ?,
            cost_micro_usd = ?, saved_micro_usd = ?, outputs = ?, failures = ?, snapshot = ?, snapshot_size = ?, edited = ?,
            unpriced_calls = ?, saved_unpriced_calls = ? WHERE id = ?
        """

    /// The number of the build.
    /// - Parameter generation: of the file; another one has not got the row.
    mutating func begin(in database: SQLiteDatabase, generation: Int) throws(SQLiteError) -> Int64 {
        // A number of a transaction that was rolled back is not in the file.
        if let id, self.generation == generation, try exists(id, database) { return id }
        try database.run(Self.insertion, .text(episode.text), .text(started.iso8601))
        (id, self.generation) = (database.lastRow, generation)
        return database.lastRow
    }

    private func exists(_ id: Int64, _ database: SQLiteDatabase) throws(SQLiteError) -> Bool {
        try !database.rows(
            "SELECT 1 FROM build WHERE id = ? AND episode = ? AND started = ?", [.integer(id), .text(episode.text), .text(started.iso8601)]
        ) { _ in true }.isEmpty
    }

    /// What a build came to.
    struct End {
        let outcome: BuildReport.Outcome
        let seconds: Double
        let counts: BuildReport.Counts
        let (cost, saved): (Cost, Cost)
        let outputs: [String]
        let failures: [Failure]
        let snapshot: ActionDigest?
        /// True if nothing was even tried, as a command makes no sense: that is no build.
        let isMistyped: Bool

        /// Failures that are kept; the actions that failed are all recorded.
        private static let failureLimit = 50

        init(_ report: BuildReport) {
            (outcome, seconds, counts, cost, saved) = (report.outcome, report.seconds, report.actions, report.cost, report.saved)
            (outputs, snapshot) = (report.outputs, report.snapshot)
            isMistyped = report.actions.total == 0 && report.failures.first?.problem.code == .usage
            failures = Array(report.failures.prefix(Self.failureLimit))
        }

        var isSuccess: Bool { outcome == .built || outcome == .upToDate }
    }

    static func finish(_ id: Int64, _ end: End, edited: String?, in database: SQLiteDatabase) throws(SQLiteError) {
        let counts = end.counts
        try database.run(
            completion,
            .real(end.seconds), .text(end.outcome.rawValue), .integer(counts.total), .integer(counts.executed), .integer(counts.cacheHits),
            .integer(counts.remoteHits), .integer(counts.failed), .integer(counts.blocked), .integer(end.cost.microUSD),
            .integer(end.saved.microUSD), .text(Value.list(end.outputs.map { .string($0) }).json()),
            .text(Value.list(end.failures.map(\.value)).json()), .text(end.snapshot?.hex),
            end.snapshot.map { .integer($0.digest.size) } ?? .null, .text(edited), .integer(end.cost.unpricedCalls),
            .integer(end.saved.unpricedCalls), .integer(id))
    }

    /// How the build before of the same episode ended.
    struct Previous {
        let outcome: String
        let ended: Moment
        /// In hexadecimal digits.
        let snapshot: String?

        var isSuccess: Bool { ["built", "upToDate"].contains(outcome) }
    }

    func previous(in database: SQLiteDatabase) throws(SQLiteError) -> Previous? {
        try database.rows(
            "SELECT outcome, started, seconds, snapshot FROM build WHERE episode = ? AND id < ? ORDER BY id DESC LIMIT 1",
            [.text(episode.text), .integer(id ?? .max)]
        ) { row in
            Previous(
                outcome: row.text(0), ended: (Moment(iso8601: row.text(1)) ?? started).adding(seconds: row.real(2)),
                snapshot: row.optionalText(3))
        }.first
    }
}
