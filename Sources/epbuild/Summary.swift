import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpPlan

/// What a build came to, for a person or as JSON.
struct Summary {
    private let report: BuildReport
    private let place: EpisodePlace

    init(_ report: BuildReport, of place: EpisodePlace) {
        self.report = report
        self.place = place
    }

    /// - Parameter isAside: standard output is somebody else's.
    func print(json: Bool, isAside: Bool = false) {
        if json { Console.answer(report.value.json()) } else { lines.forEach(isAside ? Console.say : Console.answer) }
    }

    private var lines: [String] {
        switch report.outcome {
        case .upToDate: return ["\(report.episode): up to date (\(report.actions.total) actions,\(remembered) \(seconds))"]
        default: break
        }
        var lines = ["\(report.episode): \(outcome) \(report.outcome == .built ? "in" : "after") \(seconds)"]
        if !report.isTrouble { lines.append("  " + counts.joined(separator: " · ")) }
        if report.cost != .zero || report.saved != .zero {
            lines.append("  cost \(report.cost.text), saved by the cache \(report.saved.text)")
        }
        if report.outcome == .interrupted { lines.append("  run the same command again to go on") }
        if report.outcome == .failed { lines.append("  next: mend that, then epbuild \(ShellWord.quoted(report.episode))") }
        lines += report.fallbacks.map { "  \($0.words)" }
        if let draft = report.draft { lines += DraftSummary(draft).lines }
        lines += StageGroups.of(report.gates, by: \.target).flatMap(waiting)
        return lines + outputs
    }

    /// The file to open first, how long and how large it is, and how many others lie beside it.
    private var outputs: [String] {
        guard let first = report.outputs.first(where: PlayableFile.isWhole) ?? report.outputs.first else { return [] }
        let size = (try? Files.status("\(place.directory)/\(first)"))?.map { [Size.text($0.size)] } ?? []
        let facts = ((seconds(of: first).map { [ClockTime.whole($0)] } ?? []) + size).joined(separator: ", ")
        let more = report.outputs.count == 1 ? [] : ["    and \(Number.of(report.outputs.count - 1, "file")) beside it"]
        return ["  → \(report.episode)/\(first)\(facts.isEmpty ? "" : "  \(facts)")"] + more
    }

    /// How long a finished episode is, if the facts that are delivered with it tell.
    private func seconds(of file: String) -> Double? {
        guard let facts = report.outputs.first(where: { Path($0).name == "episode.json" }), PlayableFile.isWhole(file),
            let bytes = try? Files.read("\(place.directory)/\(facts)")
        else { return nil }
        return (try? Node(parsing: bytes, file: facts))?.value["duration_seconds"]?.number
    }

    /// Warnings are told when a script is read; later on, that there are some.
    private var remembered: String {
        switch report.warnings.count {
        case 0: ""
        case 1: " 1 warning,"
        default: " \(report.warnings.count) warnings,"
        }
    }

    private var outcome: String {
        switch report.outcome {
        case .built where report.draft != nil: "draft"
        case .waiting: "waiting for a decision"
        case .overBudget: "stopped at the budget"
        default: report.outcome.rawValue
        }
    }

    /// What of a stage waits for a person, what there is to read, and the commands to go on.
    private func waiting(_ group: StageGroup<GateReport>) -> [String] {
        var lines = group.shown.flatMap { gate($0.value) }
        if let rest = group.rest { lines.append("  … \(rest)") }
        lines.append("    approve  epbuild approve \(report.episode) \(group.target)")
        lines.append("    reject   epbuild reject \(report.episode) \(group.target) --note \"what to do better\"")
        if group.elements.count > 1 { lines.append("    for one  epbuild approve \(report.episode) \(group.elements[0].target)") }
        return lines
    }

    private func gate(_ gate: GateReport) -> [String] {
        let state =
            switch gate.state {
            case .rejected(note: let note) where gate.isEdited: ": you rejected this edit (\(note))"
            case .rejected(note: let note): ": the new take is the same as the one that was rejected (\(note))"
            default: " waits for a decision"
            }
        let hidden = gate.files.count - StageGroups.most
        return ["  \(gate.target)\(state)"] + gate.files.prefix(StageGroups.most).map { "    read     \($0)" }
            + (hidden > 0 ? ["             and \(hidden) more"] : [])
    }

    private var counts: [String] {
        let actions = report.actions
        let all: [(Int, String)] = [
            (actions.executed, "executed"), (actions.cacheHits, "from the cache"), (actions.remoteHits, "from the shared cache"),
            (actions.failed, "failed"), (actions.blocked, "blocked"), (actions.missing, "not run"),
        ]
        let shown = all.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return shown.isEmpty ? ["nothing to do"] : shown
    }

    private var seconds: String {
        let tenths = (report.seconds * 10).rounded() / 10
        return report.seconds < 0.95 ? "\(Int((report.seconds * 1000).rounded())) ms" : "\(tenths) s"
    }
}
