import ArgumentParser
import EpCore
import EpEngine
import EpHistory

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Puts an episode back as it was after an earlier build.", usage: "epbuild rollback PATH [BUILD] [--show]",
        discussion: """
            BUILD is a number from `epbuild log`; without it, the build before the last one. What is replaced is put aside, and nothing \
            runs as long as the cache has that build's results.
            """)

    @Argument(help: "An episode, then the number of a build.", completion: .places)
    var words: [String] = []

    @Flag(help: "Also the files of the show and the workspace, which other episodes are built from.")
    var show = false

    func run() async throws {
        let number = words.last.flatMap { Int64($0.hasPrefix("#") ? String($0.dropFirst()) : $0) }
        let session = try TargetSession(number == nil ? words : words.dropLast(), needsTarget: false)
        guard session.targets.isEmpty else { throw Diagnostic(.usage, "\"\(session.targets[0])\" is no number of a build", remedy: "`epbuild log` lists them") }
        let (build, snapshot) = try choose(number, of: session.place)
        let outcome = try session.builder.rollBack(session.place, to: snapshot, includingShow: show)
        Decisions.record("rollback", of: session.place, note: "to build \(build)")
        report(outcome, build, session)
        // What the cache has is delivered at once; what it does not is for the person to ask for.
        let due = try await session.inspect(forgiving: true).steps.count { $0.state != .upToDate }
        guard due == 0 else { return Console.say("\(Number.of(due, "action")) must run anew: epbuild \(session.shown)") }
        try await BuildRun(composition: session.composition, options: BuildOptions(), json: false, verbose: false).run([session.place])
    }

    private func choose(_ number: Int64?, of place: EpisodePlace) throws -> (build: Int64, snapshot: ActionDigest) {
        let history = History(stateDirectory: place.stateDirectory) { Console.report($0) }
        if let number {
            guard let build = try history.build(number), build.episode == EpisodeName(place) else {
                throw Diagnostic(.usage, "this episode has no build \(number)", remedy: "`epbuild log` lists its builds")
            }
            guard let snapshot = build.snapshot else {
                throw Diagnostic(.usage, "build \(number) did not build the whole episode", remedy: "choose one that did: `epbuild log` lists them")
            }
            return (number, snapshot)
        }
        let builds = try history.builds(in: HistoryScope(place)).compactMap { build in build.snapshot.map { (build.id, $0) } }
        guard let last = builds.first, let earlier = builds.first(where: { $0.1 != last.1 }) else {
            throw Diagnostic(.usage, "there is no earlier build to go back to", remedy: "`epbuild log` lists the builds")
        }
        return earlier
    }

    private func report(_ outcome: RollbackOutcome, _ build: Int64, _ session: TargetSession) {
        func shown(_ path: String) -> String { path.hasPrefix(session.composition.setting.directory + "/") ? String(path.dropFirst(session.composition.setting.directory.count + 1)) : path }
        Console.answer("\(session.shown): as it was after build \(build)")
        for path in outcome.restored { Console.answer("  put back  \(shown(path))") }
        for path in outcome.removed { Console.answer("  removed   \(shown(path))") }
        for path in outcome.lost { Console.answer("  too large to have been kept, or damaged in the cache: \(shown(path))") }
        if let kept = outcome.kept { Console.answer("  what stood there is in \(shown(kept))") }
        if !outcome.different.isEmpty {
            Console.answer("  different from then, and left alone: \(outcome.different.map(shown).joined(separator: ", ")) (--show puts them back, too)")
        }
    }
}
