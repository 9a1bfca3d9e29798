import FoundationEssentials
import Testing

import EpSQLite

/// A database file: what is written is read again, and its tables grow with the program.
@Suite struct SQLiteTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "sqlite-\(UUID().uuidString)").path(percentEncoded: false)
    private let first = "CREATE TABLE line (speaker TEXT NOT NULL, words TEXT, seconds REAL);"
    private let second = "ALTER TABLE line ADD COLUMN take INTEGER NOT NULL DEFAULT 1;"

    private func removed<Result>(_ body: () throws -> Result) rethrows -> Result {
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        return try body()
    }

    @Test func valuesComeBackAsTheyWere() throws {
        try removed {
            let database = try SQLiteDatabase(path: path)
            try database.execute(first)
            let words = ["", "it's", "e\u{301} 月 🦉", "a\0b", "%;--"]
            for (number, text) in words.enumerated() {
                try database.run("INSERT INTO line VALUES (?, ?, ?)", .text("Sam"), .text(text), .real(Double(number) / 3))
            }
            try database.run("INSERT INTO line VALUES (?, ?, ?)", .text("Pip"), .null, .integer(Int64.max))
            #expect(database.lastRow == 6)
            let rows = try database.rows("SELECT words, seconds FROM line WHERE speaker = ? ORDER BY rowid", [.text("Sam")]) {
                ($0.text(0), $0.real(1))
            }
            #expect(rows.map { Array($0.0.utf8) } == words.map { Array($0.utf8) })
            #expect(rows.map(\.1) == (0..<5).map { Double($0) / 3 })
            let last = try database.rows("SELECT words, seconds FROM line WHERE words IS NULL") {
                ($0.optionalText(0), $0.isNull(0), $0.int(1))
            }
            #expect(last.count == 1 && last[0].0 == nil && last[0].1 && last[0].2 == Int.max)
        }
    }

    @Test func aTransactionIsAllOrNothing() throws {
        try removed {
            let database = try SQLiteDatabase(path: path)
            try database.execute(first)
            #expect(throws: SQLiteError.self) {
                try database.transaction { () throws(SQLiteError) in
                    try database.run("INSERT INTO line VALUES ('Sam', 'Hello', 1)")
                    try database.run("INSERT INTO line VALUES (NULL, 'Nobody', 1)")
                }
            }
            #expect(try database.rows("SELECT count(*) FROM line") { $0.int(0) } == [0])
            try database.transaction { () throws(SQLiteError) in try database.run("INSERT INTO line VALUES ('Sam', 'Hello', 1)") }
            #expect(try database.rows("SELECT count(*) FROM line") { $0.int(0) } == [1])
        }
    }

    @Test func tablesGrowAndKeepWhatTheyHold() throws {
        try removed {
            do {
                let old = try SQLiteDatabase(path: path)
                try SQLiteVersions([first]).prepare(old)
                try old.run("INSERT INTO line VALUES ('Sam', 'Hello', 1)")
            }
            let versions = SQLiteVersions([first, second])
            for _ in 0..<2 {
                let database = try SQLiteDatabase(path: path)
                try versions.prepare(database)
                #expect(try database.rows("SELECT words, take FROM line") { "\($0.text(0)) \($0.int(1))" } == ["Hello 1"])
            }
            let error = #expect(throws: SQLiteError.self) { try SQLiteVersions([first]).prepare(SQLiteDatabase(path: path)) }
            #expect(error?.message == "a newer epbuild has made it (version 2, this one knows 1)")
            #expect(error?.isDamage == false)
        }
    }

    /// A step that fails leaves the version before.
    @Test func aStepIsAllOrNothing() throws {
        try removed {
            let database = try SQLiteDatabase(path: path)
            try SQLiteVersions([first]).prepare(database)
            #expect(throws: SQLiteError.self) {
                try SQLiteVersions([first, "CREATE TABLE more (x);CREATE TABLE line (x);"]).prepare(database)
            }
            #expect(try database.rows("PRAGMA user_version") { $0.int(0) } == [1])
            #expect(try database.rows("SELECT count(*) FROM sqlite_master WHERE name = 'more'") { $0.int(0) } == [0])
        }
    }

    /// A short log stays beside its file, and is read there, by those who can only read, too. A long one goes into the file.
    @Test func aShortLogStays() throws {
        try removed {
            func write(_ count: Int) throws {
                let database = try SQLiteDatabase(path: path)
                database.lastingLog = 1 << 16
                try SQLiteVersions([first]).prepare(database)
                for _ in 0..<count { try database.run("INSERT INTO line VALUES ('Sam', 'Hello', 1)") }
            }
            var log: Int { (try? Data(contentsOf: URL(filePath: path + "-wal")).count) ?? 0 }
            let count = { (database: SQLiteDatabase) in try database.rows("SELECT count(*) FROM line") { $0.int(0) } }
            try write(1)
            #expect(log > 0)
            try write(1)
            #expect(try count(SQLiteDatabase(path: path)) == [2])
            try write(1)
            #expect(log > 0)
            #expect(try count(.readingOnly(path)) == [3])
            try write(40)
            #expect(log == 0)
            #expect(try count(.readingOnly(path)) == [43])
        }
    }

    @Test func whatIsNoDatabaseIsDamage() throws {
        try removed {
            try Data(repeating: 0x41, count: 5000).write(to: URL(filePath: path))
            let database = try SQLiteDatabase(path: path)
            let error = #expect(throws: SQLiteError.self) { try SQLiteVersions([first]).prepare(database) }
            #expect(error?.isDamage == true)
            let missing = #expect(throws: SQLiteError.self) { try SQLiteDatabase(path: "\(path)/no/such") }
            #expect(missing?.isUnopenable == true)
        }
    }
}
