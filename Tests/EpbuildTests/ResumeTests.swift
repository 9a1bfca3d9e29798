import FoundationEssentials
import Testing

/// Every show of `Episodes/`: ended in each of its stages, and built on a second machine.
@Suite(.serialized) struct ResumeTests {
    /// Builds a show from nothing; then once more, killed as soon as an action of a stage runs, stage after stage; then where only a shared
    /// cache is known.
    @Test(arguments: TinyShow.allCases) func killedInEveryStageAndOnASecondMachine(_ show: TinyShow) async throws {
        let share = try SharedDirectory()
        let undisturbed = try show.machine()
        try undisturbed.share(share.path)
        let report = try await undisturbed.build(show.episode).expect(.built).report
        let outputs = try undisturbed.outputs(of: show.episode)
        #expect(!outputs.isEmpty)

        let second = try show.machine()
        try second.share(share.path)
        try await second.build(show.episode).expect(.built, executed: 0)
        #expect(try second.digests(of: show.episode) == undisturbed.digests(of: show.episode))

        let killed = try show.machine()
        var stages = Set(report.stages.filter { $0.value.executed > 0 }.keys)
        let count = stages.count
        var kills = 0
        while !stages.isEmpty, let begun = try await kill(killed, show.episode, inOneOf: stages) {
            stages.subtract(begun)
            kills += 1
        }
        // What is over within a moment may end before it can be killed.
        print("\(show): killed \(kills) times, in \(count - stages.count) of \(count) stages; not in \(stages.sorted())")
        #expect(kills > 0)
        try await killed.build(show.episode).expect()
        try await killed.build(show.episode).expect(.upToDate, executed: 0)
        #expect(try killed.digests(of: show.episode) == undisturbed.digests(of: show.episode))
        #expect(try killed.outputs(of: show.episode) == outputs)
    }

    /// Builds until an action of one of some stages runs, and kills the build then.
    /// - Returns: those of the stages that had begun; nil if the build has come to its end.
    private func kill(_ machine: Machine, _ episode: String, inOneOf stages: Set<String>) async throws -> Set<String>? {
        let events = "\(machine.directory)/events"
        let started = "\"event\":\"action_started\".*\"target\":\"(\(stages.sorted().joined(separator: "|")))[/\"]"
        let script = """
            rm -f \(events); '\(Program.epbuild)' build \(episode) --events \(events) > /dev/null 2> \(machine.directory)/said & it=$!
            while grep -qs ') [^Z] ' /proc/$it/stat; do
              if grep -qsE '\(started)' \(events); then kill -KILL $it; fi
              sleep 0.01
            done
            wait $it
            """
        let outcome = try await Program.run(["sh", "-c", script], in: machine.workspace, environment: machine.environment())
        guard outcome.status != 0 else { return nil }
        let said = try String(contentsOfFile: "\(machine.directory)/said", encoding: .utf8)
        try #require(outcome.status == 128 + 9, "\(outcome) \(said)")
        let expression = try Regex(started)
        let lines = try String(contentsOfFile: events, encoding: .utf8).split(separator: "\n")
        return Set(lines.compactMap { $0.firstMatch(of: expression)?.output[1].substring.map { String($0) } })
    }
}
