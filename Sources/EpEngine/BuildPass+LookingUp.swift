import EpPlan

/// Which steps are looked up in the cache, and when. Addressing is work for the processors: it is done beside the loop, some steps a task,
/// and not all in memory at once.
extension BuildPass {
    /// How many steps one task looks up, and tasks that do so at once. What one has found missing is made while another looks.
    private static let (lookupSize, maximumLookups) = (128, Builder.processors)
    /// So many that are likely to be made are looked up in less time than others take to be told of.
    private static let fewNews = 8

    /// True as long as it is not known of all steps of the plan whether they are to be made.
    var isLookingUp: Bool { lookups > 0 || schedule.readyCount > 0 }

    /// How many tasks do anything else.
    private var running: Int { inFlight - lookups }

    /// True if something runs, and all else has its result: as it is known, or as the last build had seen it all.
    var areLastRunning: Bool {
        running > 0 && awaited.isEmpty && schedule.newsCount == 0 && (worker.recall != nil || !isLookingUp)
            && running == planner.steps.count - endedCount - lookedFor - schedule.readyCount
    }

    /// From now on the recall is of use. What the last build has not seen is looked up before the rest.
    func know(_ recall: Recall?) {
        worker.recall = recall
        if let recall { schedule.bringForward { !recall.hasSeen(hint(of: $0)) } }
    }

    /// A few that are likely to be made are looked up by the loop itself, so that they begin before it is told of the rest.
    func lookUpNews() {
        guard (1...Self.fewNews).contains(schedule.newsCount), !isStopping else { return }
        takeIn(worker.lookUp(schedule.takeNews(atMost: Self.fewNews).map(resolve)))
    }

    /// Looks the next ones up, by one task at least. What runs keeps a processor for itself: it is waited for the longest.
    func lookUp(_ group: inout ThrowingDiscardingTaskGroup<any Error>) {
        while lookups < max(1, Self.maximumLookups - running) {
            let news = schedule.takeNews(atMost: Self.lookupSize)
            let batch = (news.isEmpty ? schedule.takeReady(atMost: Self.lookupSize) : news).map(resolve)
            guard !batch.isEmpty else { break }
            (lookups, lookedFor, inFlight) = (lookups + 1, lookedFor + batch.count, inFlight + 1)
            let (worker, outbox) = (worker, outbox)
            group.addTask { outbox.yield(.lookedUp(worker.lookUp(batch))) }
        }
    }

    /// Takes in what was found of some steps.
    func takeIn(_ found: [StepWorker.Found]) {
        recalled += found.count(where: \.isRecalled)
        events.together { found.forEach(handle) }
    }
}
