public import EpCore
import EpFiles
import EpSQLite

/// What a workspace remembers of its builds: `.epbuild/history.sqlite`, to be asked and to be told decisions.
public final class History {
    let file: HistoryFile

    /// - Parameters:
    ///   - stateDirectory: the workspace's `.epbuild/`. Nothing is made there until there is something to record.
    ///   - warn: is told if the history is damaged; then it is begun anew.
    public init(stateDirectory: String, warn: @escaping (Diagnostic) -> Void) {
        file = HistoryFile(stateDirectory: stateDirectory, warn: warn)
    }

    /// Records what a person has decided. That it cannot be written is a warning, never a failure.
    public func record(_ decision: Decision) {
        do {
            try file.use { (database) throws(SQLiteError) in
                try database.run(
                    "INSERT INTO decision (time, episode, verb, target, note, by) VALUES (?, ?, ?, ?, ?, ?)", .text(decision.time.iso8601),
                    .text(decision.episode.text), .text(decision.verb), .text(decision.target), .text(decision.note), .text(decision.by))
            }
        } catch {
            file.warn(Diagnostic(.system, "this decision is not recorded: \(error.message)", remedy: error.remedy, severity: .warning))
        }
    }

    /// The rows of a query; none if nothing was ever recorded.
    func rows<Result>(_ sql: String, _ arguments: [SQLiteValue] = [], _ body: (Statement) -> Result) throws(Diagnostic) -> [Result] {
        guard file.exists else { return [] }
        return try file.use { (database) throws(SQLiteError) in try database.rows(sql, arguments, body) }
    }
}
