import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpWebhooks

extension BuildRun {
    /// Makes several takes of some targets of one episode.
    /// - Throws: `EarlyEnd` if one of them failed.
    func makeTakes(_ count: Int, of targets: [Target], at places: [EpisodePlace]) async throws {
        guard let place = places.first, places.count == 1, !targets.isEmpty else {
            throw Diagnostic(.usage, "which takes?", remedy: "epbuild build --takes \(count) EPISODE TARGET")
        }
        let desk = try desk()
        let view = view()
        let signals = StopSignals { [stop] in
            Console.say(StopSignals.message)
            stop.ask()
        } cancel: { [stop] in
            Console.say("stopped by `epbuild stop`")
            stop.ask(.cancel)
        }
        defer { signals.cancel() }
        var options = options
        for target in targets {
            let report = try await desk.makeTakes(
                count, of: target, at: place, options, readings: [view, BuildReading(RunningMark(places))] + readers, stop: stop)
            options.budget = options.budget?.left(after: report.cost)
            if json { Console.answer(report.value.json()) }
            await webhooks.settle()
            guard report.exitStatus == .success else { throw EarlyEnd(status: report.exitStatus) }
            if json { continue }
            let answer = isAside ? Console.say : Console.answer
            answer("\(target): takes 1 to \(count) are there (\(Number.of(report.actions.executed, "action")) executed)")
            answer("  choose one with: epbuild use \(composition.setting.shown(place.directory)) \(target) N")
        }
    }
}
