import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory

/// One past build: what ran, why, how long, what failed and what to do about it, what it delivered.
struct PastBuildView {
    private let build: BuildRecord
    private let actions: [ActionRecord]
    private let limit: Int

    init(_ answer: PastBuildAnswer, limit: Int) {
        (build, actions) = (answer.build, answer.actions)
        self.limit = limit
    }

    var lines: [String] {
        let time = build.outcome == nil ? "" : " \(build.isSuccess ? "in" : "after") \(TimeSpan.text(build.seconds))"
        var lines = ["#\(build.id)  \(build.episode)  \(build.shownOutcome)\(time)  \(build.started.local)"]
        if !counts.isEmpty { lines.append("  " + counts.joined(separator: " · ")) }
        if let edited = build.edited { lines.append("  after a failure; in between \(edited) was changed") }
        lines += ran + failed
        lines += build.outputs.map { "  → \(build.episode)/\($0)" }
        return lines
    }

    private var counts: [String] {
        let counts = build.actions
        let numbers: [(Int, String)] = [
            (counts.executed, "executed"), (counts.cacheHits, "from the cache"), (counts.remoteHits, "from the shared cache"),
            (counts.failed, "failed"), (counts.blocked, "blocked"), (counts.missing, "not run"),
        ]
        let money = [(build.cost, "cost"), (build.saved, "saved by the cache")].filter { $0.0 != .zero }.map { "\($1) \($0.shown)" }
        return numbers.filter { $0.0 > 0 }.map { "\($0) \($1)" } + money
    }

    private var ran: [String] {
        let done = actions.filter { $0.failure == nil }
        var table = Table(numbers: [2, 3])
        for action in done.prefix(limit) {
            let provider = Provider.shown(action.servedBy ?? "") + (action.origin == .remote ? " (shared cache)" : "")
            let reasons = action.reasons.map(Self.text).joined(separator: ", ")
            table.add(action.label, provider, TimeSpan.text(action.seconds), action.cost.shown, reasons)
        }
        let rest = done.count - min(done.count, limit)
        return table.lines(indent: 2) + (rest > 0 ? ["  … and \(rest) more; `--limit \(done.count)` shows all"] : [])
    }

    private var failed: [String] {
        let failures = actions.compactMap { action in action.failure.map { (Self.shown($0.diagnostic), $0.problem.remedy) } }
        let others = build.failures.map { ($0["message"]?.string ?? "", $0["remedy"]?.string) }
        return (failures.isEmpty ? others : failures).flatMap { message, remedy in
            ["  \(Console.styled("error:", .red)) \(message)"] + (remedy.map { ["    \(Console.styled("→", .faint)) \($0)"] } ?? [])
        }
    }

    private static func shown(_ problem: Diagnostic) -> String { problem.message + (problem.location.map { "  (\($0))" } ?? "") }

    private static func text(_ change: Value) -> String {
        "\(change["input"]?.string ?? ""): \(change["old"]?.string ?? "") → \(change["new"]?.string ?? "")"
    }
}

extension ActionRecord {
    /// The target, and which step of it.
    var label: String { step.isEmpty ? "\(target)" : "\(target) (\(step))" }
}
