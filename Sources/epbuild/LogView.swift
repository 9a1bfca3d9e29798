import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory

extension LogAnswer {
    /// A table, newest first.
    var lines: [String] {
        guard !entries.isEmpty else { return ["nothing is recorded yet"] }
        var table = Table(numbers: [0, 4, 5, 6])
        for entry in entries {
            switch entry {
            case .build(let build):
                let hasEnded = build.outcome != nil
                table.add(
                    "#\(build.id)", build.started.local, build.episode.text, build.shownOutcome,
                    hasEnded ? "\(build.actions.executed) run" : "",
                    hasEnded ? TimeSpan.text(build.seconds) : "", build.cost.shown, build.firstError?.headline ?? "")
            case .decision(let decision):
                let what = [decision.verb, decision.target, decision.note.map { "(\($0))" } ?? ""].filter { !$0.isEmpty }
                table.add("", decision.time.local, decision.episode.text, "–", "", "", "", "\(decision.by): \(what.joined(separator: " "))")
            }
        }
        return table.lines()
    }
}

extension BuildRecord {
    var shownOutcome: String {
        switch outcome {
        case .upToDate: "up to date"
        case .overBudget: "over budget"
        case .some(let outcome): outcome.rawValue
        case nil: "did not end"
        }
    }
}

extension String {
    /// The beginning of its first line.
    fileprivate var headline: String {
        let line = prefix { !$0.isNewline }
        return line.count > 120 ? line.prefix(119) + "…" : String(line)
    }
}
