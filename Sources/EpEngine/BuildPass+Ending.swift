import EpCache
import EpCore
import EpPlan

/// What becomes of steps: they are found, run, stood in for, or fail.
extension BuildPass {
    func handle(_ found: StepWorker.Found) {
        let id = found.id
        addresses[id.index] = found.address
        switch found.lookup {
        // That a fallback serves is written down beside the loop.
        case .hit where chains[id.index]?.isToBeRecorded == true && !options.isDraft: schedule.enqueue(id, in: .fetch)
        case .hit(let result):
            note(found.trail, of: id, isDone: true)
            finish(id, result, .cache)
        // What is damaged, the cache has told of.
        case .miss, .damaged:
            if let record = found.record, follow(record, id) { return }
            note(found.trail, of: id, isDone: false)
            miss(id, afterFetching: false)
        }
    }

    func handle(_ fetched: StepWorker.Fetched, of id: StepID) {
        switch fetched {
        case .found(let result, let origin, let trail):
            note(trail, of: id, isDone: true)
            finish(id, result, origin)
        case .missing(let record?) where chains[id.index] == nil:
            endTwins(of: id).forEach { schedule.restart($0) }
            if !follow(record, id) { miss(id, afterFetching: true) }
        case .missing, .unanswered: miss(id, afterFetching: true)
        case .failed(let failure): fail(id, failure, attempts: 0)
        }
    }

    func miss(_ id: StepID, afterFetching: Bool) {
        let step = planner.steps[id.index]
        if !afterFetching, let action = sharedAction(of: id), twins.waits(id, for: action, among: addresses) { return }
        if !afterFetching, !worker.remotes.isEmpty, !step.isPlaceholder {
            schedule.enqueue(id, in: .fetch)
        } else if options.isDryRun {
            for id in [id] + endTwins(of: id) { noteEnded(schedule.finish(id, .missing)) }
        } else if let reason = reasonNotToRun(step) {
            fail(id, StepFailure(reason), attempts: 0)
        } else {
            schedule.enqueue(id, in: pool(of: id))
        }
    }

    /// Why a step is not even tried: its program is missing, or a draft would have to pay for it. Nil if it is to be run.
    private func reasonNotToRun(_ step: Step) -> Diagnostic? {
        if step.isPlaceholder { return nil }
        if options.isDraft, step.call?.isPaid == true {
            return Diagnostic(.unavailable, "it would cost money", remedy: "a build without --draft makes it")
        }
        if options.isOffline, step.call?.isLocal == false {
            return Diagnostic(
                .unavailable, "\(step.service?.name ?? step.tool.text) is on the network, and nothing is asked there (`--offline`)",
                remedy: "build without --offline, or name a provider on this machine")
        }
        return knowledge.missing.first { step.platform[$0.key.name] != nil }?.value
    }

    /// The action that other steps may do for this one. What is pinned does nothing.
    private func sharedAction(of id: StepID) -> ActionDigest? { planner.steps[id.index].isPinned ? nil : addresses[id.index]?.digest }

    /// The steps that have waited for what this one does.
    func endTwins(of id: StepID) -> [StepID] { sharedAction(of: id).map { twins.end($0, by: id) } ?? [] }

    /// What fails would fail for its twins, too: it is not tried, and paid for, again.
    func fail(_ id: StepID, _ failure: StepFailure, attempts: Int) {
        let twins = endTwins(of: id)
        failAlone(id, failure, attempts)
        // It has cost what it has cost once.
        for twin in twins { failAlone(twin, StepFailure(failure.diagnostic, failure.kind), attempts) }
    }

    private func failAlone(_ id: StepID, _ failure: StepFailure, _ attempts: Int) {
        if goOn(id, after: failure) { return }
        let problem = chains[id.index]?.problem ?? failure.diagnostic
        fail(Failure(problem, of: planner.steps[id.index].site, attempts: attempts, cost: failure.cost))
        let ended = schedule.finish(id, .failed)
        for blocked in ended.dropFirst() { events.tell(.actionBlocked(planner.steps[blocked.index].site)) }
        noteEnded(ended)
    }

    /// A failure is told when it happens, and once.
    func fail(_ failure: Failure) {
        failures.append(failure)
        events.tell(.failed(failure))
    }

    func finish(_ id: StepID, _ result: ActionResult, _ origin: BuildEvent.Origin) {
        finishAlone(id, result, origin)
        for twin in endTwins(of: id) {
            // Where a fallback serves, that is to be written down for each: it is looked up again.
            let isAlike = chains[id.index]?.isServedByFallback != true && chains[twin.index]?.isServedByFallback != true
            if isAlike { finishAlone(twin, result, .cache) } else { schedule.restart(twin) }
        }
    }

    private func finishAlone(_ id: StepID, _ result: ActionResult, _ origin: BuildEvent.Origin) {
        results[id.index] = result
        origins[id.index] = origin
        noteEnded(schedule.finish(id, .succeeded))
        let step = planner.steps[id.index]
        guard let address = addresses[id.index] else { return }
        events.tell(
            .actionFinished(
                .init(site: step.site, tool: step.tool, origin: origin, address: address.digest, result: result, planned: (id, step))))
    }

    /// What waited for these steps alone can be planned further.
    func noteEnded(_ ended: [StepID]) {
        endedCount += ended.count
        for id in ended { awaited.note(id) }
        if awaited.isDue { mustExpand = true }
    }
}
