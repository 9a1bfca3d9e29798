import ArgumentParser
import EpComposition
import EpCore
import EpDesk
import EpEngine

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Puts an episode back as it was after an earlier build.",
        usage: "epbuild rollback PATH [BUILD] [--show]",
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
        let session = try await TargetSession(number == nil ? words : words.dropLast(), needsTarget: false)
        guard session.targets.isEmpty else {
            throw Diagnostic(.usage, "\"\(session.targets[0])\" is no number of a build", remedy: "`epbuild log` lists them")
        }
        let answer = try session.desk.rollBack(session.place, to: number, includingShow: show)
        report(answer.files, answer.build, session)
        // What the cache has is delivered at once; what it does not is for the person to ask for.
        let due = try await session.desk.dueActions(of: session.place)
        guard due == 0 else { return Console.say("\(Number.of(due, "action")) must run anew: epbuild \(session.shown)") }
        try await BuildRun(composition: session.composition, options: BuildOptions(), json: false, verbose: false).run([session.place])
    }

    private func report(_ outcome: RollbackOutcome, _ build: Int64, _ session: TargetSession) {
        let shown = session.composition.setting.shown
        Console.answer("\(session.shown): as it was after build \(build)")
        for path in outcome.restored { Console.answer("  put back  \(shown(path))") }
        for path in outcome.removed { Console.answer("  removed   \(shown(path))") }
        for path in outcome.lost { Console.answer("  too large to have been kept, or damaged in the cache: \(shown(path))") }
        if let kept = outcome.kept { Console.answer("  what stood there is in \(shown(kept))") }
        if !outcome.different.isEmpty {
            Console.answer(
                "  different from then, and left alone: \(outcome.different.map(shown).joined(separator: ", ")) (--show puts them back, "
                    + "too)"
            )
        }
    }
}
