import CSQLite

/// The tables of a file, as statements that make each version of them from the one before. `PRAGMA user_version` says which a file has.
public struct SQLiteVersions: Sendable {
    private let steps: [String]

    /// - Parameter steps: the first makes the tables in an empty file. One that has been released never changes: a change is a further
    ///   step.
    public init(_ steps: [String]) { self.steps = steps }

    /// The newest.
    public var version: Int64 { Int64(steps.count) }

    /// Brings a file to the newest version: all that it lacks, or nothing. Readers go on while others write (WAL).
    /// - Throws: also if a newer program has made the file.
    public func prepare(_ database: SQLiteDatabase) throws(SQLiteError) {
        guard try Self.version(of: database) != version else { return }
        try database.execute("PRAGMA journal_mode=WAL")
        try database.transaction { () throws(SQLiteError) in
            // Another process may have been quicker.
            let found = try Self.version(of: database)
            guard found <= version else {
                throw SQLiteError(
                    code: SQLITE_MISMATCH, message: "a newer epbuild has made it (version \(found), this one knows \(version))")
            }
            for step in steps.dropFirst(Int(max(0, found))) { try database.execute(step) }
            try database.execute("PRAGMA user_version=\(version)")
        }
    }

    private static func version(of database: SQLiteDatabase) throws(SQLiteError) -> Int64 {
        try database.rows("PRAGMA user_version") { $0.integer(0) }.first ?? 0
    }
}
