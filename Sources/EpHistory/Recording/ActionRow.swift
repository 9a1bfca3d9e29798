import EpCore
import EpEngine
import EpPlan
import EpSQLite

/// An action on its way into the ledger.
struct ActionRow {
    let target: Target
    let step: String
    var tool: String?
    let origin: String
    let seconds: Double
    var cost = Cost.zero
    var servedBy: String?
    var usage: String?
    var address: String?
    var error: Diagnostic?

    init(_ end: BuildEvent.StepEnd) {
        (target, step, tool, origin) = (end.target, end.step, end.tool.text, end.origin.rawValue)
        (seconds, cost, servedBy, address) = (end.result.duration.seconds, end.result.cost, end.result.servedBy, end.address.hex)
        if !end.result.usage.isEmpty {
            let units = end.result.usage.sorted { $0.key < $1.key }
            usage = Value.object(units.map { .init($0.key, .int($0.value)) }).json()
        }
    }

    init(failed target: Target, _ step: String, _ problem: Diagnostic, seconds: Double) {
        (self.target, self.step, self.seconds) = (target, step, seconds)
        origin = "failed"
        error = problem
    }

    func insert(into database: SQLiteDatabase, build: Int64) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO action (build, stage, item, step, tool, origin, seconds, cost_micro_usd, served_by, usage, address,
                error_code, error_message, error_remedy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .integer(build), .text(target.stage.text), .text(target.item ?? ""), .text(step), .text(tool), .text(origin), .real(seconds),
            .integer(cost.microUSD), .text(servedBy), .text(usage), .text(address), .text(error?.code.rawValue), .text(error?.message),
            .text(error?.remedy))
    }
}

/// Why a step was executed again, on its way into the ledger.
struct ReasonRow {
    let target: Target
    let step: String
    let changes: [EpEngine.InputChange]

    func insert(into database: SQLiteDatabase, build: Int64) throws(SQLiteError) {
        try database.run(
            "INSERT OR REPLACE INTO reason VALUES (?, ?, ?, ?, ?)", .integer(build), .text(target.stage.text), .text(target.item ?? ""),
            .text(step), .text(Value.list(changes.map(\.value)).json()))
    }
}
