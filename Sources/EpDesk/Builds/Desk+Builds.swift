public import EpCore
public import EpEngine
import EpHistory

extension Desk {
    /// Begins to build one episode, or what a show has once: as `Builder.start`, and with everything put on record.
    /// - Parameters:
    ///   - readings: who else is told what happens.
    ///   - stop: stops this build, and others that it is given to.
    public func start(_ place: EpisodePlace, _ options: BuildOptions, readings: [BuildReading] = [], stop: BuildStop = BuildStop()) -> Build {
        builder.start(place, options, readings: readings + records(of: place, isDraft: options.isDraft), stop: stop)
    }

    /// Builds episodes one after the other, and then what their shows have once.
    ///
    /// What fails keeps no other from its turn. A show is left alone if all of its episodes have failed, and where single targets or a draft are asked for.
    /// - Parameters:
    ///   - options: their budget is that of all builds together.
    ///   - stop: stops all of them: none begins after one that was interrupted.
    ///   - tell: is given each report as soon as it is there. What it does holds the next build up.
    /// - Returns: the worst exit status of all.
    public func build(
        _ places: [EpisodePlace], _ options: BuildOptions, readings: [BuildReading] = [], stop: BuildStop = BuildStop(),
        tell: (BuildReport, EpisodePlace) -> Void
    ) async -> ExitStatus {
        var (order, options) = (BuildOrder(places, options), options)
        var status = ExitStatus.success
        for place in order.episodes where status != .interrupted {
            let report = await report(of: place, options, readings, stop)
            options.budget = options.budget?.left(after: report.cost)
            status = max(status, report.exitStatus)
            order.note(report.outcome, of: place)
            tell(report, place)
        }
        for show in order.shows where status != .interrupted && !order.isLeftAlone(show) {
            let report = await report(of: show, options, readings, stop)
            options.budget = options.budget?.left(after: report.cost)
            status = max(status, report.exitStatus)
            tell(report, show)
        }
        return status
    }

    private func report(of place: EpisodePlace, _ options: BuildOptions, _ readings: [BuildReading], _ stop: BuildStop) async -> BuildReport {
        // Of many episodes, most are up to date while some are not; those cost a few `stat`s.
        if options.targets.isEmpty, !options.isDraft, let report = builder.upToDateReport(of: place) { return report }
        return await start(place, options, readings: readings, stop: stop).end()
    }

    /// Makes takes of a target to choose from: as `Builder.makeTakes`, and with everything put on record.
    public func makeTakes(
        _ count: Int, of target: Target, at place: EpisodePlace, _ options: BuildOptions, readings: [BuildReading] = [], stop: BuildStop = BuildStop()
    ) async throws -> BuildReport {
        let readings = readings + records(of: place, isDraft: options.isDraft)
        return try await builder.makeTakes(count, of: target, at: place, options, readings: readings, stop: stop)
    }

    /// Who puts a build on record: the log of events and the history.
    func records(of place: EpisodePlace, isDraft: Bool = false) -> [BuildReading] {
        let log = BuildReading(EventLog(stateDirectory: place.stateDirectory, warn: warn))
        // What the history and others are told of builds is about finished ones; a draft is in the log alone.
        return isDraft ? [log] : [log, BuildReading(HistoryRecorder(place: place, warn: warn))] + readers(place)
    }
}
