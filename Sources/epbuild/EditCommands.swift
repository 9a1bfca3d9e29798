import ArgumentParser
import EpCore
import EpDesk
import EpEngine

struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Brings a hand edit and a new generation together.", usage: "epbuild merge PATH TARGET",
        discussion:
            "What must be generated for it is built first. Lines that both changed are marked as git marks them; exit status 1 then.")

    @Argument(help: "An episode, then a stage or an item.", completion: .targets)
    var words: [String] = []

    func run() async throws {
        let told = ToldOnce()
        let session = try await TargetSession(words, needsTarget: true) { told.tell($0) }
        let stop = BuildStop()
        let signals = StopSignals { Console.say(StopSignals.message); stop.ask() } cancel: { stop.ask(.cancel) }
        defer { signals.cancel() }
        var conflicts = 0
        for target in session.targets {
            for outcome in try await merge(target, session, told, stop) {
                conflicts += outcome.conflicts
                report(outcome)
            }
        }
        Console.say("go on with: epbuild \(session.shown)")
        if conflicts > 0 { throw EarlyEnd(status: .failed) }
    }

    private func merge(_ target: Target, _ session: TargetSession, _ told: ToldOnce, _ stop: BuildStop) async throws -> [MergeOutcome] {
        do {
            let readings = [BuildRun.view(session.composition, told), BuildReading(RunningMark([session.place]))]
            return try await session.desk.merge(target, at: session.place, readings: readings, stop: stop)
        } catch {
            if error is CancellationError {
                Console.say("nothing is merged yet: run the same command again")
                throw EarlyEnd(status: .interrupted)
            }
            let trouble = Trouble(error, of: session.shown)
            trouble.failures.forEach { told.tell($0) }
            throw EarlyEnd(status: trouble.exitStatus)
        }
    }

    private func report(_ outcome: MergeOutcome) {
        let target = outcome.target
        guard let kept = outcome.kept else { return Console.answer("\(target): nothing new was generated since your edit") }
        if outcome.conflicts == 0 {
            Console.answer("\(target): \(outcome.file) has your edit and the new generation")
        } else {
            Console.answer(
                "\(target): \(Number.of(outcome.conflicts, "conflict")) in \(outcome.file): keep what you want of both versions and remove "
                    + "the marks"
            )
        }
        Console.answer("  your edit alone is kept in \(kept)")
    }
}
