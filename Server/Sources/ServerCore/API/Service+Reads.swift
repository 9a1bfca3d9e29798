import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpFiles
import EpHistory
import EpPlan

/// What can be read of episodes. Nothing here runs anything, or costs anything.
extension Service {
    func read(_ call: Call) async throws -> Answer {
        let desk = try desk(call.user.name)
        switch call.route.endpoint {
        case .workspaces:
            return .json(
                .list(
                    call.catalog.workspaces.map { name, place in
                        [
                            "name": .string(name), "paused": .bool(PauseFile(of: place).isOn),
                            "running": .int(Int64(RunningBuild.all(in: [place]).count)),
                        ]
                    }))
        case .shows:
            return .json(
                .list(
                    call.catalog.shows.map { show in
                        ["name": .string(show.name), "episodes": .list(show.episodes.map { .string($0.name) })]
                    }))
        case .episodes: return .json(.list(try await standings(of: call.catalog.episodes, desk).map(\.value)))
        case .inbox: return .json(.list(try await inbox(call.catalog, desk).map(\.value)))
        case .costs:
            let place = try call.workspace()
            let heading = call.request.query["by"].flatMap(CostTotal.Heading.init) ?? .stage
            let scope = call.request.query["episode"].flatMap(call.catalog.episode).map { HistoryScope($0.place) } ?? .everything
            return .json(try desk.costs(by: heading, in: scope, of: place).value)
        case .stats: return .json(.list(try desk.statistics(of: try call.workspace()).map(\.value)))
        case .providers: return .json(.list(try providers.values(of: try call.workspace())))
        case .doctor:
            let checks = try await providers.checks(of: try call.workspace())
            return .json(["ok": .bool(!checks.contains { $0.state == .missing }), "checks": .list(checks.map(\.value))])
        case .recovery: return .json(try desk.recovery(in: .everything, of: try call.workspace()).value)
        case .episode:
            let entry = try call.episode()
            guard let standing = try await standings(of: [entry], desk).first else { throw Problem(404, "there is no such episode") }
            return .json(standing.value)
        case .plan:
            let (entry, options) = (try call.episode(), options(call))
            guard options.targets.isEmpty, !options.isDraft else { return .json(try await plan(of: entry.place, options, desk).value) }
            return .json(try await detail(of: entry, desk, at: moments(of: [entry], desk)).plan)
        case .log:
            let place = try call.episode().place
            let limit = min(max(call.request.query["limit"].flatMap { Int($0) } ?? 20, 1), 1000)
            return .json(.list(try desk.log(HistoryScope(place), of: place, limit: limit).entries.map(\.value)))
        case .pastBuild:
            guard let number = Int64(call.parameters["number"] ?? "") else { throw Problem(404, "that is no build's number") }
            return .json(try desk.pastBuild(number, of: try call.episode().place).value)
        case .graph:
            let place = try call.episode().place
            let isWhole = call.request.query["items"] == "true"
            return .json(isWhole ? try await desk.builder.graphWithSteps(place).value : try desk.builder.graph(place).value)
        default: return try await look(call, desk)
        }
    }

    /// What needs a look at the whole plan.
    private func look(_ call: Call, _ desk: Desk) async throws -> Answer {
        let place = try call.episode().place
        if call.route.endpoint == .artifacts {
            let target = try call.target()
            return .json(.list(try desk.actions(of: target, in: try await inspection(of: target, at: place, desk)).map(\.value)))
        }
        let inspection = try await desk.builder.inspect(place, forgiving: true)
        switch call.route.endpoint {
        case .why: return .json(.list(try desk.why(call.target(), in: inspection).values))
        case .takes: return .json(.list(try desk.takes(of: call.target(), in: inspection).map(\.value)))
        case .diff: return .json(try difference(of: call.target(), call.request.query["takes"], inspection, desk))
        case .lines: return .json(.list(try desk.lines(of: inspection).map(\.value)))
        case .texts: return .json(.list(try desk.texts(of: inspection).map { $0.value(isWhole: false) }))
        case .text: return .json(try desk.text(of: call.target(), in: inspection).value(isWhole: true))
        default: throw Problem(404, "there is nothing of that name")
        }
    }

