import ArgumentParser
import EpComposition
import EpCore
import EpDelivery
import EpDesk
import EpEngine
import EpFiles
import EpHistory
import EpPlan

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes how an episode was made into one page that can be passed on.",
        usage: "epbuild report [PATH] FILE.html",
        discussion: "The stages and what they read, time and cost of each, lines, takes to choose from, decisions, and the last builds.")

    @Argument(help: "An episode, then the page.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        guard let file = words.last, file.lowercased().hasSuffix(".html") else {
            throw Diagnostic(.usage, "which file is it to be written to?", remedy: "epbuild report EPISODE FILE.html")
        }
        let session = try await TargetSession(words.dropLast(), needsTarget: false)
        if let target = session.targets.first { throw Diagnostic(.usage, "report takes no target, and \(target) is none of its options") }
        let page = try await Report(session).page()
        try Files.replace(session.composition.setting.absolute(file), with: Array(page.html().utf8))
        Console.answer("→ \(file)")
    }
}

/// What the page of an episode holds.
private struct Report {
    private let session: TargetSession
    private let inspection: Inspection
    private let scope: HistoryScope

    init(_ session: TargetSession) async throws {
        self.session = session
        inspection = try await session.inspect(forgiving: true)
        scope = try HistoryQuestion([session.place.directory], session.composition).parts[0].scope
    }

    func page() async throws -> ReportPage {
        let (desk, place) = (session.desk, session.place)
        let overview = try await session.builder.overview(place) { _ in }
        let graph = try session.builder.graph(place)
        let states = Dictionary(overview.stages.map { ($0.name, $0.state) }) { first, _ in first }
        let stages = graph.stages.map { stage in
            let state = states[stage.name] ?? stage.state
            return ReportPage.Stage(
                name: stage.name.text, tool: stage.tool.text, state: state?.rawValue ?? "not known",
                isSettled: [.upToDate, .source, .edited, .notNeeded].contains(state),
                reads: graph.edges.filter { $0.reader == stage.name }.map(\.source.text))
        }
        let costs = try desk.costs(by: .stage, in: scope, of: place)
        let spent = costs.total.spent
        return ReportPage(
            title: overview.episode,
            subtitle: "\(overview.state.rawValue) · \(spent.shownOrZero) spent · \(desk.surroundings.clock.now().iso8601Seconds)",
            stages: stages, tables: [costTable(costs), try lineTable(), try takeTable(), try decisionTable(), try buildTable()])
    }

    private func costTable(_ answer: CostAnswer) -> ReportPage.Table {
        .init(
            "Time and cost", ["stage", "executed", "time", "spent", "from caches", "time saved", "saved"],
            answer.rows.map { row in
                [
                    row.name, "\(row.executed)", TimeSpan.text(row.seconds), row.spent.shownOrZero, "\(row.hits)",
                    TimeSpan.text(row.savedSeconds), row.saved.shownOrZero,
                ]
            }, numbers: [1, 2, 3, 4, 5, 6])
    }

    private func lineTable() throws -> ReportPage.Table {
        .init(
            "Lines", ["", "at", "who", "what", "where", "take", "made by"],
            try session.desk.lines(of: inspection).map { line in
                [
                    line.target.item ?? "\(line.number)", line.time.map { ClockTime.text($0.lowerBound) } ?? "", line.title.speaker ?? "",
                    line.title.words,
                    line.title.place.map(session.shown) ?? "", "\(line.take)", Provider.shown(line.servedBy),
                ]
            }, numbers: [0, 1, 5])
    }

    /// What there is to choose from.
    private func takeTable() throws -> ReportPage.Table {
        let stages = Set(inspection.steps.filter { $0.state == .upToDate && !$0.isPinned }.map(\.target.stage))
        let actions = try stages.sorted { $0.text < $1.text }.flatMap { try session.desk.takes(of: Target(stage: $0), in: inspection) }
            .filter { $0.takes.count > 1 }
        return .init(
            "Takes", ["of", "", "take", "in use", "cost", "made by"],
            actions.flatMap { action in
                action.takes.map { take in
                    [
                        action.name, action.title?.text() ?? "", "\(take.take)", take.isUsed ? "yes" : "",
                        take.result?.cost.text ?? "not here", Provider.shown(take.result?.servedBy ?? ""),
                    ]
                }
            }, numbers: [2])
    }

    private func decisionTable() throws -> ReportPage.Table {
        let decided = try session.builder.standingDecisions(of: session.place).sorted { $0.key.text < $1.key.text }
        return .init("Decisions at gates", ["stage", "decision", "by", "on", "note"], decided.map { stage, decision in
            [stage.text, decision.last.decision.rawValue, decision.last.by, String(decision.last.at.prefix(10)), decision.last.note]
        })
    }

    private func buildTable() throws -> ReportPage.Table {
        let entries = try session.desk.log(scope, of: session.place, limit: 20).entries
        return .init(
            "Builds and decisions, newest first", ["when", "what", "executed", "cost", "time"],
            entries.map { entry in
                switch entry {
                case .build(let build):
                    [
                        build.started.iso8601Seconds, "build \(build.id): \(build.outcome?.rawValue ?? "not ended")",
                        "\(build.actions.executed)", build.cost.shownOrZero,
                        TimeSpan.text(build.seconds),
                    ]
                case .decision(let decision):
                    [
                        decision.time.iso8601Seconds,
                        "\(decision.by): \(decision.verb) \(decision.target)\(decision.note.map { " (\($0))" } ?? "")", "", "", "",
                    ]
                }
            }, numbers: [2, 3, 4])
    }
}
