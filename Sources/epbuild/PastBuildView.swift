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

    /// As they were told when they happened.
    private var failed: [String] {
        let failures = actions.compactMap(\.failure?.diagnostic)
        return (failures.isEmpty ? build.failures.map(Self.problem) : failures).flatMap { problem in
            let place = problem.location.map { "\(Console.styled("\($0):", .bold)) " } ?? ""
            return ["  \(place)\(Console.styled("error:", .red)) \(problem.message)"]
                + (problem.remedy.map { ["    \(Console.styled("→", .faint)) \($0)"] } ?? [])
        }
    }

    /// What stands in the record of a build of which no action failed.
    private static func problem(_ value: Value) -> Diagnostic {
        let place = value["file"]?.string.map { SourceLocation(file: $0, line: whole(value["line"]), column: whole(value["column"])) }
        return Diagnostic(.actionFailed, value["message"]?.string ?? "", at: place, remedy: value["remedy"]?.string)
    }

    private static func whole(_ value: Value?) -> Int { value?.number.map { Int($0) } ?? 0 }

    private static func text(_ change: Value) -> String {
        "\(change["input"]?.string ?? ""): \(change["old"]?.string ?? "") → \(change["new"]?.string ?? "")"
    }
}

extension ActionRecord {
    /// The target, and which step of it.
    var label: String { step.isEmpty ? "\(target)" : "\(target) (\(step))" }
}
