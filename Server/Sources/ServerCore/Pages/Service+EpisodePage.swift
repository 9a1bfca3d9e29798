import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory
import EpPlan
import EpProviders

/// One episode: its stages, its plan, its lines, its artifacts.
extension Service {
    func episodePage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let entry = try pieces.call.episode()
        let path = "/episodes/\(PercentText.encoded(entry.name))"
        let moments = moments(of: [entry], desk)
        guard let view = try await views(of: [entry], desk, at: moments).first else { throw Problem(404, "there is no such episode") }
        let standing = view.standing
        guard case .success(let answer) = standing.result else {
            if case .failure(let trouble) = standing.result { throw DiagnosticList(trouble.failures) }
            throw Problem(404, "there is no such episode")
        }
        let detail = try await detail(of: entry, desk, at: moments)
        let facts = HTML.tag(
            "p", [:], Pieces.state(standing.state),
            HTML(" · \(Int(answer.overview.progress * 100)) % done · spent \(Pieces.money(answer.spent)) · "),
            .link("\(path)/script", "Script"))
        let warnings = Self.once(answer.overview.warnings + detail.warnings).map {
            HTML.tag("p", ["class": "warning"], HTML("\($0.message)"), HTML($0.remedy.map { " → \($0)" } ?? ""))
        }
        return pieces.page(
            entry.title, path,
            [facts] + warnings + (try view.waiting.map { try card($0, pieces, desk) }) + [
                planSection(detail, entry, pieces), stageSection(answer.overview, entry, detail.graph), deliverySection(detail),
                try logSection(entry, desk),
            ])
    }

    private static func once(_ warnings: [Diagnostic]) -> [Diagnostic] {
        var seen: Set<String> = []
        return warnings.filter { seen.insert($0.message).inserted }
    }

    private func planSection(_ detail: EpisodeDetail, _ entry: Catalog.Entry, _ pieces: Pieces) -> HTML {
        let rows = detail.due.map { [HTML($0.label), Pieces.state($0.state), HTML($0.reason)] }
        let form =
            pieces.may(.editor)
            ? pieces.form(
                "/episodes/\(PercentText.encoded(entry.name))/build", [:],
                Pieces.button("Build", "kind", "all"), Pieces.button("Draft", "kind", "draft"),
                Pieces.button("Retry what failed", "kind", "retry")) : HTML.nothing
        return Pieces.section(
            "Plan",
            [
                .tag("p", [:], HTML(detail.sentence)), form,
                rows.isEmpty ? .nothing : Pieces.table("What a build would run, and why", ["Target", "State", "Because"], rows),
            ])
    }

    private func stageSection(_ overview: EpisodeOverview, _ entry: Catalog.Entry, _ graph: EpisodeGraph) -> HTML {
        let path = "/episodes/\(PercentText.encoded(entry.name))/artifact?target="
        let reads = Dictionary(grouping: graph.edges, by: \.reader)
        let rows = overview.stages.map { stage -> [HTML] in
            let sources = (reads[stage.name] ?? []).map(\.source.text).joined(separator: ", ")
            return [
                .link(path + PercentText.encoded(stage.name.text), stage.name.text), Pieces.state(stage.state.rawValue),
                HTML(stage.total == 0 ? "" : "\(stage.upToDate) of \(stage.total)"), HTML(sources),
            ]
        }
        let nodes = overview.stages.map { stage in
            StageDrawing.Node(
                name: stage.name.text, state: stage.state.rawValue, detail: stage.total == 0 ? "" : "\(stage.upToDate) of \(stage.total)",
                path: path + PercentText.encoded(stage.name.text))
        }
        let drawing = StageDrawing(nodes, edges: graph.edges.map { ($0.source.text, $0.reader.text) })
        return Pieces.section(
            "Stages",
            [
                .tag(
                    "div", ["data-live": "stages"], drawing.html,
                    Pieces.table("Stages, in their order", ["Stage", "State", "Done", "Reads"], rows))
            ])
    }

    private func deliverySection(_ detail: EpisodeDetail) -> HTML {
        guard let first = detail.delivered.first else { return .nothing }
        return Pieces.section("Listen", Self.player(of: first, detail.chapters) + detail.delivered.dropFirst().map { Pieces.media($0) })
    }

    /// The finished sound or film, with its chapters: a click leads there. Without script they are a list.
    static func player(of blob: MadeBlob, _ chapters: [(start: Double, title: String)]) -> [HTML] {
        let entries = chapters.map { start, title in
            let time = "\(Int(start) / 60):\(Int(start) % 60 < 10 ? "0" : "")\(Int(start) % 60)"
            return HTML.tag(
                "li", [:], .tag("button", ["type": "button", "class": "chapter", "data-at": "\(start)"], HTML("\(time) \(title)")))
        }
        let list = entries.isEmpty ? HTML.nothing : .tag("nav", ["class": "chapters", "aria-label": "Chapters"], .tag("ol", [:], entries))
        return [.tag("div", ["class": "episode-sound"], Pieces.media(blob)), list]
    }

    private func logSection(_ entry: Catalog.Entry, _ desk: Desk) throws -> HTML {
        let rows = try desk.log(HistoryScope(entry.place), of: entry.place, limit: 15).entries.map { item -> [HTML] in
            switch item {
            case .build(let build):
                let outcome = build.value["outcome"]?.string ?? "running"
                return [HTML(item.time.iso8601Seconds), HTML("build \(build.id)"), Pieces.state(outcome), ""]
            case .decision(let decision):
                let value = decision.value
                return [
                    HTML(item.time.iso8601Seconds), HTML("\(value["decision"]?.string ?? "") \(value["target"]?.string ?? "")"),
                    HTML(value["by"]?.string ?? ""), HTML(value["note"]?.string ?? ""),
                ]
            }
        }
        return Pieces.section("Log", [Pieces.table("Builds and decisions, newest first", ["When", "What", "Outcome or who", "Note"], rows)])
    }
}
