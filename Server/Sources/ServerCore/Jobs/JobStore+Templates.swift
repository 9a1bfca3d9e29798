import EpCore
import EpFiles
import EpProviders
import EpSQLite

/// Templates and their times, beside the jobs.
extension JobStore {
    static let templateSchema = """
        CREATE TABLE IF NOT EXISTS template (name TEXT PRIMARY KEY, "order" TEXT NOT NULL, every TEXT, by TEXT NOT NULL, next INTEGER, job INTEGER);
        """

    public func templates() throws -> [Template] { try templates("ORDER BY name", []) }
    public func template(_ name: String) throws -> Template? { try templates("WHERE name = ?", [.text(name)]).first }

    /// Writes a template, in place of one of that name. It is on disk when this returns.
    public func put(_ name: String, _ order: Job.Order, every: Times?, by person: String) throws -> Template {
        let next = every?.next(after: clock.now())
        try database.run(
            """
            INSERT INTO template (name, "order", every, by, next) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET "order" = excluded."order", every = excluded.every, by = excluded.by, next = excluded.next
            """, .text(name), .text(Value.object(order.members).json()), every.map { .text($0.text) } ?? .null, .text(person),
            next.map { .integer($0.milliseconds) } ?? .null)
        guard let template = try template(name) else { throw Diagnostic(.system, "template \(name) is gone") }
        return template
    }

    /// - Returns: false if there was none.
    public func remove(template name: String) throws -> Bool {
        guard try template(name) != nil else { return false }
        try database.run("DELETE FROM template WHERE name = ?", .text(name))
        return true
    }

    public func note(job: Int64, ofTemplate name: String) throws {
        try database.run("UPDATE template SET job = ? WHERE name = ?", .integer(job), .text(name))
    }

    /// Asks for what is due by now, each once: of times that went by while no server ran, the last one counts.
    /// - Parameter resolve: names the episodes of an order's shows.
    /// - Returns: how many builds were asked for.
    public func askForDue(_ resolve: @Sendable (Job.Order) -> Job.Order) throws -> Int {
        let now = clock.now()
        var count = 0
        for template in try templates("WHERE next <= ?", [.integer(now.milliseconds)]) {
            let next = template.every?.next(after: now)
            let order = resolve(template.order)
            // In one transaction: of several servers one asks, and a crash neither loses a time nor doubles it.
            let isMine: Bool = try database.transaction { () throws(SQLiteError) in
                let due = try database.rows(
                    "SELECT 1 FROM template WHERE name = ? AND next <= ?", [.text(template.name), .integer(now.milliseconds)]
                ) { $0.int(0) }
                if due.isEmpty { return false }
                let job = order.episodes.isEmpty ? nil : try insert(order, by: template.by)
                try database.run(
                    "UPDATE template SET next = ?, job = coalesce(?, job) WHERE name = ?", next.map { .integer($0.milliseconds) } ?? .null,
                    job.map { .integer($0) } ?? .null, .text(template.name))
                return job != nil
            }
            if isMine { count += 1 }
        }
        return count
    }

    private func templates(_ condition: String, _ arguments: [SQLiteValue]) throws -> [Template] {
        try database.rows("SELECT name, \"order\", every, by, next, job FROM template \(condition)", arguments) { row in
            Template(
                name: row.text(0), order: Job.Order(Value(json: Array(row.text(1).utf8)) ?? .object([])),
                every: row.optionalText(2).flatMap { try? Times($0) },
                by: row.text(3), next: row.optionalInteger(4).map { Moment(milliseconds: $0) }, job: row.optionalInteger(5))
        }
    }
}
