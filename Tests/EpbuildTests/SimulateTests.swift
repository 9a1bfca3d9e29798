import EpTesting
import FoundationEssentials
import Testing

/// `Scripts/simulate`, on seasons whose outcome can be reckoned by hand.
@Suite(.enabled(if: Python.path != nil, "python3 is missing"))
struct SimulateTests {
    /// A step of a recording, as docs/benchmarks.md describes it.
    private struct Step: Encodable {
        var target: String
        var step = "", tool = "t"
        var seconds: Double
        var bytes = 1000
        var usd = 0.0
        var calls: String?
        var shared = false
        var needs: [Int] = []
    }

    private struct Recording: Encodable {
        var what = "test"
        var steps: [Step]

        var total: Double { steps.reduce(0) { $0 + $1.seconds } }

        var criticalPath: Double {
            var ends: [Double] = []
            for step in steps { ends.append((step.needs.map { ends[$0] }.max() ?? 0) + step.seconds) }
            return ends.max() ?? 0
        }
    }

    private struct Row: Decodable {
        struct Pass: Decodable {
            let seconds, workerSeconds, callsUSD, costUSD, boundShare: Double
            let executed, localHits, storeHits, failedRuns: Int
            let boundBy: String
        }
        let workers: Int
        let fromNothing, elsewhere, edited: Pass
    }

    /// Forty steps, each of which needs some of those before it.
    private static func anyRecording(_ dice: inout Dice) -> Recording {
        Recording(
            steps: (0..<40).map { number in
                let needs = (0..<number).filter { _ in Int.random(in: 0..<10, using: &dice) == 0 }
                return Step(target: "stage/\(number)", seconds: Double(Int.random(in: 1...50, using: &dice)) / 4, needs: needs)
            })
    }

    /// With no time for the store, and no episode longer than another, unless told otherwise.
    private func simulate(_ recording: Recording, _ words: String...) async throws -> [Row] {
        let directory = TemporaryDirectory()
        let file = "\(directory.path)/recording.json"
        try JSONEncoder().encode(recording).write(to: URL(filePath: file))
        let plain = ["--spread", "0", "--store-ms", "0", "--store-latency-ms", "0", "--store-mbps", "1e12", "--failures", "0"]
        let outcome = try await Python.run("simulate", ["--json", "--recording", file] + plain + words)
        #expect(outcome.status == 0, "\(outcome)")
        return try outcome.output.split(separator: "\n").map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }

    @Test func oneWorkerTakesTheSumAndVeryManyTheCriticalPath() async throws {
        var dice = Dice(for: "a simulated season")
        let recording = Self.anyRecording(&dice)
        let (work, path) = (5 * recording.total, recording.criticalPath)
        #expect(path < recording.total)
        for row in try await simulate(recording, "--episodes", "5", "--workers", "1,2,3,7,10000") {
            let seconds = row.fromNothing.seconds
            let share = work / Double(row.workers)
            #expect(row.fromNothing.executed == 200 && abs(row.fromNothing.workerSeconds - work) < 1e-6)
            // Graham's bounds of every plan that leaves no worker idle while something is ready.
            #expect(seconds >= max(share, path) - 1e-6 && seconds <= share + path + 1e-6, "\(row)")
            if row.workers == 1 { #expect(abs(seconds - work) < 1e-6 && row.fromNothing.boundBy == "workers") }
            if row.workers == 10000 { #expect(abs(seconds - path) < 1e-6 && row.fromNothing.boundBy == "critical path") }
        }
    }

    @Test func failuresOnlyLengthen() async throws {
        var dice = Dice(for: "a simulated season")
        let recording = Self.anyRecording(&dice)
        var before: [Row] = []
        for rate in ["0", "0.05", "0.2", "0.6"] {
            let rows = try await simulate(recording, "--episodes", "8", "--workers", "1,10000", "--failures", rate, "--repair", "3")
            for (earlier, row) in zip(before, rows) {
                #expect(row.fromNothing.failedRuns > earlier.fromNothing.failedRuns, "\(rate)")
                #expect(row.fromNothing.workerSeconds > earlier.fromNothing.workerSeconds, "\(rate)")
                let longer = row.fromNothing.seconds - earlier.fromNothing.seconds
                #expect(row.workers == 1 ? longer > 0 : longer >= 0, "\(rate), \(row.workers) workers")
            }
            // Each ends, and only once, however often it was lost.
            #expect(rows.allSatisfy { $0.fromNothing.executed == 320 })
            before = rows
        }
    }

    @Test func withASharedStoreTheSecondMachineExecutesNothing() async throws {
        var dice = Dice(for: "a simulated season")
        let recording = Self.anyRecording(&dice)
        for shape in [["--slots", "0"], ["--slots", "3"]] {
            let shared = try #require(await simulate(recording, "--episodes", "4", "--workers", "6", shape[0], shape[1]).first)
            #expect(shared.elsewhere.executed == 0 && shared.elsewhere.storeHits == 160 && shared.elsewhere.seconds < 1e-6)
            let alone = try #require(
                await simulate(recording, "--episodes", "4", "--workers", "6", shape[0], shape[1], "--no-store").first)
            #expect(alone.elsewhere.executed == 160 && alone.elsewhere.storeHits == 0)
            #expect(alone.elsewhere.seconds == alone.fromNothing.seconds && alone.elsewhere.seconds > 0)
        }
    }

    /// What is the same action in all episodes is made once where it is shared, and once a machine where it is not.
    @Test func whatAllEpisodesHaveInCommonIsMadeOnce() async throws {
        let recording = Recording(steps: [
            Step(target: "music", seconds: 1, shared: true), Step(target: "mix", seconds: 10, needs: [0]),
        ])
        let cluster = try #require(await simulate(recording, "--episodes", "6", "--workers", "2").first)
        #expect(cluster.fromNothing.executed == 7 && cluster.fromNothing.localHits == 5)
        let apart = try #require(
            await simulate(recording, "--episodes", "6", "--workers", "2", "--slots", "1", "--no-store").first)
        #expect(apart.fromNothing.executed == 8 && apart.fromNothing.localHits == 4)
    }

