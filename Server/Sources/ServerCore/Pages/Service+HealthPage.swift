import EpComposition
import EpCore
import EpEngine
import EpPlan
import EpProviders

/// How the machine is, and who serves it.
extension Service {
    func healthPage(_ pieces: Pieces) async throws -> Answer {
        var content: [HTML] = []
        for (name, place) in pieces.call.catalog.workspaces {
            do { content.append(try providerSection(name, place, pieces)) } catch {
                // What is broken is told of here, beside what is known all the same.
                let problems = Problem(error).diagnostics.map { HTML.tag("p", ["class": "failure"], HTML("\($0)")) }
                content.append(Pieces.section("\(name): providers", problems))
            }
            let rows = try await providers.checks(of: place).map { check in
                [HTML(check.subject), Pieces.state(check.state.rawValue), HTML(check.message), HTML(check.remedy ?? "")]
            }
            content.append(
                Pieces.section("\(name): this machine", [Pieces.table("What builds need here", ["What", "State", "Found", "To do"], rows)]))
        }
        return pieces.page("Health", "/health", content)
    }

    private func providerSection(_ name: String, _ place: EpisodePlace, _ pieces: Pieces) throws -> HTML {
        let rows = try providers.reports(of: place).map { report -> [HTML] in
            let rest = report.restSeconds.map {
                $0.isFinite ? "left alone for \(Int($0.rounded(.up))) s" : "left alone until its settings change"
            }
            let key = report.keyVariable.map { "\($0) is \(report.hasKey ? "set" : "not set")" } ?? "no key needed"
            let path = "/workspaces/\(PercentText.encoded(name))/providers/\(PercentText.encoded(report.name))"
            let reset =
                rest == nil || !pieces.may(.editor)
                ? HTML.nothing
                : pieces.form(
                    path, [:], Pieces.button("Ask it again", "verb", "reset", label: "Ask \(report.name) again"))
            return [
                HTML(report.name), HTML("\(report.vendor) \(report.model)"),
                Pieces.state(rest ?? (report.hasKey ? "may be asked" : "has no key")),
                HTML(key), HTML(report.price), reset,
            ]
        }
        return Pieces.section(
            "\(name): providers",
            [
                .tag(
                    "div", ["data-live": "providers-\(name)"],
                    Pieces.table("Who serves", ["Name", "Model", "State", "Key", "Price", "Reset"], rows))
            ])
    }
}
