public import EpCore
import EpEngine
public import EpFiles
import EpHistory
import EpPlan
import EpProviders
import EpSQLite

/// The jobs on disk: `.epbuild/server.sqlite`. What was asked for is there before it is answered, and after `kill -9`.
///
/// Several servers may share it: a job is claimed in one transaction, by a process that others can tell alive.
public actor JobStore {
    let database: SQLiteDatabase
    let clock: WallClock

    /// - Throws: `Diagnostic` (`system`) if it cannot be opened.
    public init(path: String, clock: WallClock) throws(Diagnostic) {
        self.clock = clock
        do {
            database = try SQLiteDatabase(path: path)
            try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            try database.execute(Self.schema + Self.templateSchema)
            // Of a server before merges were jobs.
            let known = try database.rows("SELECT 1 FROM pragma_table_info('job') WHERE name = 'merge'") { $0.int(0) }
            if known.isEmpty { try database.execute("ALTER TABLE job ADD COLUMN merge INTEGER NOT NULL DEFAULT 0") }
        } catch {
            throw Diagnostic(
                .system, "the jobs in \(path) cannot be read: \(error.message)",
                remedy: "move the file away: what was asked for is lost with it")
        }
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS job (
          id INTEGER PRIMARY KEY AUTOINCREMENT, episodes TEXT NOT NULL, targets TEXT NOT NULL, jobs INTEGER, budget INTEGER, draft INTEGER NOT NULL,
          keep_going INTEGER NOT NULL, retry INTEGER NOT NULL, priority INTEGER NOT NULL, by TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL,
          began TEXT, ended TEXT, starts INTEGER NOT NULL DEFAULT 0, outcome TEXT, reports TEXT NOT NULL DEFAULT '[]', owner TEXT);
        CREATE INDEX IF NOT EXISTS job_state ON job (state, priority DESC, id);
        """

    /// Puts a job in. It is on disk when this returns.
    public func add(_ order: Job.Order, by name: String) throws -> Job {
        let id = try insert(order, by: name)
        guard let job = try job(id) else { throw Diagnostic(.system, "job \(id) is gone") }
        return job
    }

    /// - Returns: its number.
    func insert(_ order: Job.Order, by name: String) throws(SQLiteError) -> Int64 {
        try database.run(
            """
            INSERT INTO job (episodes, targets, jobs, budget, draft, keep_going, retry, merge, priority, by, asked, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued')
            """, .text(Self.list(order.episodes)), .text(Self.list(order.targets)), order.jobs.map { .integer($0) } ?? .null,
            order.budget.map { .integer($0.microUSD) } ?? .null, .integer(order.isDraft ? 1 : 0), .integer(order.keepsGoing ? 1 : 0),
            .integer(order.isRetry ? 1 : 0), .integer(order.isMerge ? 1 : 0), .integer(order.priority), .text(name),
            .text(clock.now().iso8601))
        return database.lastRow
    }

    public func job(_ id: Int64) throws -> Job? { try jobs("WHERE id = ?", [.integer(id)]).first }

    /// Newest first.
    public func all(limit: Int, state: Job.State? = nil) throws -> [Job] {
        guard let state else { return try jobs("ORDER BY id DESC LIMIT ?", [.integer(limit)]) }
        return try jobs("WHERE state = ? ORDER BY id DESC LIMIT ?", [.text(state.rawValue), .integer(limit)])
    }

    /// How many jobs are in each state.
    public func counts() throws -> [Job.State: Int] {
        let rows = try database.rows("SELECT state, count(*) FROM job GROUP BY state") { ($0.text(0), $0.int(1)) }
        return Dictionary(rows.compactMap { name, count in Job.State(rawValue: name).map { ($0, count) } }) { $0 + $1 }
    }

    /// Takes the next job, for this process.
    /// - Parameters:
    ///   - busy: jobs of which an earlier start has not come to its end yet: somebody has paused and resumed them meanwhile.
    ///   - least: the least priority that it may have.
    public func claim(except busy: Set<Int64> = [], least: Int = .min) throws -> Job? {
        let now = clock.now().iso8601
        let id: Int64? = try database.transaction { () throws(SQLiteError) in
            let hurried = try hurried()
            let found = try database.rows(
                "SELECT id, priority, episodes FROM job WHERE state = 'queued' AND priority >= ? ORDER BY priority DESC, id LIMIT 1000",
                [.integer(least)]
            ) { (id: $0.integer(0), priority: $0.int(1), episodes: Self.texts($0.text(2))) }
            .first { !busy.contains($0.id) && ($0.priority >= Job.Order.urgent || hurried.isDisjoint(with: $0.episodes)) }?.id
            guard let found else { return nil }
            try database.run(
                "UPDATE job SET state = 'running', began = ?, ended = NULL, starts = starts + 1, owner = ? WHERE id = ?", .text(now),
                .text(ProcessMark.current.text), .integer(found))
            return found
        }
        return try id.flatMap { try job($0) }
    }

    /// Episodes of which a line is being spoken anew: what else is to be built of them comes after that.
    private func hurried() throws(SQLiteError) -> Set<String> {
        Set(try database.rows(
            "SELECT episodes FROM job WHERE priority >= ? AND (state = 'queued' OR state = 'running' AND owner = ?)",
            [.integer(Job.Order.urgent), .text(ProcessMark.current.text)]
        ) { Self.texts($0.text(0)) }.flatMap { $0 })
    }

    /// Changes a job's state, if that can happen to it.
    /// - Parameter start: which start of the job this comes of; what comes of an earlier one than the last has no place.
    /// - Returns: the job as it is then; nil if there is none, or it cannot.
    public func note(_ event: JobEvent, of id: Int64, start: Int? = nil, reports: [Value]? = nil) throws -> Job? {
        let now = clock.now().iso8601
        let isChanged: Bool = try database.transaction { () throws(SQLiteError) in
            let known = try database.rows("SELECT state, starts FROM job WHERE id = ?", [.integer(id)]) {
                (state: Job.State(rawValue: $0.text(0)), starts: $0.int(1))
            }.first
            guard let known, let state = known.state, start == nil || start == known.starts, let next = event.state(after: state) else {
                return false
            }
            try database.run(
                "UPDATE job SET state = ?, ended = ? WHERE id = ?", .text(next.rawValue), next.isFinal ? .text(now) : .null, .integer(id))
            if case .ended(let outcome) = event {
                try database.run("UPDATE job SET outcome = ? WHERE id = ?", .text(outcome), .integer(id))
            }
            if let reports { try database.run("UPDATE job SET reports = ? WHERE id = ?", .text(Value.list(reports).json()), .integer(id)) }
            return true
        }
        return isChanged ? try job(id) : nil
    }

    /// Queues what a killed server has left running.
    /// - Returns: how many jobs that are.
    public func recover() throws -> Int {
        let running = try database.rows("SELECT id, owner FROM job WHERE state = 'running'") {
            ($0.integer(0), ProcessMark(text: $0.text(1)))
        }
        let lost = running.filter { !$0.1.isAlive }
        for (id, _) in lost { _ = try note(.interrupted, of: id) }
        return lost.count
    }

    private func jobs(_ condition: String, _ arguments: [SQLiteValue]) throws -> [Job] {
        let columns =
            "id, episodes, targets, jobs, budget, draft, keep_going, retry, priority, by, asked, state, began, ended, starts, outcome, "
                + "reports, merge"
        return try database.rows("SELECT \(columns) FROM job \(condition)", arguments) { row in
            var order = Job.Order(episodes: Self.texts(row.text(1)), targets: Self.texts(row.text(2)), priority: row.int(8))
            order.jobs = row.optionalInteger(3).map { Int($0) }
            order.budget = row.optionalInteger(4).map { Cost(microUSD: $0) }
            (order.isDraft, order.keepsGoing, order.isRetry) = (row.int(5) != 0, row.int(6) != 0, row.int(7) != 0)
            order.isMerge = row.int(17) != 0
            return Job(
                id: row.integer(0), order: order, by: row.text(9), asked: row.text(10), state: Job.State(rawValue: row.text(11)) ?? .ended,
                began: row.optionalText(12), ended: row.optionalText(13), starts: row.int(14), outcome: row.optionalText(15),
                reports: Value(json: Array(row.text(16).utf8))?.list ?? [])
        }
    }

    private static func list(_ texts: [String]) -> String { Value.list(texts.map { .string($0) }).json() }
    private static func texts(_ json: String) -> [String] { Value(json: Array(json.utf8))?.list?.compactMap(\.string) ?? [] }
}
