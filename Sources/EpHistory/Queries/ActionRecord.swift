public import EpCore
public import EpEngine
import EpPlan
import EpSQLite

/// An action as the history remembers it.
public struct ActionRecord: Sendable {
    public enum Origin: String, Sendable { case executed, remote, failed }

    public let build: Int64
    public let target: Target
    /// Tells it from the others of its target; "" if it is the only one.
    public let step: String
    /// Nil if it failed.
    public let tool: String?
    public let origin: Origin
    public let seconds: Double
    public let cost: Cost
    public let servedBy: String?
    /// Amounts by unit; null if none were counted.
    public let usage: Value
    public let address: String?
    public let failure: Failure?
    /// Why it was executed again: a list of `{input, old, new}`, empty if that is not known.
    public let reasons: [Value]

    static let columns = """
        action.build, action.stage, action.item, action.step, tool, origin, action.seconds, action.cost_micro_usd, served_by, usage, address,
        error_code, error_message, error_remedy, error_file, error_line, error_column, attempts, action.unpriced_calls
        """

    /// - Parameter row: the columns, then the reasons as JSON.
    init(_ row: Statement) {
        build = row.integer(0)
        target = Target(stage: StageName(row.text(1)), item: row.text(2).isEmpty ? nil : row.text(2))
        step = row.text(3)
        tool = row.optionalText(4)
        origin = Origin(rawValue: row.text(5)) ?? .executed
        seconds = row.real(6)
        let cost = Cost(microUSD: row.integer(7), unpricedCalls: row.integer(18))
        self.cost = cost
        servedBy = row.optionalText(8)
        usage = Value(recorded: row.text(9))
        address = row.optionalText(10)
        let place = row.optionalText(14).map { SourceLocation(file: $0, line: Int(row.integer(15)), column: Int(row.integer(16))) }
        let site = StepSite(target, step: step, at: place)
        failure = row.optionalText(11).map { code in
            let problem = Diagnostic(.init(rawValue: code) ?? .actionFailed, row.text(12), remedy: row.optionalText(13))
            return Failure(problem, of: site, attempts: Int(row.integer(17)), cost: cost)
        }
        reasons = Value(recorded: row.text(19)).list ?? []
    }

    public var value: Value {
        var members: [Value.Member] = [.init("target", .string(target.description))]
        if !step.isEmpty { members.append(.init("step", .string(step))) }
        if let tool { members.append(.init("tool", .string(tool))) }
        members += [
            .init("origin", .string(origin.rawValue)), .init("seconds", .double((seconds * 1000).rounded() / 1000)),
        ] + cost.members("cost")
        if let servedBy { members.append(.init("servedBy", .string(servedBy))) }
        if usage != .null { members.append(.init("usage", usage)) }
        if let address { members.append(.init("action", .string(address))) }
        if let failure { members.append(.init("error", failure.value)) }
        if !reasons.isEmpty { members.append(.init("changes", .list(reasons))) }
        return .object(members)
    }
}
