import EpCore
import EpDesk
import EpEngine

/// Builds that are asked for here.
extension Service {
    func builds(_ call: Call) async throws -> Answer {
        switch call.route.endpoint {
        case .builds:
            let limit = min(max(call.request.query["limit"].flatMap { Int($0) } ?? 50, 1), 1000)
            let state = try call.request.query["state"].map { word throws(Problem) in
                guard let state = Job.State(rawValue: word) else { throw Problem(422, "there is no state \(word)") }
                return state
            }
            return .json(.list(try await runner.store.all(limit: limit, state: state).map(\.value)))
        case .startBuild: return .json(try await runner.add(call.catalog.resolved(try order(call)), by: call.user.name).value, status: 201)
        case .build: return .json(try await job(call).value)
        case .buildOutputs: return .json(try await outputs(of: try call.target(), by: try await job(call), call))
        case .cancelBuild: return .json(try await change(call, .cancelled).value)
        case .pauseBuild: return .json(try await change(call, .paused).value)
        case .resumeBuild: return .json(try await change(call, .resumed).value)
        case .pauseWorkspace:
            let isNew = try desk(call.user.name).pause([try call.workspace()]).contains(where: \.isNew)
            return .json(["paused": true, "isNew": .bool(isNew)])
        case .resumeWorkspace: return .json(["paused": false, "wasPaused": .bool(try desk(call.user.name).resume([try call.workspace()]))])
        default: throw Problem(404, "there is nothing of that name")
        }
    }

    /// What a job has made of a target of its episode. Whoever asks is answered when it is there, or after a while.
    private func outputs(of target: Target, by job: Job, _ call: Call) async throws -> Value {
        guard let entry = job.order.episodes.first.flatMap(call.catalog.episode), job.order.episodes.count == 1 else {
            throw Problem(422, "that is no build of one episode")
        }
        func value(_ state: Job.State, _ outputs: [ActionResult.Output]) -> Value {
            let files = outputs.map { MadeBlob(target: target, name: $0.path, digest: $0.digest).value }
            return ["state": .string(state.rawValue), "outputs": .list(files)]
        }
        if !job.state.isFinal, let made = await runner.outputs(of: target, by: job.id, within: .seconds(2)) { return value(.running, made) }
        let state = try await runner.store.job(job.id)?.state ?? .cancelled
        guard state.isFinal else { return value(state, []) }
        let desk = try desk(call.user.name)
        let last = try await inspection(of: target, at: entry.place, desk).steps(of: target).last
        return value(state, last?.state == .upToDate ? last?.result?.outputs ?? [] : [])
    }

    func job(_ call: Call) async throws -> Job {
        guard let id = Int64(call.parameters["build"] ?? ""), let job = try await runner.store.job(id) else {
            throw Problem(404, "there is no such build")
        }
        return job
    }

    func change(_ call: Call, _ event: JobEvent) async throws -> Job {
        guard let id = Int64(call.parameters["build"] ?? ""), let job = try await runner.change(id, event) else {
            throw Problem(404, "there is no such build")
        }
        return job
    }

    /// - Throws: what is wrong with it, before anything is written down.
    func order(_ call: Call) throws -> Job.Order {
        let fields = try call.fields()
        var order = Job.Order(
            episodes: fields.strings("episodes"), targets: fields.strings("targets"), priority: fields.int("priority") ?? 0)
        order.shows = fields.strings("shows")
        guard !order.episodes.isEmpty || !order.shows.isEmpty else { throw Problem(422, "name episodes or shows") }
        try Self.check(order.episodes, "episode", call.catalog.episodes.map(\.name))
        try Self.check(order.shows, "show", call.catalog.shows.map(\.name))
        order.isMerge = fields.bool("merge")
        if order.isMerge, order.targets.isEmpty { throw Problem(422, "a merge is one of targets") }
        guard order.targets.isEmpty || order.episodes.count == 1 && order.shows.isEmpty else {
            throw Problem(422, "targets are those of one episode")
        }
        if let jobs = fields.int("jobs") {
            guard (1...1024).contains(jobs) else { throw Problem(422, "jobs is a number from 1 to 1024") }
            order.jobs = jobs
        }
        if let budget = fields.number("budgetUSD") {
            guard budget >= 0, budget.isFinite else { throw Problem(422, "budgetUSD is a number from 0") }
            order.budget = Cost(usd: budget)
        }
        (order.isDraft, order.keepsGoing, order.isRetry) = (fields.bool("draft"), fields.bool("keepGoing"), fields.bool("retryFailed"))
        return order
    }

    private static func check(_ names: [String], _ kind: String, _ known: [String]) throws(Problem) {
        for name in names where !known.contains(name) {
            throw Problem(Diagnostic(.usage, "there is no \(kind) \"\(name)\"", remedy: Suggestion.remedy(for: name, in: known)))
        }
    }
}
