import EpCore
import EpFiles

/// A build that goes on: whoever holds it can stop it, pause it, and wait for it.
public final class Build: Sendable {
    public let id: BuildID
    private let stopping: BuildStop
    private let readings: [BuildReading]
    private let task: Task<End, Never>

    /// What a build leaves with whoever waits for it.
    struct End: Sendable {
        let report: BuildReport
        /// What it has looked at; nil if it did not come that far.
        var footprint: Footprint?
    }

    init(_ id: BuildID, stopping: BuildStop, readings: [BuildReading], _ task: Task<End, Never>) {
        (self.id, self.stopping, self.readings, self.task) = (id, stopping, readings, task)
    }

    /// Starts no new step; those that run are finished and stored. It ends as paused, and goes on when it is built again.
    public func pause() { stopping.ask(.pause) }

    /// Ends what runs, and with it the build. What was stored stays.
    public func stop() { stopping.ask(.cancel) }

    /// What it came to. Its readers may not have read that far.
    public var report: BuildReport { get async { await task.value.report } }

    /// What it has looked at, and what another build may come to something else by.
    public var footprint: Footprint? { get async { await task.value.footprint } }

    /// Waits for its end, and for its readers to have read everything.
    public func end() async -> BuildReport {
        let report = await report
        for reading in readings { await reading.caughtUp() }
        return report
    }
}

extension Builder {
    /// Begins to build one episode, or what a show has once. Several builds may go on at once.
    ///
    /// Whatever happens is an event, and a part of the report: what a person wrote wrong, too.
    /// - Parameters:
    ///   - readings: who is told what happens.
    ///   - stop: stops this build, and others that it is given to.
    public func start(_ place: EpisodePlace, _ options: BuildOptions, readings: [BuildReading] = [], stop: BuildStop = BuildStop()) -> Build
    {
        let events = BuildEvents(of: place, surroundings, readings: readings)
        return Build(
            events.build, stopping: stop, readings: readings,
            Task {
                let start = ContinuousClock.now
                events.tell(.started(BuildEvent.BuildStart(isDraft: options.isDraft, isRetry: options.isRetry)))
                let discards = DiscardPile()
                var footprint: Footprint?
                var report: BuildReport
                do {
                    report = try await build(place, options, events, stop: stop, discards: discards) { footprint = $0 }
                } catch {
                    report = BuildReport(of: shown(place), endedBy: error)
                    report.failures.forEach { events.tell(.failed($0)) }
                }
                report.seconds = (ContinuousClock.now - start).seconds
                events.tell(.finished(report))
                discards.empty()
                return Build.End(report: report, footprint: footprint)
            })
    }
}

extension BuildReport {
    /// Of a build that could not begin, or whose files could not be written.
    init(of episode: String, endedBy error: any Error) {
        self.init(episode: episode)
        let problems = [Diagnostic](describing: error)
        switch problems.first?.code {
        case .overBudget: (outcome, reason) = (.overBudget, problems.first)
        case .paused: (outcome, reason) = (.paused, problems.first)
        default: (outcome, failures) = (.failed, problems.map { Failure($0) })
        }
    }
}
