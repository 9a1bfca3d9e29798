public import EpCore
public import EpEngine
public import EpFiles
public import EpPlan
import EpSQLite
import Synchronization

/// What was spent, by whom, on what: `.epbuild/ledger.sqlite` of each workspace, with the journal of calls that were sent.
///
/// Rows are added, and completed once. No command removes the file or sets it aside: one that cannot be used stays as it is, and nothing
/// is spent until it can. It is opened when something is about to be spent, on a thread of its own.
public final class Ledger: SpendingLedger {
    private let open = Mutex<[String: SQLiteDatabase]>([:])
    /// One at a time: SQLite would have the others wait.
    private let thread = WorkerPool(threads: 1)
    private let process: ProcessMark?

    /// - Parameter process: which writes down what it sends; nil: this one.
    public init(process: ProcessMark? = nil) { self.process = process }

    public func spent(by place: EpisodePlace, inMonthOf moment: Moment) async throws(Diagnostic) -> (episode: Cost, month: Cost) {
        try await use(place) { database throws(SQLiteError) in
            guard let database else { return (.zero, .zero) }
            let sums = try database.rows(
                """
                SELECT sum(iif(mine, amount, 0)), sum(mine AND amount IS NULL), sum(iif(recent, amount, 0)), sum(recent AND amount IS NULL)
                FROM (SELECT episode = ?1 AS mine, substr(sent, 1, 7) = ?2 AS recent, \(Self.amount) AS amount FROM call)
                """, [.text(EpisodeName(place).text), .text(String(moment.iso8601.prefix(7)))]
            ) { row in
                (
                    episode: Cost(microUSD: row.integer(0), unpricedCalls: row.integer(1)),
                    month: Cost(microUSD: row.integer(2), unpricedCalls: row.integer(3))
                )
            }
            return sums.first ?? (.zero, .zero)
        }
    }

    /// What a call has cost; of one whose end nobody has written down, the most that it may. NULL: nobody knows its price.
    static let amount = "coalesce(cost_micro_usd, at_most_micro_usd)"

