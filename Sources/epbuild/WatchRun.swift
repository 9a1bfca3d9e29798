import EpCore
import EpDesk
import EpEngine
import EpWebhooks

/// `build --watch`: shows how the builds of a watch go, and runs what is to follow them, until it is interrupted.
struct WatchRun {
    let run: BuildRun
    let followUp: FollowUp?

    /// - Throws: `EarlyEnd` if a build was interrupted.
    func run(_ places: [EpisodePlace]) async throws {
        let desk = try run.desk()
        let watch = Watch(desk, places, run.options, readings: [run.view()] + run.readers)
        let signals = StopSignals { [followUp] in
            watch.stop { Console.say(StopSignals.message) }
            followUp?.stop()
        }
        defer { signals.cancel() }
        let isInterrupted = await watch.run { news in
            switch news {
            case .changed(let files): Self.tell(files)
            case .waiting(let files): Console.say(Console.styled("watching \(files) files · Ctrl-C ends", .faint))
            case .ended(let report, let place): await finish(report, of: place, watch)
            }
        }
        await run.webhooks.settle()
        if isInterrupted { throw EarlyEnd(status: .interrupted) }
    }

    private static func tell(_ changed: [String]) {
        let names = Set(changed.map { String($0[($0.lastIndex(of: "/").map($0.index(after:)) ?? $0.startIndex)...]) }).sorted()
        Console.say("changed: \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " and \(names.count - 3) more" : "")")
    }

    private func finish(_ report: BuildReport, of place: EpisodePlace, _ watch: Watch) async {
        if run.json || !report.isTrouble, !place.isShow || report.outcome == .failed {
            Summary(report, of: place).print(json: run.json, isAside: run.isAside)
        }
        if report.outcome == .built, !place.isShow, !watch.isStopped { await followUp?.run(after: report, of: place) }
    }
}
