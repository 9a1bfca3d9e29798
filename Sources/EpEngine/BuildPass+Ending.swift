import EpCache
import EpCore
import EpPlan

/// What becomes of steps: they are found, run, stood in for, or fail.
extension BuildPass {
    func handle(_ lookup: Lookup, of id: StepID) {
        switch lookup {
        case .hit(let result): finish(id, result, .cache)
        // What is damaged, the cache has told of.
        case .miss, .damaged: miss(id, afterFetching: false)
        }
    }

    func miss(_ id: StepID, afterFetching: Bool) {
        let step = planner.steps[id.index]
        if !afterFetching, let action = sharedAction(of: id), twins.waits(id, for: action) { return }
        if !afterFetching, !worker.remotes.isEmpty, !step.isPlaceholder {
            schedule.enqueue(id, in: .fetch)
        } else if options.isDryRun {
            for id in [id] + endTwins(of: id) { noteEnded(schedule.finish(id, .missing)) }
        } else if let reason = reasonNotToRun(step) {
            fail(id, reason, attempts: 0)
        } else {
            schedule.enqueue(id, in: step.pool)
        }
    }

    /// Why a draft does not even try a step; nil if it is to be run.
    private func reasonNotToRun(_ step: Step) -> Diagnostic? {
        guard options.isDraft, !step.isPlaceholder else { return nil }
        if planner.tools[step.tool]?.isPaid(step) == true {
            return Diagnostic(.unavailable, "it would cost money", remedy: "a build without --draft makes it")
        }
        return knowledge.missing.first { step.platform[$0.key.name] != nil }?.value
    }

    /// Does something else in place of a step; false if there is nothing, or this is no draft.
    private func standIn(for id: StepID, because problem: Diagnostic) -> Bool {
        guard options.isDraft, let placeholder = planner.standIn(for: id) else { return false }
        let step = planner.steps[id.index]
        let standIn = StandIn(site: step.site, what: placeholder.what, reason: standIns[id.index]?.reason ?? problem)
        standIns[id.index] = standIn
        schedule.restart(id)
        events.tell(.actionStoodIn(standIn))
        return true
    }

    /// The action that other steps may do for this one. What is pinned does nothing.
    private func sharedAction(of id: StepID) -> ActionDigest? { planner.steps[id.index].isPinned ? nil : addresses[id.index]?.digest }

    /// The steps that have waited for what this one does.
    private func endTwins(of id: StepID) -> [StepID] { sharedAction(of: id).map { twins.end($0) } ?? [] }

    /// What fails would fail for its twins, too: it is not tried, and paid for, again.
    func fail(_ id: StepID, _ problem: Diagnostic, attempts: Int) {
        for id in [id] + endTwins(of: id) { failAlone(id, problem, attempts) }
    }

    private func failAlone(_ id: StepID, _ problem: Diagnostic, _ attempts: Int) {
        if standIn(for: id, because: problem) { return }
        fail(Failure(standIns.removeValue(forKey: id.index)?.reason ?? problem, of: planner.steps[id.index].site, attempts: attempts))
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
        for twin in endTwins(of: id) { finishAlone(twin, result, .cache) }
    }

    private func finishAlone(_ id: StepID, _ result: ActionResult, _ origin: BuildEvent.Origin) {
        results[id.index] = result
        origins[id.index] = origin
        noteEnded(schedule.finish(id, .succeeded))
        let step = planner.steps[id.index]
        guard let address = addresses[id.index] else { return }
        events.tell(.actionFinished(.init(site: step.site, tool: step.tool, origin: origin, address: address.digest, result: result)))
    }

    /// What waited for these steps alone can be planned further.
    private func noteEnded(_ ended: [StepID]) {
        for id in ended { awaited.note(id) }
        if awaited.isDue { mustExpand = true }
    }
}
