import ArgumentParser
import EpCore
import EpEngine
import EpHistory

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
        let (places, _) = try Words(paths).split(composition)
        let builder = try composition.builder()
        var overviews: [EpisodeOverview] = []
        var spent: [String: Cost] = [:]
        var ledgers = Ledgers()
        for place in places {
            let overview = try await builder.overview(place)
            let cost = try ledgers.spent(on: place)
            spent[overview.episode] = cost
            if json { Console.answer(Self.value(overview, cost).json()) } else { overviews.append(overview) }
        }
        guard !json else { return }
        let lines = overviews.count == 1 ? overviews[0].lines : StatusTable(overviews, spent).lines
        lines.forEach(Console.answer)
        if overviews.count == 1, let cost = spent[overviews[0].episode], cost != .zero { Console.answer("  \(cost.shown) spent so far") }
    }

    private static func value(_ overview: EpisodeOverview, _ spent: Cost) -> Value {
        .object((overview.value.members ?? []) + [.init("spentUSD", .double(spent.usd))])
    }
}

/// What all builds of episodes have cost: one question a workspace.
private struct Ledgers {
    private var known: [String: [String: Cost]] = [:]

    mutating func spent(on place: EpisodePlace) throws -> Cost {
        if known[place.workspace] == nil {
            let totals = try History(stateDirectory: place.stateDirectory) { Console.report($0) }.totals(by: .episode)
            known[place.workspace] = Dictionary(totals.map { ($0.name, $0.spent) }) { first, _ in first }
        }
        return known[place.workspace]?[EpisodeName(place).text] ?? .zero
    }
}

/// Several episodes, a line each.
private struct StatusTable {
    let lines: [String]

    init(_ overviews: [EpisodeOverview], _ spent: [String: Cost]) {
        let width = overviews.map(\.episode.count).max() ?? 0
        func money(_ overview: EpisodeOverview) -> String { spent[overview.episode].flatMap { $0 == .zero ? nil : "\($0.shown)  " } ?? "" }
        lines = overviews.map { overview in
            let state = overview.state.rawValue
            let padding = String(repeating: " ", count: max(0, 13 - state.count))
            let percent = String(Int((overview.progress * 100).rounded(.down)))
            return "\(overview.episode.padded(to: width))  \(Console.styled(state, overview.state.style))\(padding) \(String(repeating: " ", count: 3 - percent.count))\(percent) %  \(money(overview))\(overview.remark)"
        }
    }
}

extension EpisodeOverview {
    /// What is to be done, in a few words.
    fileprivate var remark: String {
        if !gates.isEmpty { return gates.map(\.target.description).joined(separator: ", ") + " waits for a decision" }
        let due = stages.filter { [.stale, .missing, .conflicting, .upstreamChanged].contains($0.state) }
        let edited = stages.filter { $0.state == .edited }
        return due.isEmpty ? edited.map { "\($0.name) edited" }.joined(separator: ", ") : due.map { "\($0.name)" }.joined(separator: ", ")
    }

    fileprivate var lines: [String] {
        let width = stages.map(\.name.text.count).max() ?? 0
        var lines = [Console.styled(episode, .bold)] + stages.map { "  " + $0.line(width) }
        if state != .upToDate { lines.append("  \(Int((progress * 100).rounded(.down))) % of what is known is done") }
        for gate in gates { lines.append("  \(gate.target): epbuild approve \(episode) \(gate.target), or reject it with a --note") }
        return lines
    }
}

extension EpisodeOverview.Stage {
    fileprivate func line(_ width: Int) -> String {
        let numbers = total == 0 || (total == 1 && upToDate == 1) ? "" : upToDate == total ? "  \(total)" : "  \(upToDate) of \(total) up to date"
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
