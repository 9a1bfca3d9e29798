import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tells how every stage stands: up to date, stale, missing, edited or waiting.",
        usage: "epbuild status PATH… [--json]")

    @Argument(help: "Episodes, shows or workspaces.", completion: .places)
    var paths: [String] = []

    @Flag(help: "Print one JSON object for each episode.")
    var json = false

    func run() async throws {
        let composition = Composition()
        let places = try Words(paths).places(composition)
        var round = EpisodeRound()
        let desk = try composition.desk { [told = round.told] in told.tell($0) }
        var found: [EpisodeState] = []
        try await desk.status(places) { result in
            switch result {
            case .success(let answer):
                if json { Console.answer(answer.value.json()) }
                found.append(EpisodeState(name: answer.overview.episode, answer: answer))
            case .failure(let trouble):
                round.note(trouble)
                if json { Console.answer(trouble.value.json()) }
                found.append(EpisodeState(name: trouble.episode, answer: nil))
            }
        }
        if !json { (places.count == 1 ? found[0].lines : StatusTable(found).lines).forEach(Console.answer) }
        await desk.showTroubles(of: places).forEach { round.note($0) }
        try round.end()
    }
}

/// How one episode stands.
private struct EpisodeState {
    let name: String
    /// Nil if it is broken.
    let answer: StatusAnswer?

    /// Of one episode that is asked about alone.
    var lines: [String] {
        guard let answer else { return [] }
        let spent = answer.spent == .zero ? [] : ["  \(answer.spent.shown) spent so far"]
        return answer.overview.lines(answer.decisions) + spent + answer.calls.lines.map { "  \($0)" }
    }
}

/// Several episodes, a line each.
private struct StatusTable {
    let lines: [String]

    init(_ episodes: [EpisodeState]) {
        let width = episodes.map(\.name.count).max() ?? 0
        lines = episodes.map { episode in
            let (state, style) = episode.answer.map { ($0.overview.state.rawValue, $0.overview.state.style) } ?? (Trouble.state, .red)
            let name = "\(episode.name.padded(to: width))  \(Console.styled(state, style))"
            guard let answer = episode.answer else { return name }
            let padding = String(repeating: " ", count: max(0, 13 - state.count))
            let percent = String(Int((answer.overview.progress * 100).rounded(.down)))
            let money = answer.spent == .zero ? "" : "\(answer.spent.shown)  "
            return "\(name)\(padding) \(String(repeating: " ", count: 3 - percent.count))\(percent) %  \(money)\(answer.overview.remark)"
        }
    }
}

extension EpisodeOverview {
    /// What is to be done, in a few words.
    fileprivate var remark: String {
        if !gates.isEmpty { return StageGroups.of(gates.map(\.target)).map(\.wait).joined(separator: ", ") }
        let due = stages.filter { [.stale, .missing, .conflicting, .upstreamChanged].contains($0.state) }
        let edited = stages.filter { $0.state == .edited }
        return due.isEmpty ? edited.map { "\($0.name) edited" }.joined(separator: ", ") : due.map { "\($0.name)" }.joined(separator: ", ")
    }

    fileprivate func lines(_ decisions: [StageName: StandingDecision]) -> [String] {
        let width = stages.map(\.name.text.count).max() ?? 0
        var lines = [Console.styled(episode, .bold)]
        for stage in stages {
            lines.append("  " + stage.line(width) + (decisions[stage.name].map(\.words) ?? ""))
            lines += stage.dueItems.map { "  \("".padded(to: width))  \($0)" }
        }
        lines += fallbacks.map { "  \($0.words)" }
        lines += AcceptedGroup.of(accepted).map { "  \($0.text)" }
        if state != .upToDate { lines.append("  \(Int((progress * 100).rounded(.down))) % of what is known is done") }
        for group in StageGroups.of(gates.map(\.target)) {
            lines.append("  \(group.wait): epbuild approve \(episode) \(group.target), or reject with a --note")
            lines += group.shown.compactMap { target, _ in waiting[target]?.named.map { "    \($0)" } }
        }
        return lines
    }
}

extension StandingDecision {
    /// `  approved by Ann on 2026-11-26`, `  rejected by Ann on 2026-11-26: less of the kettle`.
    fileprivate var words: String {
        let note = last.note.isEmpty ? "" : ": \(last.note.fitted(to: 60))"
        return
            "  \(count > 1 ? "\(count) decisions, the last: " : "")\(last.decision.rawValue) by \(last.by) on \(last.at.prefix(10))\(note)"
    }
}

extension Inspection.StepView {
    /// `audio_synthesis/1  NARRATOR: "Good evening, and welcome to…" (script.fountain:10)`; nil if its name says it all.
    fileprivate var named: String? {
        title.map { title in
            let place = title.place.map { $0.line > 0 ? " (\(Path($0.file).name):\($0.line))" : "" } ?? ""
            return "\(target)  \(title.text())\(place)"
        }
    }
}

extension EpisodeOverview.Stage {
    /// What is to be made, by the words that people know it by; nothing if all of it is.
    fileprivate var dueItems: [String] {
        guard upToDate > 0, dueCount > 0 else { return [] }
        let named = due.compactMap(\.named)
        guard !named.isEmpty else { return [] }
        return named + (dueCount > named.count ? ["and \(dueCount - named.count) more"] : [])
    }

    fileprivate func line(_ width: Int) -> String {
        let numbers =
            total == 0 || (total == 1 && upToDate == 1) ? "" : upToDate == total ? "  \(total)" : "  \(upToDate) of \(total) up to date"
        return "\(name.text.padded(to: width))  \(Console.styled(state.rawValue, state.style))\(numbers)\(note)"
    }

    private var note: String {
        // What asks most of the person, and how many more there are.
        guard let worst = edits.worst, let edit = edits.first(where: { $0.state == worst }) else { return "" }
        let more = edits.count == 1 ? "" : " and \(edits.count - 1) more"
        let (are, them) = edits.count == 1 ? ("is", "it") : ("are", "them")
        return switch edit.state {
        case .upstreamChanged: "  (\(edit.file)\(more) \(are) yours; `epbuild merge` brings in what would be generated now)"
        case .conflicting: "  (\(edit.file) and what would be generated now change the same lines: see `epbuild merge`)"
        case .itemGone: "  (\(edit.file) was made for what is gone: it is kept; delete it if you want it no more)"
        case .edited: "  (\(edit.file)\(more) \(are) yours; `epbuild revert` gives \(them) up)"
        }
    }
}

extension EpisodeOverview.State {
    fileprivate var style: Console.Style {
        switch self {
        case .upToDate, .source: .green
        case .edited, .itemGone, .upstreamChanged, .waiting: .yellow
        case .conflicting: .red
        case .stale, .missing: .bold
        case .blocked, .unknown, .notNeeded: .faint
        }
    }
}
