import EpComposition
import EpCore
import EpDesk
import EpEngine
import EpWebhooks

/// `build --watch`: shows how the builds of a watch go, and runs what is to follow them, until it is interrupted.
struct WatchRun {
    let run: BuildRun
    let followUp: FollowUp?
    /// Where what is new is heard; nil: nowhere.
    let sound: SoundPipe?

    /// - Throws: `EarlyEnd` if a build was interrupted.
    func run(_ places: [EpisodePlace]) async throws {
        let desk = try run.desk()
        let changes = sound.map { sound in ChangedSounds(desk.builder) { Self.play($0, sound) } }
        var options = run.options
        options.precedence = changes
        let watch = Watch(
            desk, places, options, readings: [run.view()] + run.readers + [changes].compactMap { $0.map { BuildReading($0) } },
            isPrompt: sound != nil)
        let signals = StopSignals { [followUp, sound] in
            watch.stop { Console.say(StopSignals.message) }
            followUp?.stop()
            sound?.stop()
        }
        defer { signals.cancel() }
        let isInterrupted = await watch.run { news in
            switch news {
            case .changed(let files):
                sound?.stop()
                Self.tell(files)
            case .waiting(let files): Console.say(Console.styled("watching \(files) files · Ctrl-C ends", .faint))
            case .ended(let report, let place):
                sound?.finish()
                await finish(report, of: place, watch)
                if let changes, !changes.knows(place), !place.isShow, !report.isTrouble,
                    let inspection = try? await desk.builder.inspect(place)
                {
                    changes.learn(inspection)
                }
            }
        }
        await run.webhooks.settle()
        if isInterrupted { throw EarlyEnd(status: .interrupted) }
    }

    private static func play(_ clip: ChangedSounds.Clip, _ sound: SoundPipe) {
        let name =
            clip.target.map { "\($0)\(clip.place.map { " (\(Path($0.file).name):\($0.line))" } ?? "")" }
            ?? "where sounds follow each other anew"
        Console.say("▶ \(name)")
        do {
            try clip.forEachPiece { try sound.play($0) }
        } catch {
            [Diagnostic](describing: error).forEach { Console.report($0) }
        }
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
