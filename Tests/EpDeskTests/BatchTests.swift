import EpCore
import Testing

@testable import EpDesk
@testable import EpEngine

/// Episodes that are built beside each other.
@Suite struct BatchTests {
    private func place(_ show: String, _ name: String) -> EpisodePlace {
        EpisodePlace(directory: "/w/\(show)/\(name)", show: "/w/\(show)", workspace: "/w", isShow: false)
    }

    /// In whatever order builds end: as many go on as there is room for, and who listens waits for those before it in its show.
    @Test(arguments: Array(1...30).map(UInt64.init) + [.random(in: 0 ... .max)])
    func theOrderOfEndsDecidesNothing(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        let places = (0..<12).map { place(["a", "b", "c"][$0 % 3], String($0)) }
        let listening = Set(places.filter { $0.show != "/w/b" })
        let width = Int.random(in: 1...5, using: &dice)
        var schedule = BatchSchedule(places, width: width)
        var (running, ended): ([EpisodePlace], [EpisodePlace]) = ([], [])
        while ended.count < places.count {
            while let next = schedule.next(listens: listening.contains) {
                running.append(next)
                #expect(running.count <= width)
                guard listening.contains(next) else { continue }
                for earlier in places.prefix(while: { $0 != next }) where earlier.show == next.show {
                    #expect(ended.contains(earlier), "seed \(seed)")
                }
            }
            guard !running.isEmpty else {
                Issue.record("nothing goes on: seed \(seed)")
                return
            }
            let end = running.remove(at: Int.random(in: 0..<running.count, using: &dice))
            schedule.end(end)
            ended.append(end)
        }
        #expect(Set(ended) == Set(places))
    }

    @Test func reportsAreToldInTheirOrder() async throws {
        let names = (1...12).map { "episode\($0 < 10 ? "0" : "")\($0)" }
        let show = try TestShow("  a: { tool: echo, say: x }\n  b: { tool: echo, say: y, from: [a] }\n", episodes: names)
        var told: [String] = []
        var options = BuildOptions()
        options.jobs = 2
        let status = try await show.desk().build(names.map(show.place), options) { report, place in
            if !place.isShow { told.append("\(report.episode) \(report.outcome.rawValue)") }
        }
        #expect(told == names.map { "w/show/\($0) built" })
        #expect(status == .success)
    }

    @Test func severalBuildsAreOnePicture() throws {
        var batch = BatchProgress(count: 3)
        #expect(batch.shown.episode == "0 of 3 built" && !batch.isRunning)
        var one = BuildProgress(episode: "one")
        one.plan([(StageName("a"), 4, true), (StageName("b"), 1, true)])
        one.finish(Target(stage: StageName("a")), "", isExecuted: true, seconds: 2, cost: Cost(usd: 1))
        one.start(Target(stage: StageName("a"), item: "2"), "", at: 3)
        var two = BuildProgress(episode: "two")
        two.plan([(StageName("a"), 2, true), (StageName("c"), 5, false)])
        two.fail(Target(stage: StageName("a")), "")
        let both = BuildProgress(of: [one, two], called: "both", isWhole: true)
        #expect(both.stages.map(\.name.text) == ["a", "b", "c"] && both.stages.map(\.total) == [6, 1, 5])
        #expect(both.stages[0].finished == 1 && both.stages[0].failed == 1 && both.stages[0].isComplete && !both.stages[2].isComplete)
        #expect(both.running.count == 1 && both.cost == Cost(usd: 1) && both.failed == 1)
        #expect(BuildProgress(of: [one], called: "one of two", isWhole: false).stages.allSatisfy { !$0.isComplete })
        batch = BatchProgress()
        #expect(batch.shown.episode == "")
    }
}

/// A reproducible source of chance (SplitMix64).
private struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
