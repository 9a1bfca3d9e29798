import Dispatch
import EpCore
import EpDesk
import EpEngine
import Glibc

/// Builds episodes one after the other, and what their shows have once; shows how it goes.
struct BuildRun {
    let composition: Composition
    let options: BuildOptions
    let json: Bool
    let verbose: Bool
    /// Stops all of them.
    let stop = BuildStop()

    /// What has been told to the person.
    let told = ToldOnce()

    /// - Throws: `EarlyEnd` unless everything was built.
    func run(_ places: [EpisodePlace]) async throws {
        let desk = try composition.desk { [told] in told.tell($0) }
        let view = view()
        let signals = StopSignals { [stop] in
            Console.say(StopSignals.message)
            stop.ask()
        }
        defer { signals.cancel() }
        var round = EpisodeRound(told)
        var shows: [EpisodePlace] = []
        for place in places where round.status != .interrupted {
            let report = await build(place, desk, view, &round)
            if report.outcome != .failed { shows.append(Discovery.show(of: place)) }
            // Of one episode that cannot be built, its failures tell everything.
            guard json || places.count > 1 || !report.isTrouble else { continue }
            Summary(report, detail: report.outcome == .upToDate ? .short : .full).print(json: json)
        }
        // A draft is not published: it has no place in what the show has once. An episode that waits or fails keeps no other from it.
        if options.targets.isEmpty, !options.isDraft {
            var seen: Set<EpisodePlace> = []
            for show in shows where round.status != .interrupted && seen.insert(show).inserted {
                let report = await build(show, desk, view, &round)
                if [.failed, .waiting].contains(report.outcome), json || !report.isTrouble { Summary(report, detail: .full).print(json: json) }
            }
        }
        try round.end()
    }

    /// Who shows a person how the builds go, one after the other.
    func view() -> BuildReading { Self.view(composition, told, verbose: verbose) }

    static func view(_ composition: Composition, _ told: ToldOnce, verbose: Bool = false) -> BuildReading {
        let isLive = Console.isTerminal && !verbose
        return isLive ? BuildReading(LiveView(shown: composition.setting.shown, told)) : BuildReading(PlainView(verbose: verbose, told))
    }

    private func build(_ place: EpisodePlace, _ desk: Desk, _ view: BuildReading, _ round: inout EpisodeRound) async -> BuildReport {
        // Of many episodes, most are up to date while some are not; those cost a few `stat`s.
        if options.targets.isEmpty, !options.isDraft, let report = desk.builder.upToDateReport(of: place) { return report }
        let report = await desk.start(place, options, readings: [view], stop: stop).end()
        round.note(report.exitStatus)
        return report
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
