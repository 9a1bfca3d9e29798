import Dispatch
import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpWebhooks
import Glibc
import Synchronization

/// Builds episodes beside each other, and what their shows have once; shows how it goes.
struct BuildRun {
    let composition: Composition
    let options: BuildOptions
    let json: Bool
    let verbose: Bool
    /// Who is told what happens, besides the person.
    let readers: [BuildReading]
    /// True if standard output is for events.
    let isAside: Bool
    /// Stops all of them.
    let stop = BuildStop()
    /// What has been told to the person.
    let told: ToldOnce
    /// Who is told over HTTP.
    let webhooks: Webhooks

    init(composition: Composition, options: BuildOptions, json: Bool, verbose: Bool, readers: [BuildReading] = [], isAside: Bool = false) {
        (self.composition, self.options, self.json, self.verbose) = (composition, options, json, verbose)
        (self.readers, self.isAside) = (readers, isAside)
        let told = ToldOnce()
        self.told = told
        webhooks = composition.webhooks(isOffline: options.isOffline) { told.tell($0) }
    }

    func desk() throws -> Desk { try composition.desk(telling: webhooks) { [told] in told.tell($0) } }

    /// - Parameter stale: one whose memo could not tell a moment ago that it is up to date.
    /// - Throws: `EarlyEnd` unless everything was built.
    func run(_ places: [EpisodePlace], stale: EpisodePlace? = nil) async throws {
        let desk = try desk()
        let view = Self.view(composition, told, verbose: verbose, count: places.count)
        let signals = StopSignals { [stop] in
            Console.say(StopSignals.message)
            stop.ask()
        } cancel: { [stop] in
            Console.say("stopped by `epbuild stop`")
            stop.ask(.cancel)
        }
        signals.keep()
        let changes = HeardChanges()
        let readings = [view, BuildReading([RunningMark(places), changes])] + readers
        let status = await desk.build(places, options, stale: stale, readings: readings, stop: stop) { report, place in
            guard isShown(report, of: place, amongSeveral: places.count > 1) else { return }
            Summary(report, of: place).print(json: json, isAside: isAside)
        }
        if !json, !isAside, places.count == 1, options.targets.isEmpty {
            await changes.lines(desk, places[0], composition).forEach(Console.answer)
        }
        await webhooks.settle()
        desk.leave()
        Lasting.keep(desk)
        Lasting.keep(composition)
        guard status == .success else { throw EarlyEnd(status: status) }
    }

    /// Of one episode that cannot be built, its failures tell everything; of a show, there is something to tell if it has come to nothing.
    private func isShown(_ report: BuildReport, of place: EpisodePlace, amongSeveral: Bool) -> Bool {
        if place.isShow { return [.failed, .waiting].contains(report.outcome) && (json || !report.isTrouble) }
        return json || amongSeveral || !report.isTrouble
    }

    /// Who shows a person how the builds go, one after the other.
    func view() -> BuildReading { Self.view(composition, told, verbose: verbose) }

    /// - Parameter count: how many episodes are built beside each other.
    static func view(_ composition: Composition, _ told: ToldOnce, verbose: Bool = false, count: Int = 1) -> BuildReading {
        let shown: @Sendable (String) -> String = composition.setting.shown
        if Console.isTerminal, !verbose { return BuildReading(LiveView(shown: shown, told, count: count)) }
        return BuildReading(PlainView(verbose: verbose, told) { count > 1 ? "\(shown($0)): " : "" })
    }
}

/// The first SIGINT or SIGTERM asks for a stop; a second ends the program at once.
struct StopSignals {
    static let message = "stopping: running actions are finished and stored; press again to stop at once"
    private let sources: [any DispatchSourceSignal]

    /// - Parameter cancel: what `epbuild stop` asks for.
    init(_ stop: @escaping @Sendable () -> Void, cancel: @escaping @Sendable () -> Void = {}) {
        let asked = Asked()
        let actions = [(SIGINT, true, stop), (SIGTERM, true, stop), (RunningBuild.signal, false, cancel)]
        sources = actions.map { number, endsAtOnce, action in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                signal(number, endsAtOnce ? SIG_DFL : SIG_IGN)
                // libdispatch may have put its own handler back before that: then the second signal comes here as well.
                if endsAtOnce, !asked.isFirst() {
                    kill(getpid(), number)
                    return
                }
                action()
            }
            source.resume()
            return source
        }
    }

    func cancel() { sources.forEach { $0.cancel() } }

    /// Leaves them as they are until the process ends: to take them back starts threads.
    func keep() { _ = Unmanaged.passRetained(Kept(sources: sources)) }

    private final class Kept {
        let sources: [any DispatchSourceSignal]

        init(sources: [any DispatchSourceSignal]) { self.sources = sources }
    }

    /// Whether a person has asked before.
    private final class Asked: Sendable {
        private let times = Atomic(0)

        func isFirst() -> Bool { times.add(1, ordering: .relaxed).oldValue == 0 }
    }
}
