import EpCore
import EpSQLite

/// An index as a file: the same texts give the same bytes, by numbers that are given and one transaction without a journal.
///
/// `words` finds words whatever their case and accents; `letters` any three letters in a row, for scripts without blanks.
struct IndexFile {
    private let database: SQLiteDatabase

    private static let tables = """
        CREATE TABLE document (id INTEGER PRIMARY KEY, stage TEXT NOT NULL, item TEXT NOT NULL, title TEXT NOT NULL);
        CREATE TABLE passage (id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document, text TEXT NOT NULL);
        CREATE TABLE left_out (target TEXT NOT NULL);
        CREATE VIRTUAL TABLE words USING fts5(text, content='passage', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
        CREATE VIRTUAL TABLE letters USING fts5(text, content='passage', content_rowid='id', tokenize='trigram');
        """

    init(path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path)
        try database.execute("PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA user_version=1; BEGIN")
        try database.execute(Self.tables)
    }

    func begin(leftOut: [String]) throws(SQLiteError) {
        for target in leftOut { try database.run("INSERT INTO left_out VALUES (?)", .text(target)) }
    }

    func add(_ entry: Value, _ passages: Passages) throws(SQLiteError) {
        func text(_ key: String) -> SQLiteValue { .text(entry[key]?.string ?? "") }
        try database.run("INSERT INTO document (stage, item, title) VALUES (?, ?, ?)", text("stage"), text("item"), text("title"))
        let document = database.lastRow
        for passage in passages.all {
            try database.run("INSERT INTO passage (document, text) VALUES (?, ?)", .integer(document), .text(passage))
            let row = database.lastRow
            for table in ["words", "letters"] {
                try database.run("INSERT INTO \(table) (rowid, text) VALUES (?, ?)", .integer(row), .text(passage))
            }
        }
    }

    func end() throws(SQLiteError) {
        for table in ["words", "letters"] { try database.execute("INSERT INTO \(table) (\(table)) VALUES ('optimize')") }
        try database.execute("COMMIT")
    }
}
