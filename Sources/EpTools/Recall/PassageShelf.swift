import EpCore
import EpPlan
import EpSQLite

/// The passages of some texts, in memory, to be asked for those that match best.
///
/// The texts come in an order, and most questions are about one more of them than the one before: what is held already is not read again.
/// What a question finds depends on the texts that it is asked about and on nothing else, whatever was held before.
final class PassageShelf {
    struct Text {
        let source: ArtifactSource
        /// How templates call it.
        let name: String
    }

    private struct Held {
        let source: ArtifactSource
        /// The number of its last passage.
        let end: Int
    }

    private let database: SQLiteDatabase
    private var texts: [Held] = []
    private var passages: [String] = []

    init() throws(SQLiteError) {
        database = try SQLiteDatabase(path: ":memory:")
        try database.execute("CREATE VIRTUAL TABLE passage USING fts5(words, tokenize='unicode61 remove_diacritics 2')")
    }

    /// Holds these texts, and no others.
    /// - Parameter read: what a text holds.
    func hold(_ wanted: [Text], _ read: (Int) throws -> Passages) throws {
        let kept = zip(texts, wanted).prefix { $0.source == $1.source }.count
        if kept < texts.count {
            texts.removeSubrange(kept...)
            passages.removeSubrange((texts.last?.end ?? 0)...)
            try database.run("DELETE FROM passage WHERE rowid > ?", .integer(passages.count))
        }
        guard kept < wanted.count else { return }
        try database.execute("BEGIN")
        for index in kept..<wanted.count {
            for passage in try read(index).all {
                passages.append(passage)
                try database.run(
                    "INSERT INTO passage (rowid, words) VALUES (?, ?)", .integer(passages.count), .text(SearchTerms(passage).indexed))
            }
            texts.append(Held(source: wanted[index].source, end: passages.count))
        }
        try database.execute("COMMIT")
    }

    /// The passages that match best, the best first, each with the place of its text.
    /// - Parameter without: places of texts that are not to be found.
    func find(_ query: String, limit: Int, without hidden: Set<Int> = []) throws -> [(text: Int, passage: String)] {
        guard let question = SearchTerms(query).question else { return [] }
        let passed = hidden.reduce(0) { $0 + texts[$1].end - ($1 == 0 ? 0 : texts[$1 - 1].end) }
        let rows = try database.rows(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage), rowid LIMIT ?",
            [.text(question), .integer(limit + passed)]
        ) { $0.int(0) }
        let found = rows.map { row in (text: place(of: row), passage: passages[row - 1]) }
        return Array(found.filter { !hidden.contains($0.text) }.prefix(limit))
    }

    /// The text that a passage is of.
    private func place(of row: Int) -> Int {
        var range = texts.indices
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            if texts[middle - 1].end >= row { range = range.lowerBound..<middle } else { range = middle..<range.upperBound }
        }
        return range.lowerBound
    }
}