    private func options(_ call: Call) -> BuildOptions {
        var options = BuildOptions()
        options.targets = (call.request.query["target"] ?? "").split(separator: ",").map { Target(parsing: String($0)) }
        options.isDraft = call.request.query["draft"] == "true"
        return options
    }

    /// - Throws: what keeps the episode from being planned.
    func plan(of place: EpisodePlace, _ options: BuildOptions, _ desk: Desk) async throws -> PlanAnswer {
        var found: Result<PlanAnswer, Trouble>?
        await desk.plan([place], options) { found = $0 }
        switch found {
        case .success(let answer): return answer
        case .failure(let trouble): throw DiagnosticList(trouble.failures)
        case nil: throw Problem(500, "there is no plan")
        }
    }
}

/// How an episode stands, or what is wrong with it.
struct Standing: Sendable {
    let entry: Catalog.Entry
    let result: Result<StatusAnswer, Trouble>
    /// Its last build, as the history has it.
    let last: BuildRecord?
    /// The day of its publication, as `episode.yaml` says.
    let date: String?

    var value: Value {
        let members = switch result {
        case .success(let answer): answer.value.members ?? []
        case .failure(let trouble): trouble.value.members ?? []
        }
        return .object(
            [.init("name", .string(entry.name)), .init("title", .string(entry.title))] + members.filter { $0.key != "episode" } + [
                .init("date", date.map { .string($0) } ?? .null), .init("lastBuild", last?.value ?? .null),
            ])
    }

    var state: String { if case .success(let answer) = result { answer.overview.state.rawValue } else { Trouble.state } }
}

/// An episode as it stands, and what of it waits for a person.
struct EpisodeView: Sendable {
    let standing: Standing
    let waiting: [Waiting]
}

/// Something that waits for a person: an artifact at a gate.
struct Waiting: Sendable {
    let entry: Catalog.Entry
    let gate: GateReport
    /// What is to be decided about, by its SHA-256.
    let artifact: String
    let files: [MadeBlob]
    /// What a person has written in the place of what was generated.
    let edits: [EpisodeText]
    let spent: Cost
    /// For how long the gate waits.
    let wait: GateWait?
    /// The build that has made it; nil if another machine has.
    let made: BuildRecord?

    /// Since when somebody could have decided.
    var since: Moment? { wait?.since ?? made?.started }

    static func isOpen(_ gate: GateReport) -> Bool { gate.state == .open || gate.state == .overdue }

    /// What of an episode waits, as far as it is still there: somebody may have changed something since.
    static func all(of entry: Catalog.Entry, _ answer: StatusAnswer, in inspection: Inspection, _ desk: Desk) throws -> [Waiting] {
        let open = answer.overview.gates.filter(isOpen)
        let edits = open.contains(where: \.isEdited) ? try desk.texts(of: inspection).filter { $0.origin == .edited } : []
        return try open.compactMap { gate in
            guard let subject = inspection.gates.first(where: { $0.subject.target == gate.target })?.subject else { return nil }
            return Waiting(
                entry: entry, gate: gate, artifact: subject.digest.hex, files: MadeBlob.all(of: gate.target, in: inspection),
                edits: edits.filter { gate.target.covers($0.target) }, spent: answer.spent, wait: inspection.wait(at: gate.target),
                made: try desk.made(gate.target, in: inspection))
        }
    }

    var value: Value {
        let note: [Value.Member] = if case .rejected(note: let note) = gate.state { [.init("note", .string(note))] } else { [] }
        return .object([
            .init("episode", .string(entry.name)), .init("title", .string(entry.title)), .init("target", .string(gate.target.description)),
            .init("state", .string(gate.state.name)), .init("artifact", .string(artifact)),
            .init("edited", .bool(gate.isEdited)), .init("files", .list(files.map(\.value))),
            .init("since", since.map { .string($0.iso8601Seconds) } ?? .null),
            .init("until", wait?.until.map { .string($0.iso8601Seconds) } ?? .null),
            .init("opensByItself", .bool(wait?.opensByItself ?? false)),
        ] + (edits.isEmpty ? [] : [.init("texts", .list(edits.map { $0.value(isWhole: false) }))]) + spent.members("spent") + note)
    }
}