    @Test func aServiceIsAskedNoMoreThanItsLimitAndPaidOnce() async throws {
        let recording = Recording(steps: (0..<10).map { Step(target: "line/\($0)", seconds: 2, usd: 0.5, calls: "tts") })
        let rows = try await simulate(recording, "--episodes", "3", "--workers", "1,100", "--limit", "tts=4", "--worker-usd", "0")
        for row in rows {
            // 30 calls, four at once: eight rounds. No worker is held up by them.
            #expect(abs(row.fromNothing.seconds - 16) < 1e-6 && row.fromNothing.costUSD == 15, "\(row)")
            #expect(row.fromNothing.boundBy == "limit of tts")
            #expect(row.elsewhere.costUSD == 0)
            #expect(row.edited.executed == 3 && row.edited.costUSD == 1.5)
        }
    }

    @Test func anEditRunsWhatDependsOnItAlone() async throws {
        let lines = (0..<8).map { Step(target: "line/\($0)", seconds: 1) }
        let recording = Recording(
            steps: lines + [Step(target: "cover", seconds: 5)] + [Step(target: "mix", seconds: 3, needs: Array(0..<8))])
        let row = try #require(await simulate(recording, "--episodes", "2", "--workers", "1").first)
        #expect(row.edited.executed == 4 && abs(row.edited.seconds - 8) < 1e-6, "\(row)")
    }

    @Test func theSameSeedGivesTheSameTableAndAnotherDoesNot() async throws {
        func table(_ seed: String) async throws -> String {
            let outcome = try await Python.run("simulate", ["--episodes", "3", "--workers", "1,40", "--failures", "0.05", "--seed", seed])
            #expect(outcome.status == 0, "\(outcome)")
            return outcome.output
        }
        let first = try await table("7")
        #expect(try await table("7") == first)
        #expect(try await table("8") != first)
        #expect(first.contains("3 episodes like olivers-workshop/ep001-how-rockets-work"), "\(first)")
    }

    @Test(arguments: [
        (["--recording", "/nowhere.json"], 65, "/nowhere.json is no recording"),
        (["--service", "llm=6"], 65, "expected TOOL=SECONDS:USD:LIMIT"),
        (["--service", "lm=6:0.1:8"], 65, "no step of the recording is of the tool lm; there are cover, llm"),
        (["--failures", "1"], 2, "no share from 0 to 0.9"), (["--workers", "0"], 2, "at least 1 is needed"),
        (["--record", "/"], 65, "nothing has been built at /"),
    ])
    func whatIsWrongIsTold(_ words: [String], _ status: Int32, _ told: String) async throws {
        let outcome = try await Python.run("simulate", words)
        #expect(outcome.status == status && outcome.errors.contains(told), "\(outcome)")
    }

    /// A recording of a real episode: what it took, with what one step needs of another.
    @Test func anEpisodeOfAWorkspaceIsRecorded() async throws {
        let show = try SmallShow([
            "show/pipeline.yaml": """
                stages:
                  texts: { source: "texts/*.txt" }
                  upper:
                    tool: command
                    each: texts
                    run: [sh, -c, "sleep 0.2; tr a-z A-Z < in.txt > out.txt"]
                    inputs: { in.txt: item }
                    outputs: [out.txt]
                  joined: { tool: command, run: [sh, -c, "cat all/* > all.txt"], inputs: { all: upper }, outputs: [all.txt] }

                """, "show/ep/texts/a.txt": "one\n", "show/ep/texts/b.txt": "two\n",
        ])
        try await show.build().expect(.built, executed: 3)
        let file = "\(show.machine.directory)/recording.json"
        let outcome = try await Python.run(
            "simulate",
            [
                "--record", "\(show.machine.workspace)/\(SmallShow.episode)", "--out", file,
                "--epbuild", Program.epbuild, "--cache", show.machine.cache,
            ])
        #expect(outcome.status == 0, "\(outcome)")
        struct Found: Decodable {
            struct Step: Decodable {
                let target: String
                let seconds: Double
                let bytes: Int
                let needs: [Int]
            }
            let steps: [Step]
        }
        let steps = try JSONDecoder().decode(Found.self, from: Data(contentsOf: URL(filePath: file))).steps
        #expect(steps.map(\.target) == ["upper/a.txt", "upper/b.txt", "joined"] && steps.map(\.needs) == [[], [], [0, 1]], "\(steps)")
        #expect(steps.map(\.bytes) == [4, 4, 8] && steps.prefix(2).allSatisfy { $0.seconds >= 0.2 }, "\(steps)")
    }
}
