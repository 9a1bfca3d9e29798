import FoundationEssentials
import Testing

/// What `plan` says is what `build` does.
@Suite struct PlanTests {
    private struct Plan: Decodable {
        struct Step: Decodable {
            let target: String
            let sameAs: String?
        }
        struct Estimate: Decodable { let neverRun: Int }

        let upToDate: Int
        let run, dependent, shared: [Step]
        let estimate: Estimate
    }

    private func plan(_ show: SmallShow) async throws -> Plan {
        try JSONDecoder().decode(Plan.self, from: Data(try await show.machine.run("plan", SmallShow.episode, "--json").output.utf8))
    }

    @Test func equalActionsAreCountedOnce() async throws {
        let texts = Dictionary(uniqueKeysWithValues: (1...9).map { ("show/ep/texts/\($0).txt", "same\n") })
        let show = try SmallShow(texts.merging(["show/ep/texts/other.txt": "other\n"]) { $1 })
        let plan = try await plan(show)
        #expect(plan.run.map(\.target) == ["upper/1.txt", "upper/other.txt"])
        #expect(plan.dependent.map(\.target) == ["marked/1.txt", "marked/other.txt", "joined"])
        #expect(plan.shared.map(\.target) == ["upper", "marked"].flatMap { stage in (2...9).map { "\(stage)/\($0).txt" } })
        #expect(plan.shared.allSatisfy { $0.sameAs == "\($0.target.prefix { $0 != "/" })/1.txt" })
        #expect(plan.estimate.neverRun == 5)
        let told = try await show.machine.run("plan", SmallShow.episode).output
        #expect(told.contains("2 to run, 0 up to date"), "\(told)")
        #expect(
            told.contains("  upper/6.txt  the same as upper/1.txt, made once\n  … and 3 more of upper, the same as others\n"), "\(told)")
        #expect(told.contains("2 of marked, 1 of joined"), "\(told)")
        let report = try await show.build().expect(.built, executed: 5, ["upper": 2, "marked": 2, "joined": 1]).report
        #expect(report.actions.cacheHits == 16 && report.actions.total == 21)
        let after = try await self.plan(show)
        #expect(after.upToDate == 21 && after.run.isEmpty && after.shared.isEmpty)
    }

    /// An unknown speaker behind a good line, while another stage waits: every question has its answer, and names the places.
    @Test func aQuestionAboutABrokenScriptHasAnEnd() async throws {
        let show = try SmallShow([
            "show/show.yaml": "title: T\ncharacters:\n  - { name: ANN, voice: { provider: espeak, voice: en } }\n",
            "show/pipeline.yaml": """
                stages:
                  one: { tool: command, run: [sh, -c, "echo a > a.txt"], outputs: [a.txt] }
                  two: { tool: command, each: one.lines, run: [sh, -c, "cat in > b"], inputs: { in: item }, outputs: [b] }
                  script: { source: script.fountain }
                  speech: { tool: tts, each: script.lines }

                """,
            "show/ep/script.fountain": "Title: x\n\nANN\nHello there.\n\nZED\nWho?\n\nANN\nNobody.\n\nYAN\nMe.\n",
        ])
        for words in [
            ["plan"], ["status"], ["why", "speech"], ["inspect", "speech/1"], ["takes", "speech"], ["graph", "--items"], ["build"],
        ] {
            let command = ["timeout", "-s", "KILL", "120", Program.epbuild, words[0], SmallShow.episode] + words.dropFirst()
            let outcome = try await Program.run(command, in: show.machine.workspace, environment: show.machine.environment())
            #expect(outcome.status == 65, "\(words): \(outcome)")
            for place in ["script.fountain:6:1: error: ", "script.fountain:12:1: error: "] {
                #expect(outcome.errors.contains(place), "\(words): \(outcome)")
            }
        }
    }
}
