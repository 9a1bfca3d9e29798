import EpCore
import EpDesk

/// What a browser without script sends: the same calls, and then the page again.
extension Service {
    func form(_ call: Call) async throws -> Answer {
        let fields = call.request.form
        let target = Target(parsing: fields["target"] ?? "")
        if call.route.endpoint == .stopForm {
            let events: [String: JobEvent] = ["cancel": .cancelled, "pause": .paused, "resume": .resumed]
            guard let event = events[fields["verb"] ?? ""] else { throw Problem(422, "the form does not say what to do") }
            _ = try await change(call, event)
            return .seeOther("/builds")
        }
        if call.route.endpoint == .templateForm {
            try await templateForm(call.parameters["template"] ?? "", fields["verb"] ?? "", call)
            return .seeOther("/builds")
        }
        if call.route.endpoint == .providerForm {
            _ = try providers.reset(call.parameters["provider"] ?? "", of: try call.workspace())
            return .seeOther("/health")
        }
        if call.route.endpoint == .showForm {
            try await showForm(call.parameters["show"] ?? "", fields["kind"] ?? "", call)
            return .seeOther("/episodes")
        }
        let entry = try call.episode()
        let path = "/episodes/\(PercentText.encoded(entry.name))"
        switch call.route.endpoint {
        case .decideForm:
            guard let decision = fields["decision"], ["approve", "reject"].contains(decision) else {
                throw Problem(422, "the form does not say what to do")
            }
            _ = try await decide(
                isApproval: decision == "approve", [target], entry, note: fields["note"] ?? "", seen: fields["artifact"],
                builds: fields["build"] == "yes", call.user)
            return .seeOther("/")
        case .buildForm:
            var order = Job.Order(episodes: [entry.name])
            (order.isDraft, order.isRetry) = (fields["kind"] == "draft", fields["kind"] == "retry")
            _ = try await runner.add(order, by: call.user.name)
            return .seeOther(path)
        case .itemsForm:
            try await itemsForm(fields["verb"] ?? "", target, entry, call.user)
            return .seeOther("\(path)/artifact?target=\(PercentText.encoded(target.description))")
        case .sayForm:
            _ = try await say(
                fields["words"] ?? "", inPlaceOf: fields["read"] ?? "", as: target, entry, builds: fields["build"] == "yes", call.user)
            return .seeOther("\(path)/script#at-\(PercentText.encoded(target.description))")
        default:
            try await takeForm(fields, target, entry, call.user)
            if fields["back"] == "script" { return .seeOther("\(path)/script#at-\(PercentText.encoded(target.description))") }
            return .seeOther("\(path)/artifact?target=\(PercentText.encoded(target.description))")
        }
    }

    /// Another take, or one that is there already; what is pinned stays whatever happens.
    private func takeForm(_ fields: [String: String], _ target: Target, _ entry: Catalog.Entry, _ user: User) async throws {
        let desk = try desk(user.name)
        switch fields["verb"] {
        case "use":
            guard let number = fields["take"].flatMap({ Int($0) }), number > 0 else { throw Problem(422, "a take has a number from 1") }
            _ = try await desk.use(Take(number), of: target, at: entry.place)
        case "clean": _ = try await desk.clean(.targets([target]), at: entry.place)
        case "pin":
            _ = try await desk.pin(target, at: entry.place)
            return
        case "unpin":
            _ = try await desk.unpin(target, at: entry.place)
            return
        default: throw Problem(422, "the form does not say what to do")
        }
        let order = Job.Order(episodes: [entry.name], targets: [target.description], priority: Job.Order.urgent)
        _ = try await runner.add(order, by: user.name)
    }

    private func showForm(_ name: String, _ kind: String, _ call: Call) async throws {
        guard call.catalog.shows.contains(where: { $0.name == name }) else { throw Problem(404, "there is no such show") }
        var order = Job.Order(episodes: [])
        order.shows = [name]
        (order.isRetry, order.keepsGoing) = (kind == "retry", true)
        _ = try await runner.add(call.catalog.resolved(order), by: call.user.name)
    }
}
