import EpCore

/// Builds with names, and those that are asked for at times of their own.
extension Service {
    func template(_ call: Call) async throws -> Answer {
        let store = runner.store
        let name = call.parameters["template"] ?? ""
        switch call.route.endpoint {
        case .templates: return .json(.list(try await store.templates().map(\.value)))
        case .schedules: return .json(.list(try await store.templates().filter { $0.every != nil }.map(\.value)))
        case .putTemplate:
            guard Template.isName(name) else { throw Problem(422, "a name has up to 64 letters a to z, digits and -") }
            let order = try order(call)
            let every = try call.fields().text("every").map { text throws(Diagnostic) in try Times(text) }
            return .json(try await store.put(name, order, every: every, by: call.user.name).value)
        case .removeTemplate:
            guard try await store.remove(template: name) else { throw Self.noTemplate }
            return .json(["removed": .string(name)])
        case .startTemplate:
            guard let template = try await store.template(name) else { throw Self.noTemplate }
            let order = call.catalog.resolved(template.order)
            guard !order.episodes.isEmpty else { throw Problem(422, "its shows have no episodes") }
            let job = try await runner.add(order, by: call.user.name)
            try await store.note(job: job.id, ofTemplate: name)
            return .json(job.value, status: 201)
        default:
            guard let template = try await store.template(name) else { throw Self.noTemplate }
            return .json(template.value)
        }
    }

    private static var noTemplate: Problem { Problem(404, "there is no such template") }
}
