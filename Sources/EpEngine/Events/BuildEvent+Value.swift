public import EpCore
import EpFiles
public import EpPlan

extension BuildEvent {
    /// The version of the form that `value` has: grows when a key changes its meaning or goes.
    public static let schema: Int64 = 1

    /// The event as one JSON object: `docs/events.md`.
    public var value: Value {
        var members: [Value.Member] = [
            .init("time", .string(time.iso8601)), .init("build", .string(build.text)), .init("seq", .int(Int64(sequence))),
            .init("schema", .int(Self.schema)), .init("episode", .string(episode)), .init("event", .string(kind.name)),
        ]
        if let target = kind.target { members.append(.init("target", .string(target.description))) }
        if let site = kind.site {
            members.append(.init("step", .string(site.step)))
            members += site.place?.members ?? []
        }
        return .object(members + kind.members)
    }
}

extension BuildEvent.Kind {
    /// The stable word for it.
    public var name: String {
        switch self {
        case .started: "build_started"
        case .planned: "build_planned"
        case .actionStarted: "action_started"
        case .actionFinished(let end): end.origin == .cache ? "action_cached" : "action_completed"
        case .failed(let failure): failure.site == nil ? "validation_error" : "action_failed"
        case .actionSaid: "action_said"
        case .actionStoodIn: "action_stood_in"
        case .actionRetried: "action_retried"
        case .actionStalled: "action_stalled"
        case .actionRemote: "action_remote"
        case .leaseWaiting: "lease_waiting"
        case .breakerChanged(let change): change.isOpen ? "breaker_opened" : "breaker_closed"
        case .providerFallback: "provider_fallback"
        case .actionExplained: "action_explained"
        case .actionBlocked: "action_blocked"
        case .cacheHealed: "cache_healed"
        case .warning: "validation_warning"
        case .editDetected: "edit_detected"
        case .pinned: "artifact_pinned"
        case .gateWaiting: "gate_waiting"
        case .gateDecided(_, .approved, by: GateRecord.itself): "gate_auto_approved"
        case .gateDecided(_, let decision, by: _): "gate_\(decision.rawValue)"
        case .wrote: "artifact_restored"
        case .removed: "artifact_removed"
        case .passRepeated: "pass_repeated"
        case .finished(let report):
            switch report.outcome {
            case .failed: "build_failed"
            case .interrupted: "build_stopped"
            case .paused, .overBudget: "build_paused"
            default: "build_completed"
            }
        }
    }

    /// The step that it is about; nil if it is about none.
    public var site: StepSite? {
        switch self {
        case .actionSaid(let site, _), .actionRetried(let site, _), .actionStalled(let site, _), .actionRemote(let site, _),
            .leaseWaiting(let site, _), .actionExplained(let site, _), .actionBlocked(let site):
            site
        case .actionStarted(let start): start.site
        case .actionFinished(let end): end.site
        case .actionStoodIn(let standIn): standIn.site
        case .providerFallback(let fallback): fallback.site
        case .failed(let failure): failure.site
        default: nil
        }
    }

    /// What it is about, as a person names it on the command line; nil if it is about the whole build.
    public var target: Target? {
        switch self {
        case .editDetected(let target, file: _), .pinned(let target), .gateDecided(let target, _, by: _): target
        case .gateWaiting(let gate): gate.target
        default: site?.target
        }
    }

