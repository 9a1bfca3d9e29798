import EpPlan

/// Which steps another machine does.
extension BuildPass {
    /// Where a step waits for a place to run. What a provider or a pool of a person's limits keeps to that.
    func pool(of id: StepID) -> Pool {
        let step = planner.steps[id.index]
        guard step.pool == .cpu, let cluster, !staying.contains(id), cluster.takes(step) else { return step.pool }
        return .remote
    }

    /// Puts a step that the cluster could not run among those that run here.
    func runHere(_ id: StepID, _ reason: NotElsewhere) {
        // Of many that meet the same, a person is told once.
        if cluster != nil { events.tell(.warning(reason.warning)) }
        if reason.isForAll { cluster = nil }
        staying.insert(id)
        schedule.enqueue(id, in: planner.steps[id.index].pool)
    }
}