/// One output of a target, as the server gives it.
struct MadeBlob: Sendable {
    let target: Target
    let name: String
    let digest: Digest

    var path: String { "/api/v1/artifacts/\(digest.hex)?name=\(PercentText.encoded(name))" }
    var media: MediaName { MediaName(name) }
    var value: Value {
        [
            "target": .string(target.description), "name": .string(name), "sha256": .string(digest.hex), "size": .int(digest.size),
            "path": .string(path),
        ]
    }

    /// What the last step of each item of a target has made.
    static func all(of target: Target, in inspection: Inspection) -> [MadeBlob] {
        var last: [Target: Inspection.StepView] = [:]
        var order: [Target] = []
        for step in inspection.steps(of: target) where step.result != nil {
            if last[step.target] == nil { order.append(step.target) }
            last[step.target] = step
        }
        return order.flatMap { item in (last[item]?.result?.outputs ?? []).map { MadeBlob(target: item, name: $0.path, digest: $0.digest) }
        }
    }
}

extension Service {
    /// How some episodes stand, in their order: of those where nothing has changed since they were looked at, as they stood then.
    func standings(of entries: [Catalog.Entry], _ desk: Desk) async throws -> [Standing] {
        try await views(of: entries, desk).map(\.standing)
    }

    /// All that waits for a person, over all episodes.
    func inbox(_ catalog: Catalog, _ desk: Desk) async throws -> [Waiting] {
        try await views(of: catalog.episodes, desk).flatMap(\.waiting)
    }

    /// Each with all that waits in it.
    func views(
        of entries: [Catalog.Entry], _ desk: Desk, at moments: [String: EpisodeMoment]? = nil
    ) async throws -> [EpisodeView] {
        try await views.views(of: entries, at: moments ?? self.moments(of: entries, desk)) { entries in
            var answers: [Result<StatusAnswer, Trouble>] = []
            try await desk.status(entries.map(\.place)) { answers.append($0) }
            var found: [EpisodeView] = []
            for (entry, answer) in zip(entries, answers) {
                let last = try desk.history(of: entry.place).builds(in: HistoryScope(entry.place), limit: 1).first
                let date = (try? Node(fileAt: "\(entry.place.directory)/episode.yaml"))?["date"]?.value.string
                let standing = Standing(entry: entry, result: answer, last: last, date: date)
                found.append(EpisodeView(standing: standing, waiting: try await waiting(standing, desk)))
            }
            return found
        }
    }

    func moments(of entries: [Catalog.Entry], _ desk: Desk) -> [String: EpisodeMoment] {
        watch.moments(of: entries, in: source.catalog) { desk.builder.cacheMoment }
    }

    /// What an episode's page shows beside how it stands.
    func detail(of entry: Catalog.Entry, _ desk: Desk, at moments: [String: EpisodeMoment]) async throws -> EpisodeDetail {
        let found = try await details.views(of: [entry], at: moments) { entries in
            var details: [EpisodeDetail] = []
            for entry in entries {
                let (plan, inspection) = try await desk.look(at: entry.place)
                details.append(try EpisodeDetail(plan, inspection, desk))
            }
            return details
        }
        guard let detail = found.first else { throw Problem(404, "there is no such episode") }
        return detail
    }

    /// A rejected artifact waits for a build, and for nobody.
    private func waiting(_ standing: Standing, _ desk: Desk) async throws -> [Waiting] {
        guard case .success(let answer) = standing.result else { return [] }
        guard answer.overview.gates.contains(where: Waiting.isOpen) else { return [] }
        return try Waiting.all(of: standing.entry, answer, in: try await desk.builder.inspect(standing.entry.place, forgiving: true), desk)
    }
}
