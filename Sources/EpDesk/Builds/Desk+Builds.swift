public import EpCore
public import EpEngine
import EpHistory

extension Desk {
    /// Begins to build one episode, or what a show has once: as `Builder.start`, and with everything put on record.
    /// - Parameters:
    ///   - readings: who else is told what happens.
    ///   - stop: stops this build, and others that it is given to.
    public func start(_ place: EpisodePlace, _ options: BuildOptions, readings: [BuildReading] = [], stop: BuildStop = BuildStop()) -> Build
    {
        builder.start(place, options, readings: readings + records(of: place, isDraft: options.isDraft), stop: stop)
    }

    /// Builds episodes beside each other, and then what their shows have once.
    ///
    /// All share the places in pools, so that no more runs at once than in the build of one. An episode that listens to others of its show
    /// is built after those before it; under a budget that all share, they are built one after the other. What fails keeps no other from
    /// its turn.
    /// A show is left alone if all of its episodes have failed, and where single targets or a draft are asked for.
    /// - Parameters:
    ///   - options: their budget is that of all builds together.
    ///   - stale: one whose memo could not tell a moment ago that it is up to date, so that nobody asks it again.
    ///   - stop: stops all of them: none begins after one that was interrupted.
    ///   - tell: is given each report in the order of the episodes, as soon as it and those before it are there. What it does holds up what
    ///     begins next.
    /// - Returns: the worst exit status of all.
    public func build(
        _ places: [EpisodePlace], _ options: BuildOptions, stale: EpisodePlace? = nil, readings: [BuildReading] = [],
        stop: BuildStop = BuildStop(), tell: (BuildReport, EpisodePlace) -> Void
    ) async -> ExitStatus {
        var batch = Batch(BuildOrder(places, options), options, stale)
        for units in [batch.order.episodes, batch.order.shows] where batch.status != .interrupted {
            await build(units.filter { !$0.isShow || !batch.order.isLeftAlone($0) }, &batch, readings, stop, tell)
        }
        return batch.status
    }

    /// What is known of builds that go on together.
    private struct Batch {
        var order: BuildOrder
        /// For whoever begins next.
        var options: BuildOptions
        let stale: EpisodePlace?
        var status = ExitStatus.success

        init(_ order: BuildOrder, _ options: BuildOptions, _ stale: EpisodePlace?) {
            (self.order, self.options, self.stale) = (order, options, stale)
        }

        mutating func note(_ report: BuildReport, of place: EpisodePlace) {
            options.budget = options.budget?.left(after: report.cost)
            status = max(status, report.exitStatus)
            if !place.isShow { order.note(report.outcome, of: place) }
        }
    }

    private func build(
        _ places: [EpisodePlace], _ batch: inout Batch, _ readings: [BuildReading], _ stop: BuildStop,
        _ tell: (BuildReport, EpisodePlace) -> Void
    ) async {
        let company = places.count < 2 ? [:] : Dictionary(places.map { ($0, builder.company(of: $0)) }) { first, _ in first }
        let isTogether = places.count > 1 && batch.options.budget == nil && !company.values.contains(where: \.isBudgeted)
        if isTogether { batch.options.pools = SharedPools() }
        var schedule = BatchSchedule(places, width: isTogether ? Self.atOnce : 1)
        var untold: [EpisodePlace: BuildReport] = [:]
        var next = places[...]
        await withTaskGroup(of: (EpisodePlace, BuildReport).self) { group in
            while true {
                // The first begins in any case: its report says that it was stopped.
                while batch.status != .interrupted, !stop.isAsked || !schedule.hasBegun,
                    let place = schedule.next(listens: { company[$0]?.listens == true })
                {
                    let (options, isStale) = (batch.options, place == batch.stale)
                    group.addTask { (place, await report(of: place, options, isStale: isStale, readings, stop)) }
                }
                guard let (place, report) = await group.next() else { break }
                schedule.end(place)
                batch.note(report, of: place)
                untold[place] = report
                while let first = next.first, let report = untold.removeValue(forKey: first) {
                    tell(report, first)
                    next.removeFirst()
                }
            }
        }
        for place in next { untold[place].map { tell($0, place) } }
        batch.options.pools = nil
    }

    /// How many episodes are built at once: enough that while some wait for a service or their last step, others work.
    private static let atOnce = 8

    private func report(
        of place: EpisodePlace, _ options: BuildOptions, isStale: Bool, _ readings: [BuildReading], _ stop: BuildStop
    ) async -> BuildReport {
        // Of many episodes, most are up to date while some are not; those cost a few `stat`s.
        if !isStale, options.isWhole, !options.isDraft, let report = builder.upToDateReport(of: place) { return report }
        return await start(place, options, readings: readings, stop: stop).end()
    }

    /// Makes takes of a target to choose from: as `Builder.makeTakes`, and with everything put on record.
    public func makeTakes(
        _ count: Int, of target: Target, at place: EpisodePlace, _ options: BuildOptions, readings: [BuildReading] = [],
        stop: BuildStop = BuildStop()
    ) async throws -> BuildReport {
        let readings = readings + records(of: place, isDraft: options.isDraft)
        return try await builder.makeTakes(count, of: target, at: place, options, readings: readings, stop: stop)
    }

    /// Who puts a build on record: the log of events and the history.
    func records(of place: EpisodePlace, isDraft: Bool = false) -> [BuildReading] {
        // What the history and others are told of builds is about finished ones; a draft is in the log alone.
        if isDraft { return [BuildReading(EventLog(stateDirectory: place.stateDirectory, warn: warn))] }
        let log = EventLog(stateDirectory: place.stateDirectory, warn: warn)
        return [BuildReading([log, HistoryRecorder(place: place, warn: warn)])] + readers(place)
    }
}