    /// What only events of its kind have.
    fileprivate var members: [Value.Member] {
        switch self {
        case .started(let start): return start.members
        case .actionBlocked, .pinned: return []
        case .planned(let stages):
            let counts = stages.map { known in
                Value.object([
                    .init("stage", .string(known.stage.text)), .init("steps", .int(Int64(known.steps))),
                    .init("isComplete", .bool(known.isComplete)),
                ])
            }
            return [.init("stages", .list(counts))]
        case .actionStarted(let start): return start.members
        case .actionFinished(let end):
            return end.members
        case .failed(let failure): return [.init("error", failure.value)]
        case .actionSaid(_, let lines): return [.init("lines", .list(lines.map(Value.string)))]
        case .actionStoodIn(let standIn): return [.init("placeholder", .string(standIn.what)), .init("reason", standIn.reason.value)]
        case .providerFallback(let fallback):
            return [
                .init("provider", .string(fallback.asked)), .init("error", fallback.problem.value),
                .init("fallback", .string(fallback.next)), .init("attempts", .int(Int64(fallback.attempts))),
                .init("costUSD", fallback.cost.value),
            ]
        case .actionRetried(_, let retry):
            return [
                .init("provider", .string(retry.provider)), .init("error", retry.problem.value),
                .init("attempts", .int(Int64(retry.attempts))),
                .init("most", .int(Int64(retry.most))), .init("waitSeconds", .double(retry.wait.seconds)),
                .init("costUSD", retry.cost.value),
            ]
        case .actionStalled(_, let stall):
            return [.init("seconds", .double(stall.seconds)), .init("action", .string(stall.action.rawValue))]
        case .actionRemote(_, let stage): return stage.members
        case .leaseWaiting(_, let wait): return [.init("store", .string(wait.store))]
        case .breakerChanged(let change):
            let seconds = change.seconds.map { [Value.Member("seconds", .double($0))] } ?? []
            return [.init("service", .string(change.service))] + (change.isOpen ? [.init("reason", .string(change.reason))] + seconds : [])
        case .actionExplained(_, let changes): return [.init("changes", .list(changes.map(\.value)))]
        case .cacheHealed(let problem), .warning(let problem): return [.init("error", problem.value)]
        case .editDetected(_, let file): return [.init("file", .string(file))]
        case .gateWaiting(let gate): return [.init("gate", gate.value)]
        case .gateDecided(_, _, let by): return [.init("by", .string(by))]
        case .wrote(let file), .removed(let file): return [.init("file", .string(file))]
        case .passRepeated(let reason): return [.init("reason", .string(reason))]
        case .finished(let report): return [.init("report", report.value)]
        }
    }
}

extension BuildEvent.BuildStart {
    fileprivate var members: [Value.Member] {
        (isDraft ? [.init("draft", true)] : []) + (isRetry ? [.init("retryFailed", true)] : [])
    }
}

extension RemoteStage {
    fileprivate var members: [Value.Member] {
        let times = [("queuedSeconds", queuedSeconds), ("workedSeconds", workedSeconds)].compactMap { name, time in
            time.map { Value.Member(name, .double($0)) }
        }
        return [.init("stage", .string(name.rawValue)), .init("cluster", .string(cluster))]
            + (worker.isEmpty ? [] : [.init("worker", .string(worker))]) + times
    }
}

extension BuildEvent.StepStart {
    fileprivate var members: [Value.Member] {
        [.init("pool", .string(pool.name)), .init("tool", .string(tool.text))] + (service?.members ?? [])
    }
}

extension Service {
    /// The kind of provider.
    public var vendor: String { configuration?.use ?? name }
    /// As the workspace names it; nil if it does not, or there is none.
    public var model: String? { configuration?.settings["model"]?.letters }

    fileprivate var members: [Value.Member] {
        [.init("provider", .string(name)), .init("vendor", .string(vendor))] + (model.map { [.init("model", .string($0))] } ?? [])
            + (call.map { [.init("call", .string($0.isLocal ? "local" : "remote"))] } ?? [])
    }
}

extension BuildEvent.StepEnd {
    fileprivate var members: [Value.Member] {
        let always: [Value.Member] = [
            .init("tool", .string(tool.text)), .init("action", .string(address.hex)), .init("origin", .string(origin.rawValue)),
            .init("seconds", .double(result.duration.seconds)), .init("costUSD", result.cost.value),
            .init("servedBy", .string(result.servedBy)),
        ]
        let usage = result.usage.sorted { $0.key < $1.key }.map { Value.Member($0.key, .int($0.value)) }
        return always + (usage.isEmpty ? [] : [.init("usage", .object(usage))])
    }
}
