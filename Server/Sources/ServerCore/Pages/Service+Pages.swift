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
            "p", [:], Pieces.state(waiting.gate.state.name), wait(of: waiting),
            HTML(" · spent so far \(Pieces.money(waiting.spent))"), waiting.gate.isEdited ? " · edited by hand" : .nothing)
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

    /// For how long it has waited, and for how long it may.
    private func wait(of waiting: Waiting) -> HTML {
        let now = clock.now()
        let since = waiting.since.map { since in
            HTML([" · has waited for ", Ago.html(since, Ago.words(now.seconds(since: since)))])
        } ?? .nothing
        guard let until = waiting.wait?.until else { return since }
        let end = waiting.wait?.opensByItself == true ? "opens by itself" : "fails builds"
        let rest = now < until ? HTML([HTML(" · \(end) in "), Ago.html(until, Ago.words(until.seconds(since: now)))])
            : HTML([HTML(" · its time was over "), Ago.past(until, now: now)])
        return HTML([since, rest])
    }

    /// What a text artifact says; nil for another, and for one that is too long to show.
    func text(of blob: MadeBlob, _ desk: Desk) throws -> String? {
        guard blob.media.isText || !blob.media.isKnown, blob.digest.size <= 200_000, let bytes = try desk.blob(sha256: blob.digest.hex)
        else { return nil }
        let content = try bytes.bytes(in: 0..<bytes.count)
        // A model's answer has a name that says nothing.
        return content.contains(0) ? nil : String(validating: content, as: UTF8.self)
    }

    // MARK: builds

    private func buildsPage(_ pieces: Pieces) async throws -> Answer {
        let rows = try await runner.store.all(limit: 50).map { job -> [HTML] in
            let verbs: [(String, String)] = switch job.state {
            case .queued, .running: [("Pause", "pause"), ("Cancel", "cancel")]
            case .paused: [("Resume", "resume"), ("Cancel", "cancel")]
            default: []
            }
            let buttons = verbs.map { Pieces.button($0.0, "verb", $0.1, label: "\($0.0) build \(job.id)") }
            let failures = job.reports.flatMap { $0["failures"]?.list ?? [] }.map(Self.trouble)
            return [
                HTML("\(job.id)"),
                HTML(
                    job.order.episodes.joined(separator: ", ")
                        + (job.order.targets.isEmpty ? "" : ": " + job.order.targets.joined(separator: ", "))),
                Pieces.state(job.outcome ?? job.state.rawValue), HTML(job.by), HTML(job.asked), HTML(failures),
                buttons.isEmpty || !pieces.may(.editor) ? .nothing : pieces.form("/builds/\(job.id)/stop", [:], HTML(buttons)),
            ]
        }
        let table = Pieces.table("Builds, newest first", ["No.", "What", "State", "By", "Asked", "Troubles", "Stop"], rows)
        let templates = try await templateSection(pieces)
        let recovery = try recoverySections(pieces)
        return pieces.page("Builds", "/builds", [.tag("div", ["data-live": "builds"], table), templates] + recovery)
    }
}
