import EpCore
import EpEngine
import EpPlan
import EpSQLite

/// What a build did not have to make, summed up by who would have made it: a few rows, however many hits.
struct Savings {
    private struct Key: Hashable {
        let stage, tool, servedBy: String
        let origin: BuildEvent.Origin
    }

    private struct Sum {
        var hits: Int64 = 0
        var saved = Cost.zero
        var seconds = 0.0

        mutating func add(_ result: ActionResult) {
            hits += 1
            saved += result.cost
            seconds += result.duration.seconds
        }
    }

    private var sums: [Key: Sum] = [:]

    mutating func add(_ end: BuildEvent.StepEnd) {
        let key = Key(stage: end.target.stage.text, tool: end.tool.text, servedBy: end.result.servedBy, origin: end.origin)
        sums[key, default: Sum()].add(end.result)
    }

    mutating func removeAll() { sums.removeAll() }

    static let insertion = "INSERT INTO stage_saved VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

    func insert(into database: SQLiteDatabase, build: Int64) throws(SQLiteError) {
        for (key, sum) in sums {
            try database.run(
                Self.insertion, .integer(build), .text(key.stage), .text(key.tool),
                .text(key.servedBy),
                .text(key.origin.rawValue), .integer(sum.hits), .integer(sum.saved.microUSD), .real(sum.seconds),
                .integer(sum.saved.unpricedCalls))
        }
    }
}
