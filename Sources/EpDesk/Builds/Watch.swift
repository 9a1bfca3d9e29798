import EpCore
public import EpEngine
import EpPlan
import Synchronization

/// Builds episodes and their shows, waits until something that the builds have looked at changes, and builds again, until it is stopped.
///
/// A save during a build does not disturb it: the build goes on, and another one follows it.
public final class Watch: Sendable {
    public enum News: Sendable {
        /// Files that were saved, by absolute path: episodes are built again.
        case changed([String])
        /// Nothing is stale any more; so many files are watched.
        case waiting(files: Int)
        /// A build has ended.
        case ended(BuildReport, of: EpisodePlace)
    }

    /// One episode, or what a show has once, with what its last build has looked at.
    private struct Unit {
        let place: EpisodePlace
        var footprint: Footprint?
        var isBuilt = false

        /// What has changed since the last build; nil if there was none. After a failure, saving the same again is a try again.
        mutating func changes() -> [String]? { footprint?.changes(countingTouched: !isBuilt) }
        var mustBuild: Bool { footprint == nil }
    }

    /// What changes while it goes on.
    private struct Progress {
        var order: BuildOrder
        var units: [Unit]
        /// What all builds together may still spend; nil: no matter.
        var budget: Cost?

        init(_ order: BuildOrder, budget: Cost?) {
            (self.order, self.budget) = (order, budget)
            units = (order.episodes + order.shows).map { Unit(place: $0) }
        }

        /// The episodes to build; when there is none, the shows. A show is put together from what its episodes have told so far.
        /// - Returns: their indices, and the files of episodes that have changed.
        mutating func stale() -> (units: [Int], changed: [String]) {
            var changed: [String] = []
            let episodes = stale(units.indices.filter { !units[$0].place.isShow }, &changed)
            guard episodes.isEmpty else { return (episodes, changed) }
            var ofShows: [String] = []
            return (stale(units.indices.filter { units[$0].place.isShow && !order.isLeftAlone(units[$0].place) }, &ofShows), changed)
        }

        private mutating func stale(_ indices: [Int], _ changed: inout [String]) -> [Int] {
            indices.filter { index in
                let changes = units[index].changes() ?? []
                changed += changes
                return units[index].mustBuild || !changes.isEmpty
            }
        }
    }

    private let desk: Desk
    private let places: [EpisodePlace]
    private let options: BuildOptions
    private let readings: [BuildReading]
    private let isPrompt: Bool
    private let builds = BuildStop()
    private let files = FileWatch()
    private let state = Mutex((isBuilding: false, isStopped: false))

    /// - Parameters:
    ///   - readings: who is told what happens in the builds.
    ///   - isPrompt: builds as soon as a file is closed; else when nothing more has been saved for a moment.
    public init(_ desk: Desk, _ places: [EpisodePlace], _ options: BuildOptions, readings: [BuildReading], isPrompt: Bool = false) {
        (self.desk, self.places, self.options, self.readings, self.isPrompt) = (desk, places, options, readings, isPrompt)
    }

    /// Goes on until `stop` is called.
    /// - Parameter tell: is told what happens, in order. What it does holds the next build up.
    /// - Returns: true if a build was interrupted.
    public func run(tell: (News) async -> Void) async -> Bool {
        var progress = Progress(BuildOrder(places, options), budget: options.budget)
        var watched = WatchedDirectories(files)
        var isAnnounced = false
        while !isStopped {
            watched.set(progress.units.reduce(into: []) { $0.formUnion($1.footprint?.directories ?? []) }, warn: desk.warn)
            let (stale, changed) = progress.stale()
            if !changed.isEmpty { await tell(.changed(changed)) }
            if stale.isEmpty {
                if !isAnnounced { await tell(.waiting(files: progress.units.reduce(0) { $0 + ($1.footprint?.count ?? 0) })) }
                isAnnounced = true
                let moment = progress.units.compactMap { $0.footprint?.nextMoment }.min()
                if await files.change(isPolling: watched.isPolling, isPrompt: isPrompt, until: moment) == .interrupted { return false }
                continue
            }
            isAnnounced = false
            for index in stale where beginBuild() {
                let report = await build(&progress.units[index], budget: progress.budget)
                progress.budget = progress.budget?.left(after: report.cost)
                progress.order.note(report.outcome, of: progress.units[index].place)
                let isInterrupted = endBuild()
                await tell(.ended(report, of: progress.units[index].place))
                if isInterrupted { return true }
            }
            if !isStopped { _ = await files.quiet() }
        }
        return false
    }

    private func build(_ unit: inout Unit, budget: Cost?) async -> BuildReport {
        var options = options
        options.budget = budget
        let build = desk.start(unit.place, options, readings: readings, stop: builds)
        let report = await build.end()
        unit.footprint = await build.footprint ?? unit.footprint
        unit.isBuilt = [.built, .upToDate].contains(report.outcome)
        return report
    }

    /// Ends a wait at once, and a build when its running actions are stored. May be called from any thread.
    /// - Parameter announce: is called first if a build goes on.
    public func stop(_ announce: () -> Void = {}) {
        state.withLock { state in
            state.isStopped = true
            if state.isBuilding {
                announce()
                builds.ask()
            }
        }
        files.interrupt()
    }

    public var isStopped: Bool { state.withLock(\.isStopped) }

    /// False if there is to be no more build.
    private func beginBuild() -> Bool {
        state.withLock { state in
            state.isBuilding = !state.isStopped
            return state.isBuilding
        }
    }

    /// True if it was stopped while the build ran.
    private func endBuild() -> Bool {
        state.withLock { state in
            defer { state.isBuilding = false }
            return state.isStopped
        }
    }
}
