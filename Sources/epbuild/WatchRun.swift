import EpCore
import EpDesk
import EpEngine
import EpPlan
import Glibc
import Synchronization

/// `build --watch`: builds, waits until what the build has looked at changes, builds again, until it is interrupted.
///
/// A save during a build does not disturb it: the build goes on, and another one follows it.
struct WatchRun {
    let run: BuildRun
    let followUp: FollowUp?

    /// One episode, or what a show has once, with what its last build has looked at.
    private struct Unit {
        let place: EpisodePlace
        var footprint: Footprint?
        var isBuilt = false
        /// It could not even be planned.
        var isBroken = false

        /// What has changed since the last build; nil if there was none. After a failure, saving the same again is a try again.
        mutating func changes() -> [String]? { footprint?.changes(countingTouched: !isBuilt) }
        var mustBuild: Bool { footprint == nil }
    }

    /// - Throws: `EarlyEnd` if a build was interrupted.
    func run(_ places: [EpisodePlace]) async throws {
        let desk = try run.composition.desk { [told = run.told] in told.tell($0) }
        let view = run.view()
        let watch = FileWatch()
        let stop = Stop(run.stop, watch, followUp)
        let signals = StopSignals { stop.strike() }
        defer { signals.cancel() }
        var shows: Set<EpisodePlace> = []
        let showPlaces = run.options.targets.isEmpty ? places.map(Discovery.show).filter { shows.insert($0).inserted } : []
        var units = (places + showPlaces).map { Unit(place: $0) }
        var watched = WatchedDirectories(watch)
        var isAnnounced = false
        while !stop.isStruck {
            watched.set(units.reduce(into: []) { $0.formUnion($1.footprint?.directories ?? []) })
            let stale = Self.stale(&units)
            if stale.isEmpty {
                if !isAnnounced { Self.announce(units) }
                isAnnounced = true
                if await watch.change(isPolling: watched.isPolling, until: units.compactMap { $0.footprint?.nextMoment }.min()) == .interrupted { return }
                continue
            }
            isAnnounced = false
            for index in stale where !stop.isStruck { try await build(&units[index], desk, view, stop) }
            if !stop.isStruck { _ = await watch.quiet() }
        }
    }

    /// The episodes to build; when there is none, the shows. A show is put together from what its episodes have told so far.
    private static func stale(_ units: inout [Unit]) -> [Int] {
        for isShow in [false, true] {
            // What is wrong with a file of the person's may be wrong with the show.
            if isShow, units.contains(where: { !$0.place.isShow && $0.isBroken }) { return [] }
            var changed: [String] = []
            let stale = units.indices.filter { index in
                guard units[index].place.isShow == isShow else { return false }
                let changes = units[index].changes() ?? []
                changed += changes
                return units[index].mustBuild || !changes.isEmpty
            }
            if !isShow, !changed.isEmpty { tell(changed) }
            if !stale.isEmpty { return stale }
        }
        return []
    }

    private static func tell(_ changed: [String]) {
        let names = Set(changed.map { String($0[($0.lastIndex(of: "/").map($0.index(after:)) ?? $0.startIndex)...]) }).sorted()
        Console.say("changed: \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " and \(names.count - 3) more" : "")")
    }

    private static func announce(_ units: [Unit]) {
        let files = units.reduce(0) { $0 + ($1.footprint?.count ?? 0) }
        Console.say(Console.styled("watching \(files) files · Ctrl-C ends", .faint))
    }

    private func build(_ unit: inout Unit, _ desk: Desk, _ view: BuildReading, _ stop: Stop) async throws {
        guard stop.beginBuild() else { return }
        let report = await report(of: &unit, desk, view)
        let isInterrupted = stop.endBuild()
        unit.isBuilt = [.built, .upToDate].contains(report.outcome)
        unit.isBroken = report.isTrouble
        if run.json || !report.isTrouble, !unit.place.isShow || report.outcome == .failed { Summary(report, detail: .full).print(json: run.json) }
        if isInterrupted { throw EarlyEnd(status: .interrupted) }
        if report.outcome == .built, !unit.place.isShow { await followUp?.run(after: report, of: unit.place) }
    }

    private func report(of unit: inout Unit, _ desk: Desk, _ view: BuildReading) async -> BuildReport {
        let build = desk.start(unit.place, run.options, readings: [view], stop: run.stop)
        let report = await build.end()
        unit.footprint = await build.footprint ?? unit.footprint
        return report
    }
}

extension WatchRun {
    /// What Ctrl-C does: ends a wait or a command at once, and a build when its running actions are stored.
    private final class Stop: Sendable {
        private let builds: BuildStop
        private let watch: FileWatch
        private let followUp: FollowUp?
        private let state = Mutex((isBuilding: false, isStruck: false))

        init(_ builds: BuildStop, _ watch: FileWatch, _ followUp: FollowUp?) {
            self.builds = builds
            self.watch = watch
            self.followUp = followUp
        }

        var isStruck: Bool { state.withLock(\.isStruck) }

        func strike() {
            state.withLock { state in
                state.isStruck = true
                if state.isBuilding {
                    Console.say(StopSignals.message)
                    builds.ask()
                }
            }
            watch.interrupt()
            followUp?.stop()
        }

        /// False if there is to be no more build.
        func beginBuild() -> Bool {
            state.withLock { state in
                state.isBuilding = !state.isStruck
                return state.isBuilding
            }
        }

        /// True if it was struck while the build ran.
        func endBuild() -> Bool {
            state.withLock { state in
                defer { state.isBuilding = false }
                return state.isStruck
            }
        }
    }
}
