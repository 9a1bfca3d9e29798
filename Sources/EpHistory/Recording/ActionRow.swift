import EpCore
import EpEngine
import EpPlan
import EpSQLite

/// An action on its way into the ledger.
struct ActionRow {
    let site: StepSite
    var tool: String?
    let origin: String
    let seconds: Double
    var cost = Cost.zero
    var servedBy: String?
    var usage: String?
    var address: String?
    var failure: Failure?

    init(_ end: BuildEvent.StepEnd) {
        (site, tool, origin) = (end.site, end.tool.text, end.origin.rawValue)
        (seconds, cost, servedBy, address) = (end.result.duration.seconds, end.result.cost, end.result.servedBy, end.address.hex)
        if !end.result.usage.isEmpty {
            let units = end.result.usage.sorted { $0.key < $1.key }
            usage = Value.object(units.map { .init($0.key, .int($0.value)) }).json()
        }
    }

    init(_ failure: Failure, of site: StepSite, seconds: Double) {
        (self.site, self.failure, self.seconds, cost) = (site, failure, seconds, failure.cost)
        origin = "failed"
    }

    static let insertion =
        """
        INSERT INTO action (build, stage, item, step, tool, origin, seconds, cost_micro_usd, served_by, usage, address,
            error_code, error_message, error_remedy, error_file, error_line, error_column, attempts, unpriced_calls)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    func insert(into database: SQLiteDatabase, build: Int64) throws(SQLiteError) {
        let (problem, place) = (failure?.problem, failure?.diagnostic.location)
        try database.run(
            Self.insertion,
            .integer(build), .text(site.target.stage.text), .text(site.target.item ?? ""), .text(site.step), .text(tool), .text(origin),
            .real(seconds),
            .integer(cost.microUSD), .text(servedBy), .text(usage), .text(address), .text(problem?.code.rawValue), .text(problem?.message),
            .text(problem?.remedy), .text(place?.file), place.map { .integer($0.line) } ?? .null,
            place.map { .integer($0.column) } ?? .null,
            failure.map { .integer($0.attempts) } ?? .null, .integer(cost.unpricedCalls))
    }
}

/// Why a step was executed again, on its way into the ledger.
struct ReasonRow {
    let site: StepSite
    let changes: [EpEngine.InputChange]

    static let insertion = "INSERT OR REPLACE INTO reason VALUES (?, ?, ?, ?, ?)"

    func insert(into database: SQLiteDatabase, build: Int64) throws(SQLiteError) {
        try database.run(
            Self.insertion, .integer(build), .text(site.target.stage.text),
            .text(site.target.item ?? ""),
            .text(site.step), .text(Value.list(changes.map(\.value)).json()))
    }
}
