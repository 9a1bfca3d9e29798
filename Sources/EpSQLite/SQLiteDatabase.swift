import CSQLite
import Glibc

/// An open SQLite database, used by one task at a time.
///
/// Knows SQL and nothing of what the tables mean.
public final class SQLiteDatabase {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    /// Opens a file, and makes it if there is none.
    /// - Parameter busySeconds: how long a writer waits for another one.
    public convenience init(path: String, busySeconds: Int32 = 5) throws(SQLiteError) {
        try self.init(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, busySeconds: busySeconds)
    }

    /// Opens a file that nobody can write, with its log; where none lies beside it, as it stands: not even the files that readers share can
    /// be made there.
    public static func readingOnly(_ path: String) throws(SQLiteError) -> SQLiteDatabase {
        let escaped = path.utf8.map { "%?#".utf8.contains($0) ? "%\(String($0, radix: 16))" : String(Unicode.Scalar($0)) }
        let plain = path.utf8.contains { "%?#".utf8.contains($0) } ? escaped.joined() : path
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        let database = try SQLiteDatabase("file:\(plain)?mode=ro", flags, busySeconds: 0)
        do {
            try database.execute("PRAGMA schema_version")
            return database
        } catch where error.isUnopenable {
            return try SQLiteDatabase("file:\(plain)?immutable=1", flags, busySeconds: 0)
        }
    }

    private init(_ name: String, _ flags: Int32, busySeconds: Int32) throws(SQLiteError) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(name, &opened, flags, nil)
        guard let opened, code == SQLITE_OK else {
            let error = SQLiteError(code: code, message: Self.message(opened, code))
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        sqlite3_busy_timeout(handle, busySeconds * 1000)
    }

    /// Bytes of the log (WAL) that stay beside the file when it is closed: whoever opens it next reads them, and nobody waits for the disk.
    /// What a longer one has is put into the file.
    public var lastingLog = 0

    deinit {
        statements.removeAll()
        if lastingLog > 0, logLength <= lastingLog { csqlite_leave_log(handle) }
        sqlite3_close_v2(handle)
    }

    /// The row that was inserted last.
    public var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs statements that take and give nothing.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// Runs one statement with its arguments, for what it does.
    public func run(_ sql: String, _ arguments: SQLiteValue...) throws(SQLiteError) {
        try each(sql, arguments) { (_) throws(SQLiteError) in }
    }

    /// The rows that a query gives, each read by `body`.
    public func rows<Result>(_ sql: String, _ arguments: [SQLiteValue] = [], _ body: (Statement) -> Result) throws(SQLiteError) -> [Result]
    {
        var results: [Result] = []
        try each(sql, arguments) { (row) throws(SQLiteError) in results.append(body(row)) }
        return results
    }

    /// Calls `body` with every row, without keeping any.
    public func each(_ sql: String, _ arguments: [SQLiteValue], _ body: (Statement) throws(SQLiteError) -> Void) throws(SQLiteError) {
        let statement = try prepared(sql)
        defer { statement.reset() }
        statement.bind(arguments)
        while true {
            let code = statement.step()
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw error(code) }
            try body(statement)
        }
    }

    /// Does everything in `body` or nothing. Takes the write lock at once, so that two writers wait instead of failing.
    public func transaction<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // Some errors have ended the transaction already.
            _ = try? execute("ROLLBACK")
            throw error
        }
    }

    private var logLength: Int {
        var status = stat()
        guard let log = sqlite3_filename_wal(sqlite3_db_filename(handle, nil)), stat(log, &status) == 0 else { return 0 }
        return Int(status.st_size)
    }

    /// Makes a statement ready that is going to be run.
    public func prepare(_ sql: String) throws(SQLiteError) { _ = try prepared(sql) }

    private func prepared(_ sql: String) throws(SQLiteError) -> Statement {
        if let known = statements[sql] { return known }
        var pointer: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &pointer, nil)
        guard code == SQLITE_OK, let pointer else { throw error(code) }
        let statement = Statement(pointer)
        statements[sql] = statement
        return statement
    }

    private func error(_ code: Int32) -> SQLiteError { SQLiteError(code: code, message: Self.message(handle, code)) }

    private static func message(_ handle: OpaquePointer?, _ code: Int32) -> String {
        if let handle { return String(cString: sqlite3_errmsg(handle)) }
        return String(cString: sqlite3_errstr(code))
    }
}
