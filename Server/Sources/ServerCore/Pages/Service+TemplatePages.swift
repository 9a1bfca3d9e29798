import EpCore
import EpFiles

/// Builds with names, on the page of builds.
extension Service {
    func templateSection(_ pieces: Pieces) async throws -> HTML {
        let rows = try await runner.store.templates().map { template -> [HTML] in
            let what = (template.order.shows.map { "all of \($0)" } + template.order.episodes).joined(separator: ", ")
            let targets = template.order.targets.isEmpty ? "" : ": " + template.order.targets.joined(separator: ", ")
            let form = pieces.may(.editor) ? pieces.form("/templates/\(PercentText.encoded(template.name))", [:],
                Pieces.button("Build now", "verb", "start", label: "Build \(template.name) now"),
                Pieces.button("Remove", "verb", "remove", label: "Remove template \(template.name)")) : HTML.nothing
            return [
                HTML(template.name), HTML(what + targets), HTML(template.every?.text ?? "when asked for"),
                HTML(template.next?.iso8601Seconds ?? ""), HTML(template.by), HTML(template.job.map { "\($0)" } ?? ""), form,
            ]
        }
        guard !rows.isEmpty else { return .nothing }
        return Pieces.section("Templates and schedules", [
            Pieces.table("Builds with names; times are in UTC", ["Name", "What", "Every", "Next", "By", "Last build", "Act"], rows),
        ])
    }

    /// What the forms there ask for.
    func templateForm(_ name: String, _ verb: String, _ call: Call) async throws {
        guard let template = try await runner.store.template(name) else { throw Problem(404, "there is no such template") }
        switch verb {
        case "start":
            let order = call.catalog.resolved(template.order)
            guard !order.episodes.isEmpty else { throw Problem(422, "its shows have no episodes") }
            let job = try await runner.add(order, by: call.user.name)
            try await runner.store.note(job: job.id, ofTemplate: name)
        case "remove": _ = try await runner.store.remove(template: name)
        default: throw Problem(422, "the form does not say what to do")
        }
    }
}