    public func send(_ call: PaidCall, for site: StepSite, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> Int64 {
        try await use(place, makingIt: true) { [process] database throws(SQLiteError) in
            guard let database else { return 0 }
            try database.run(
                """
                INSERT INTO call (episode, stage, item, step, provider, vendor, service, model, sent, at_most_micro_usd, process)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                .text(EpisodeName(place).text), .text(site.target.stage.text), .text(site.target.item ?? ""), .text(site.step),
                .text(call.provider),
                .text(call.vendor), .text(call.service), .text(call.model), .text(moment.iso8601),
                call.atMost.map { .integer($0.microUSD) } ?? .null,
                .text((process ?? .current).text))
            return database.lastRow
        }
    }

    public func end(_ number: Int64, _ end: PaidCall.End, of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) {
        try await use(place, makingIt: true) { database throws(SQLiteError) in
            try database?.run(
                "UPDATE call SET ended = ?, outcome = ?, cost_micro_usd = ?, request = ? WHERE id = ?", .text(moment.iso8601),
                .text(end.outcome.rawValue),
                end.cost.isKnown ? .integer(end.cost.microUSD) : .null, .text(end.requestID), .integer(number))
        }
    }

    public func takeLost(of place: EpisodePlace, at moment: Moment) async throws(Diagnostic) -> [LostCall] {
        try await use(place) { database throws(SQLiteError) in
            guard let database else { return [] }
            return try database.transaction { () throws(SQLiteError) in
                let open = try database.rows("SELECT id, process, sent FROM call WHERE ended IS NULL AND told = 0") { row in
                    (id: row.integer(0), process: ProcessMark(text: row.text(1)), sent: row.text(2))
                }
                return try open.filter { !$0.process.mayLive(since: $0.sent, at: moment) }.map { row throws(SQLiteError) in
                    try database.run("UPDATE call SET told = 1 WHERE id = ?", .integer(row.id))
                    return try Self.call(row.id, database)
                }.compactMap { $0 }
            }
        }
    }

    private static func call(_ id: Int64, _ database: SQLiteDatabase) throws(SQLiteError) -> LostCall? {
        try database.rows(
            "SELECT provider, vendor, service, model, at_most_micro_usd, episode, stage, item, sent FROM call WHERE id = ?", [.integer(id)]
        ) { row in
            let call = PaidCall(
                provider: row.text(0), vendor: row.text(1), service: row.text(2), model: row.text(3),
                atMost: row.optionalInteger(4).map { Cost(microUSD: $0) })
            let target = row.text(7).isEmpty ? row.text(6) : "\(row.text(6))/\(row.text(7))"
            return LostCall(call, episode: row.text(5), target: target, sent: Moment(iso8601: row.text(8)) ?? Moment(seconds: 0))
        }.first
    }

    /// Calls of some episodes whose end was lost with their process: how many, and the most that they may have cost.
    public func perhapsBilled(
        in scope: HistoryScope, of place: EpisodePlace, at moment: Moment = .now
    ) throws(Diagnostic) -> (calls: Int, cost: Cost) {
        try used("\(place.stateDirectory)/ledger.sqlite") { database throws(SQLiteError) in
            guard let database else { return (0, .zero) }
            let open = try database.rows(
                "SELECT process, sent, at_most_micro_usd FROM call WHERE ended IS NULL AND \(scope.condition("episode"))", scope.arguments
            ) {
                (
                    process: ProcessMark(text: $0.text(0)), sent: $0.text(1),
                    cost: $0.optionalInteger(2).map { Cost(microUSD: $0) } ?? .unknown
                )
            }
            let lost = open.filter { !$0.process.mayLive(since: $0.sent, at: moment) }
            return (lost.count, lost.reduce(.zero) { $0 + $1.cost })
        }.get()
    }

    // MARK: the file

    /// - Parameter makingIt: if there is none; else `body` gets nil then.
    private func use<Result: Sendable>(
        _ place: EpisodePlace, makingIt: Bool = false, _ body: @escaping @Sendable (SQLiteDatabase?) throws(SQLiteError) -> Result
    ) async throws(Diagnostic) -> Result {
        let path = "\(place.stateDirectory)/ledger.sqlite"
        return try await thread.run { self.used(path, makingIt: makingIt, body) }.get()
    }

    private func used<Result: Sendable>(
        _ path: String, makingIt: Bool = false, _ body: @escaping @Sendable (SQLiteDatabase?) throws(SQLiteError) -> Result
    ) -> Swift.Result<Result, Diagnostic> {
        open.withLock { open in
            do throws(SQLiteError) {
                if let known = open[path] { return .success(try body(known)) }
                guard makingIt || FileStatus(path) != nil else { return .success(try body(nil)) }
                let database = try Self.database(path, in: Path(path).parent)
                open[path] = database
                return .success(try body(database))
            } catch {
                return .failure(Diagnostic(
                    .system, "\(path), where it is written down what was spent, cannot be used: \(error.message)",
                    remedy: "nothing that costs is run until it can be; restore it, or move it away and forget what was spent"))
            }
        }
    }

    private static func database(_ path: String, in directory: String) throws(SQLiteError) -> SQLiteDatabase {
        try? Directory.make(directory, mode: 0o755, below: Path(directory).parent)
        if FileStatus(path)?.isRegular == false { throw SQLiteError.unopenable("it is no plain file") }
        let database = try SQLiteDatabase(path: path, busySeconds: 30)
        // What is written down survives the machine's power.
        try database.execute("PRAGMA synchronous=FULL")
        try schema.prepare(database)
        return database
    }

    /// Times are ISO 8601 in UTC with milliseconds. Money is in millionths of a US dollar.
    private static let schema = SQLiteVersions([
        """
        CREATE TABLE call (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            episode TEXT NOT NULL,             -- relative to the workspace
            stage TEXT NOT NULL, item TEXT NOT NULL, step TEXT NOT NULL,
            provider TEXT NOT NULL, vendor TEXT NOT NULL, service TEXT NOT NULL, model TEXT NOT NULL,
            sent TEXT NOT NULL,                -- about to be
            at_most_micro_usd INTEGER,         -- NULL: nobody knows
            process TEXT NOT NULL,             -- that has sent it
            ended TEXT, outcome TEXT,          -- NULL: on its way, or lost with its process; answered, failed, lost
            cost_micro_usd INTEGER,            -- NULL of one that has ended: nobody knows
            request TEXT,                      -- by which the provider finds it again
            told INTEGER NOT NULL DEFAULT 0    -- 1: a person was told that it was lost with its process
        );
        CREATE INDEX call_episode ON call (episode);
        """,
    ])
}
