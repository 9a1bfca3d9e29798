import EpSQLite

/// The tables of `.epbuild/history.sqlite`. A ledger: rows are added, and never changed after their build has ended.
enum HistorySchema {
    static let versions = SQLiteVersions([first, places, calls, unpriced])

    /// In bytes, of some ten builds in which little was made: read in a tenth of a millisecond by whoever opens the file.
    private static let lastingLog = 64 * 4096

    /// Makes the tables in a new file.
    static func prepare(_ database: SQLiteDatabase) throws(SQLiteError) {
        // What is lost with the machine's power is at most the record of the last builds.
        try database.execute("PRAGMA synchronous=NORMAL")
        try versions.prepare(database)
        database.lastingLog = lastingLog
    }

    /// Where a failure happened, and how often it was tried.
    private static let places = """
        ALTER TABLE action ADD COLUMN error_file TEXT;
        ALTER TABLE action ADD COLUMN error_line INTEGER;
        ALTER TABLE action ADD COLUMN error_column INTEGER;
        ALTER TABLE action ADD COLUMN attempts INTEGER;
        """

    /// How often services were asked.
    private static let calls = """
        CREATE TABLE provider_calls (
            build INTEGER NOT NULL REFERENCES build (id),
            provider TEXT NOT NULL,
            calls INTEGER NOT NULL, errors INTEGER NOT NULL,
            PRIMARY KEY (build, provider)
        ) WITHOUT ROWID;
        """

    /// Calls whose price nobody knows: they are not in the sums of money.
    private static let unpriced = """
        ALTER TABLE action ADD COLUMN unpriced_calls INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE build ADD COLUMN unpriced_calls INTEGER;
        ALTER TABLE build ADD COLUMN saved_unpriced_calls INTEGER;
        ALTER TABLE stage_saved ADD COLUMN unpriced_calls INTEGER NOT NULL DEFAULT 0;
        """

    /// Times are ISO 8601 in UTC with milliseconds, so that they sort as text. Money is in millionths of a US dollar.
    private static let first = """
        CREATE TABLE build (
            id INTEGER PRIMARY KEY,
            episode TEXT NOT NULL,             -- relative to the workspace
            started TEXT NOT NULL,
            seconds REAL, outcome TEXT,        -- NULL: it runs, or was killed
            total INTEGER, executed INTEGER, cache_hits INTEGER, remote_hits INTEGER, failed INTEGER, blocked INTEGER,
            cost_micro_usd INTEGER, saved_micro_usd INTEGER,
            outputs TEXT, failures TEXT,       -- JSON
            snapshot TEXT, snapshot_size INTEGER,
            edited TEXT                        -- of a success after a failure: a file that a person changed in between
        );
        CREATE INDEX build_episode ON build (episode, id);
        CREATE TABLE action (
            id INTEGER PRIMARY KEY,
            build INTEGER NOT NULL REFERENCES build (id),
            stage TEXT NOT NULL, item TEXT NOT NULL, step TEXT NOT NULL,
            tool TEXT,                         -- NULL: it failed
            origin TEXT NOT NULL,              -- executed, remote, failed
            seconds REAL NOT NULL, cost_micro_usd INTEGER NOT NULL,
            served_by TEXT, usage TEXT, address TEXT,
            error_code TEXT, error_message TEXT, error_remedy TEXT
        );
        CREATE INDEX action_build ON action (build);
        CREATE INDEX action_target ON action (stage, item, step, id);
        CREATE TABLE reason (
            build INTEGER NOT NULL REFERENCES build (id),
            stage TEXT NOT NULL, item TEXT NOT NULL, step TEXT NOT NULL,
            changes TEXT NOT NULL,             -- JSON: why it was executed again
            PRIMARY KEY (build, stage, item, step)
        ) WITHOUT ROWID;
        CREATE TABLE stage_saved (
            build INTEGER NOT NULL REFERENCES build (id),
            stage TEXT NOT NULL, tool TEXT NOT NULL, served_by TEXT NOT NULL, origin TEXT NOT NULL,
            hits INTEGER NOT NULL, saved_micro_usd INTEGER NOT NULL, saved_seconds REAL NOT NULL,
            PRIMARY KEY (build, stage, tool, served_by, origin)
        ) WITHOUT ROWID;
        CREATE TABLE decision (
            id INTEGER PRIMARY KEY,
            time TEXT NOT NULL, episode TEXT NOT NULL, verb TEXT NOT NULL, target TEXT NOT NULL, note TEXT, by TEXT NOT NULL
        );
        CREATE INDEX decision_episode ON decision (episode, id);

        """
}
