import EpEngine
import EpFiles
import Synchronization
import Testing

@testable import ServerCore

/// What was found holds as long as nothing has happened, and not a moment longer.
@Suite final class MemoryTests: Sendable {
    /// A clock that goes on when the test says so.
    private final class Hands: Sendable {
        private let time = Mutex(ContinuousClock.now)

        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func go(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    private let hands = Hands()
    private let memory: EpisodeMemory<Int>
    private let looks = Mutex(0)
    private let entry: Catalog.Entry
    private static let quiet = EpisodeMoment(files: 1, cache: 1, steps: 5, turns: 2, isSettled: true, lastTurn: nil)

    init() throws {
        memory = EpisodeMemory { [hands] in hands.now }
        let directory = "/tmp/epbuild-memory-\(UInt64.random(in: 0...UInt64.max))"
        defer { Directory.removeTree(directory) }
        try Files.makeDirectory("\(directory)/show/a")
        for file in ["epbuild.yaml", "show/show.yaml", "show/a/episode.yaml"] {
            try Files.replace("\(directory)/\(file)", with: Array("title: x\n".utf8))
        }
        entry = try #require(Catalog(try Discovery.episodes(at: directory, from: "/")).episodes.first)
    }

    /// - Returns: which look this is of.
    private func look(at moment: EpisodeMoment, takes: Duration = .zero) async -> Int? {
        await memory.views(of: [entry], at: [entry.name: moment]) { entries in
            hands.go(takes)
            return looks.withLock { looks in
                looks += 1
                return entries.map { _ in looks }
            }
        }.first
    }

    @Test func whatHasNotChangedIsLookedAtOnce() async {
        #expect(await look(at: Self.quiet) == 1)
        #expect(await look(at: Self.quiet) == 1)
        var moment = Self.quiet
        moment.cache = 2
        #expect(await look(at: moment) == 1, "another episode's results may have come")
    }

    @Test func whatHasChangedIsLookedAtAgain() async {
        #expect(await look(at: Self.quiet, takes: .milliseconds(50)) == 1)
        var moment = Self.quiet
        moment.files += 1
        #expect(await look(at: moment, takes: .milliseconds(50)) == 2)
        moment.turns += 1
        #expect(await look(at: moment) == 3)
    }

    /// A look that took long holds for a while though steps go on; one that took no time does not.
    @Test func stepsOfABuildDoNotMakeEachAskerLook() async {
        #expect(await look(at: Self.quiet, takes: .milliseconds(50)) == 1)
        var moment = Self.quiet
        moment.steps += 1
        #expect(await look(at: moment) == 1)
        hands.go(.milliseconds(949))
        #expect(await look(at: moment) == 1)
        hands.go(.milliseconds(2))
        #expect(await look(at: moment) == 2)
    }

    /// Right after something else than a step the history may not know of it yet: then all who ask look.
    @Test func rightAfterATurnNothingHolds() async {
        var moment = Self.quiet
        (moment.isSettled, moment.lastTurn) = (false, hands.now)
        #expect(await look(at: moment, takes: .milliseconds(50)) == 1)
        #expect(await look(at: moment) == 2)
    }

    /// What somebody has just seen is given to whoever asks.
    @Test(arguments: [(100, 40), (1250, 500), (50_000, 500)]) func aLookIsShared(_ cost: Int, _ holds: Int) {
        let look = EpisodeWatch.Look(sight: 1, time: .now, cost: .microseconds(cost))
        #expect(look.holds(at: look.time + .milliseconds(holds - 1)))
        #expect(!look.holds(at: look.time + .milliseconds(holds)))
    }
}
