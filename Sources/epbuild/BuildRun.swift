import Dispatch
import EpCore
import EpEngine
import EpHistory
import Glibc

/// Builds episodes one after the other, and what their shows have once; shows how it goes.
struct BuildRun {
    let composition: Composition
    let options: BuildOptions
    let json: Bool
    let verbose: Bool
    /// Stops all of them.
    let stop = BuildStop()

    /// - Throws: `EarlyEnd` unless everything was built.
    func run(_ places: [EpisodePlace]) async throws {
        let builder = try composition.builder()
        let view = RoundView(view())
        let signals = StopSignals { [stop] in
            Console.say(StopSignals.message)
            stop.ask()
        }
        defer { signals.cancel() }
        var round = EpisodeRound()
        var shows: [EpisodePlace] = []
        for place in places where round.status != .interrupted {
            let (report, _) = await build(place, builder, view, &round)
            if report.outcome != .failed { shows.append(Discovery.show(of: place)) }
            // Of one episode that cannot be built, its failures tell everything.
            guard json || places.count > 1 || !report.isTrouble else { continue }
            Summary(report, detail: report.outcome == .upToDate ? .short : .full).print(json: json)
        }
        // A draft is not published: it has no place in what the show has once. An episode that waits or fails keeps no other from it.
        if options.targets.isEmpty, !options.isDraft {
            var seen: Set<EpisodePlace> = []
            for show in shows where round.status != .interrupted && seen.insert(show).inserted {
                let (report, isNew) = await build(show, builder, view, &round)
                guard [.failed, .waiting].contains(report.outcome), json || !report.isTrouble else { continue }
                // What is wrong with the show itself, its episodes have said.
                if isNew || !report.isTrouble { Summary(report, detail: .full).print(json: json) }
            }
        }
        try round.end()
    }

    /// Who shows a person how the builds go.
    func view() -> any BuildView {
        Console.isTerminal && !verbose ? LiveView(shown: composition.setting.shown) : PlainView(verbose: verbose)
    }

    /// - Returns: what it came to, and whether its failures were told of no other episode.
    private func build(_ place: EpisodePlace, _ builder: Builder, _ view: any BuildView, _ round: inout EpisodeRound) async -> (report: BuildReport, isNew: Bool) {
        // Of many episodes, most are up to date while some are not; those cost a few `stat`s.
        if options.targets.isEmpty, !options.isDraft, let report = builder.upToDateReport(of: place) { return (report, true) }
        let report = await report(of: place, builder, view)
        let isNew = round.tell(report.failures.filter { !view.hasTold($0) })
        round.note(report.exitStatus)
        return (report, isNew)
    }

    /// One build, with everybody who keeps book of it. What ends it is a failed build.
    /// - Parameter leaving: is given what the build has looked at.
    func report(
        of place: EpisodePlace, _ builder: Builder, _ view: any BuildView, leaving: ((Footprint) -> Void)? = nil
    ) async -> BuildReport {
        await Self.report(of: place.shown(from: composition.setting.directory)) { try await recorded(place, builder, view, leaving) }
    }

    static func report(of episode: String, _ build: () async throws -> BuildReport) async -> BuildReport {
        let start = Clock.now()
        do {
            return try await build()
        } catch {
            return BuildReport(of: episode, endedBy: Trouble(error), seconds: Clock.now() - start)
        }
    }

    private func recorded(_ place: EpisodePlace, _ builder: Builder, _ view: any BuildView, _ leaving: ((Footprint) -> Void)?) async throws -> BuildReport {
        defer { view.end() }
        let log = EventLog(stateDirectory: place.stateDirectory, next: view)
        let history = HistoryRecorder(place: place, next: log)
        do {
            // What the history says of builds is about finished ones; a draft is in the log alone.
            return try await builder.build(place, options, observer: options.isDraft ? log : history, stop: stop, leaving: leaving)
        } catch {
            if !options.isDraft { history.failed(error) }
            throw error
        }
    }
}

/// The first SIGINT or SIGTERM asks for a stop; a second ends the program at once.
struct StopSignals {
    static let message = "stopping: running actions are finished and stored; press again to stop at once"
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                signal(number, SIG_DFL)
                stop()
            }
            source.resume()
            return source
        }
    }

    func cancel() { sources.forEach { $0.cancel() } }
}
