import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory

/// All episodes, show by show: how they stand, what was built last, what comes next; builds are started and stopped there.
extension Service {
    func episodesPage(_ pieces: Pieces, _ desk: Desk) async throws -> Answer {
        let catalog = pieces.call.catalog
        let known = Dictionary(try await standings(of: catalog.episodes, desk).map { ($0.entry.name, $0) }) { first, _ in first }
        let jobs = try await runner.store.all(limit: 200, state: .running) + runner.store.all(limit: 200, state: .queued)
        let paused = catalog.workspaces.filter { PauseFile(of: $0.place).isOn }.map {
            HTML.tag("p", ["class": "warning"], HTML("\($0.name) is paused: its builds start nothing."))
        }
        let sections = catalog.shows.map { show in
            showSection(show.name, show.episodes.compactMap { known[$0.name] }, jobs, pieces)
        }
        return pieces.page("Episodes", "/episodes", paused + sections)
    }

    private func showSection(_ name: String, _ standings: [Standing], _ jobs: [Job], _ pieces: Pieces) -> HTML {
        let today = String(clock.now().iso8601.prefix(10))
        let next = standings.compactMap { one in one.date.map { (date: $0, title: one.entry.title) } }
            .filter { $0.date >= today }.min { $0.date < $1.date }
        let publication = next.map { HTML.tag("p", [:], HTML("Next publication: \($0.title), \($0.date).")) } ?? .nothing
        let form =
            pieces.may(.editor)
            ? pieces.form(
                "/shows/\(PercentText.encoded(name))/build", [:],
                Pieces.button("Build all", "kind", "all", label: "Build all episodes of \(name)"),
                Pieces.button("Retry what failed", "kind", "retry", label: "Retry what failed in \(name)")) : HTML.nothing
        let rows = standings.map { standing in
            row(standing, jobs.filter { $0.order.episodes.contains(standing.entry.name) }, pieces)
        }
        let heads = ["Episode", "State", "Done", "Spent", "Last build", "Published", "Gates, troubles", "Act"]
        return Pieces.section(
            name == "." ? "This show" : name,
            [publication, form, .tag("div", ["data-live": "show-\(name)"], Pieces.table("Episodes of \(name)", heads, rows))])
    }

    private func row(_ standing: Standing, _ jobs: [Job], _ pieces: Pieces) -> [HTML] {
        let path = "/episodes/\(PercentText.encoded(standing.entry.name))"
        let name = HTML.link(path, standing.entry.title)
        let last = standing.last.map { build in
            HTML([Pieces.state(build.outcome?.rawValue ?? "running"), " ", Ago.past(build.started, now: clock.now())])
        } ?? .nothing
        let (date, act) = (HTML(standing.date ?? ""), acts(standing.entry, jobs, path, pieces))
        switch standing.result {
        case .success(let answer):
            let gates = answer.overview.gates.map { HTML.tag("p", [:], HTML("\($0.target) waits")) }
            let failures = standing.last?.isSuccess == false ? standing.last?.failures.prefix(3).map(Self.trouble) ?? [] : []
            return [
                name, Pieces.state(standing.state), HTML("\(Int(answer.overview.progress * 100)) %"), HTML(Pieces.money(answer.spent)),
                last, date, HTML(gates + failures), act,
            ]
        case .failure(let trouble):
            let failures = trouble.failures.prefix(3).map { HTML.tag("p", ["class": "failure"], HTML("\($0)")) }
            return [name, Pieces.state(Trouble.state), "", "", last, date, HTML(failures), act]
        }
    }

    /// What went wrong, and what to do about it.
    static func trouble(_ failure: Value) -> HTML {
        .tag(
            "p", ["class": "failure"], HTML(failure["message"]?.string ?? ""),
            HTML(failure["remedy"]?.string.map { " → \($0)" } ?? ""))
    }

    /// To start its build, or to stop those that run or wait for their turn.
    private func acts(_ entry: Catalog.Entry, _ jobs: [Job], _ path: String, _ pieces: Pieces) -> HTML {
        guard pieces.may(.editor) else { return .nothing }
        if jobs.isEmpty {
            return pieces.form("\(path)/build", [:], Pieces.button("Build", "kind", "all", label: "Build \(entry.title)"))
        }
        return HTML(jobs.map { job in
            pieces.form("/builds/\(job.id)/stop", [:], Pieces.button("Stop", "verb", "cancel", label: "Stop build \(job.id)"))
        })
    }
}
