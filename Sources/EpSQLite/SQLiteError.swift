import CSQLite

/// What SQLite says went wrong.
public struct SQLiteError: Error {
    /// https://www.sqlite.org/rescode.html; the low byte is the primary code.
    public let code: Int32
    public let message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// What stands at the path is not to be opened.
    public static func unopenable(_ message: String) -> SQLiteError { SQLiteError(code: SQLITE_CANTOPEN, message: message) }

    private var primary: Int32 { code & 0xFF }
    /// True if the file is no database, or not a whole one.
    public var isDamage: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }
    public var isUnopenable: Bool { primary == SQLITE_CANTOPEN }
    public var isBusy: Bool { primary == SQLITE_BUSY || primary == SQLITE_LOCKED }
}
