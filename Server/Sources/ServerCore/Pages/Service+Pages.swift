import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory
import EpPlan

/// The pages. To open one runs nothing: all of it is looked up.
extension Service {
    func page(_ call: Call) async throws -> Answer {
        let desk = try desk(call.user.name)
        switch call.route.endpoint {
        case .inboxPage: return try await inboxPage(Pieces(call: call), desk)
        case .episodesPage: return try await episodesPage(Pieces(call: call), desk)
        case .episodePage: return try await episodePage(Pieces(call: call), desk)
        case .scriptPage: return try await scriptPage(Pieces(call: call), desk)
        case .artifactPage: return try await artifactPage(Pieces(call: call), desk)
        case .buildsPage: return try await buildsPage(Pieces(call: call))
        case .healthPage: return try await healthPage(Pieces(call: call))
        default: return try moneyPage(Pieces(call: call), desk)
        }
    }

    // MARK: what waits

    private func inboxPage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let waiting = try await inbox(pieces.call.catalog, desk)
        let count = HTML.tag(
            "p", ["class": "count"], HTML(waiting.isEmpty ? "Nothing waits for you." : "\(waiting.count) waiting for a decision."))
        let cards = try waiting.map { waiting in
            HTML.tag(
                "div", ["data-item": "\(waiting.entry.name) \(waiting.gate.target) \(waiting.artifact)"],
                try card(waiting, pieces, desk))
        }
        return pieces.page(
            "Inbox", "/", [.tag("div", ["data-live": "count", "role": "status"], count), .tag("div", ["data-live-list": "inbox"], cards)])
    }

    /// An artifact at its gate, and what can be done about it.
    func card(_ waiting: Waiting, _ pieces: Pieces, _ desk: Desk) throws -> HTML {
        let target = waiting.gate.target.description
        let path = "/episodes/\(PercentText.encoded(waiting.entry.name))"
        let files = try waiting.files.map { Pieces.media($0, text: try text(of: $0, desk)) }
        let head = HTML.tag("h2", [:], .link(path, waiting.entry.title), HTML(": \(target)"))
        let facts = HTML.tag(
            "p", [:], Pieces.state(waiting.gate.state.name), HTML(" · spent so far \(Pieces.money(waiting.spent))"),
            waiting.gate.isEdited ? " · edited by hand" : .nothing)
        let id = "note-\(waiting.entry.name)-\(target)"
        let decision =
            pieces.may(.approver)
            ? pieces.form(
                "\(path)/decide", ["target": target, "artifact": waiting.artifact], class: "decide",
                .tag("label", ["for": id], "Note"), .tag("textarea", ["id": id, "name": "note", "rows": "2"]),
                .tag(
                    "label", ["class": "check"], .tag("input", ["type": "checkbox", "name": "build", "value": "yes", "checked": ""]),
                    " and go on building"),
                Pieces.button("Approve", "decision", "approve", label: "Approve \(target) of \(waiting.entry.title)"),
                Pieces.button("Reject", "decision", "reject", label: "Reject \(target) of \(waiting.entry.title)")) : HTML.nothing
        return .tag("article", ["class": "waiting"], [head, facts] + files + waiting.edits.map(Pieces.edit) + [decision])
    }

    /// What a text artifact says; nil for another, and for one that is too long to show.
    func text(of blob: MadeBlob, _ desk: Desk) throws -> String? {
        guard blob.media.isText, blob.digest.size <= 200_000, let bytes = try desk.blob(sha256: blob.digest.hex) else { return nil }
        return String(validating: try bytes.bytes(in: 0..<bytes.count), as: UTF8.self)
    }

    // MARK: all episodes

    private func episodesPage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let rows = try await standings(of: pieces.call.catalog.episodes, desk).map { standing -> [HTML] in
            let name = HTML.link("/episodes/\(PercentText.encoded(standing.entry.name))", standing.entry.title)
            switch standing.result {
            case .success(let answer):
                return [
                    name, Pieces.state(standing.state), HTML("\(Int(answer.overview.progress * 100)) %"), HTML(Pieces.money(answer.spent)),
                    HTML(answer.overview.gates.isEmpty ? "" : "\(answer.overview.gates.count)"),
                ]
            case .failure(let trouble):
                return [name, Pieces.state(Trouble.state), "", "", HTML(trouble.failures.map { "\($0)" }.joined(separator: "\n"))]
            }
        }
        let paused = pieces.call.catalog.workspaces.filter { PauseFile(of: $0.place).isOn }.map {
            HTML.tag("p", [:], HTML("\($0.name) is paused."))
        }
        return pieces.page(
            "Episodes", "/episodes", paused + [Pieces.table("Episodes", ["Episode", "State", "Done", "Spent", "Gates, troubles"], rows)])
    }

    // MARK: builds and money

    private func buildsPage(_ pieces: Pieces) async throws -> Answer {
        let rows = try await runner.store.all(limit: 50).map { job -> [HTML] in
            let verbs: [(String, String)] = switch job.state {
            case .queued, .running: [("Pause", "pause"), ("Cancel", "cancel")]
            case .paused: [("Resume", "resume"), ("Cancel", "cancel")]
            default: []
            }
            let buttons = verbs.map { Pieces.button($0.0, "verb", $0.1, label: "\($0.0) build \(job.id)") }
            let failures = job.reports.flatMap { $0["failures"]?.list ?? [] }.map { failure in
                HTML.tag(
                    "p", ["class": "failure"], HTML(failure["message"]?.string ?? ""),
                    HTML(failure["remedy"]?.string.map { " → \($0)" } ?? ""))
            }
            return [
                HTML("\(job.id)"),
                HTML(
                    job.order.episodes.joined(separator: ", ")
                        + (job.order.targets.isEmpty ? "" : ": " + job.order.targets.joined(separator: ", "))),
                Pieces.state(job.outcome ?? job.state.rawValue), HTML(job.by), HTML(job.asked), HTML(failures),
                buttons.isEmpty || !pieces.may(.editor) ? .nothing : pieces.form("/builds/\(job.id)/stop", [:], HTML(buttons)),
            ]
        }
        return pieces.page(
            "Builds", "/builds",
            [
                .tag(
                    "div", ["data-live": "builds"],
                    Pieces.table("Builds, newest first", ["No.", "What", "State", "By", "Asked", "Troubles", "Stop"], rows)),
                try await templateSection(pieces),
            ])
    }

    private func moneyPage(_ pieces: Pieces, _ desk: Desk) throws -> Answer {
        let tables = try pieces.call.catalog.workspaces.flatMap { workspace in
            try [CostTotal.Heading.episode, .stage, .provider, .month].map { heading in
                let answer = try desk.costs(by: heading, in: .everything, of: workspace.place)
                let rows = answer.rows.map { [HTML($0.name), HTML(Pieces.money($0.spent)), HTML("\($0.executed)"), HTML("\($0.hits)")] }
                return Pieces.table("\(workspace.name) by \(heading.rawValue)", ["Name", "Spent", "Executed", "From caches"], rows)
            } + [Self.statistics(of: workspace.name, try desk.statistics(of: workspace.place))]
        }
        return pieces.page("Money", "/money", tables)
    }

    private static func statistics(of name: String, _ answers: [StatisticsAnswer]) -> HTML {
        func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }
        let rows = answers.map { answer -> [HTML] in
            let (low, high) = (Pieces.money(answer.record.costs.lowerBound), Pieces.money(answer.record.costs.upperBound))
            return [
                HTML("\(answer.kind.stage) \(answer.kind.step)"), HTML("\(answer.record.count)"), HTML(seconds(answer.record.mean)),
                HTML(seconds(answer.record.p90)), HTML(low == high ? low : "\(low) to \(high)"),
            ]
        }
        return Pieces.table(
            "\(name): how long actions take, and what one costs", ["Action", "Times", "Mean", "Nine in ten within", "Cost of one"], rows)
    }
}
