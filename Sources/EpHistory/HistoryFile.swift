import EpCore
import EpFiles
import EpSQLite
import Glibc

/// `.epbuild/history.sqlite`: opened when it is first needed; set aside and begun anew if it is damaged.
final class HistoryFile {
    let path: String
    /// Grows by one whenever the file is begun anew: row numbers of before mean nothing then.
    private(set) var generation = 0
    private let directory: String
    let warn: (Diagnostic) -> Void
    private var open: SQLiteDatabase?
    /// The file that was opened last, or was tried to be: looked at before, as another process may put a new one in its place at any
    /// moment.
    private var met: UInt64 = 0

    /// - Parameters:
    ///   - stateDirectory: the workspace's `.epbuild/`.
    ///   - warn: is told when the file was set aside.
    init(stateDirectory: String, warn: @escaping (Diagnostic) -> Void) {
        directory = stateDirectory
        path = "\(stateDirectory)/history.sqlite"
        self.warn = warn
    }

    var exists: Bool { FileStatus(path) != nil }

    /// True if something else is in its place. A database that cannot be opened just now (no descriptor is left, a directory
    /// may not be entered) is not damaged, and stays.
    private var isBlocked: Bool { FileStatus(path)?.isRegular == false }

    /// Opens it now, and makes statements ready, as they are going to be used; what is wrong with it shows then.
    func prepare(_ statements: [String]) {
        guard let database = try? opened() else { return }
        for statement in statements { try? database.prepare(statement) }
    }

    /// Calls `body` with the open database; once more with a new one if it turned out to be damaged.
    /// - Throws: `Diagnostic` (`system`) if the history can be neither used nor begun anew.
    func use<Result>(_ body: (SQLiteDatabase) throws(SQLiteError) -> Result) throws(Diagnostic) -> Result {
        do {
            return try attempt(body)
        } catch where error.isDamage || (error.isUnopenable && isBlocked) {
            try setAside(because: error.message)
        } catch {
            throw problem(error)
        }
        do { return try body(opened()) } catch { throw problem(error) }
    }

    /// What could not be read for once, SQLite takes for damage, too: it is looked at again, without anything that is known of it.
    private func attempt<Result>(_ body: (SQLiteDatabase) throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        do { return try body(opened()) } catch where error.isDamage { open = nil }
        return try body(opened())
    }

    private func opened() throws(SQLiteError) -> SQLiteDatabase {
        if let open { return open }
        // One that cannot be written can be asked still.
        if exists, access(directory, W_OK) != 0, [.readOnly, .denied].contains(SystemError.last.kind) {
            return try .readingOnly(path)
        }
        try? Directory.make(directory, mode: 0o755, below: Path(directory).parent)
        met = inode
        try clearTheWay()
        let database = try prepared()
        open = database
        return database
    }

    /// Switching a new file to WAL does not wait for others that do the same: it is tried again.
    private func prepared() throws(SQLiteError) -> SQLiteDatabase {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            met = inode
            do {
                let database = try SQLiteDatabase(path: path)
                try HistorySchema.prepare(database)
                return database
            } catch where error.isBusy && ContinuousClock.now < deadline {
                usleep(10_000)
            }
        }
    }

    private static let patience = Duration.seconds(5)

    /// Links, pipes and directories have no place here, and SQLite would follow them or wait.
    private func clearTheWay() throws(SQLiteError) {
        for end in ["-wal", "-shm", "-journal"] {
            guard FileStatus(path + end)?.isRegular == false else { continue }
            rename(path + end, "\(path)\(end).set-aside-\(Moment.now.milliseconds)")
        }
        if isBlocked { throw SQLiteError.unopenable("it is no plain file") }
    }

    // MARK: damage

    private var inode: UInt64 { FileStatus(path)?.inode ?? 0 }

    /// Renames the file to `history.sqlite.damaged-N`. Of several processes that meet the damage, one does so.
    private func setAside(because message: String) throws(Diagnostic) {
        open?.lastingLog = 0
        open = nil
        generation += 1
        let lock = Glibc.open("\(directory)/history.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
        defer { close(lock) }
        guard lock >= 0, FileLock.take(lock) else { throw unwritable("\(directory)/history.lock") }
        guard inode == met else { return }
        let number = (1...).first { FileStatus("\(path).damaged-\($0)") == nil } ?? 1
        let aside = "\(path).damaged-\(number)"
        guard rename(path, aside) == 0 else { throw unwritable(path) }
        for end in ["-wal", "-shm"] { rename(path + end, aside + end) }
        warn(Diagnostic(
            .system, "the history of this workspace cannot be read (\(message)): a new one is begun",
            remedy: "what is left of the old one is kept in \(aside)", severity: .warning))
    }

    private func problem(_ error: SQLiteError) -> Diagnostic {
        Diagnostic(
            .system, "\(path) cannot be used: \(error.message)",
            remedy: "builds work without it; nothing is lost by removing it but the record of past builds")
    }

    private func unwritable(_ path: String) -> Diagnostic {
        Files.unwritable(path, remedy: "make the directory writable for you")
    }
}
