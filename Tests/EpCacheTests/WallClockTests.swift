import EpCore
import Glibc
import Testing

@testable import EpCache

/// Clocks are wrong, and stamps are damaged: no moment is too far away.
@Suite struct WallClockTests {
    @Test func whatIsTooFarAwayIsTheFirstOrTheLastMoment() {
        let moments: [(Int, Int64)] = [
            (0, 0), (-1, -1_000_000_000), (9_223_372_036, 9_223_372_036_000_000_000), (9_223_372_037, .max), (10_413_792_000, .max),
            (-9_223_372_037, .min), (.max, .max), (.min, .min),
        ]
        for (seconds, nanoseconds) in moments { #expect(WallClock.nanoseconds(timespec(tv_sec: seconds, tv_nsec: 0)) == nanoseconds, "\(seconds)") }
        #expect(WallClock.nanoseconds(timespec(tv_sec: 9_223_372_036, tv_nsec: 999_999_999)) == .max)
    }

    @Test func lengthsOfTimeHaveNoBound() {
        #expect(WallClock.nanoseconds(from: .min, to: .max) == .max && WallClock.nanoseconds(from: .max, to: .min) == .min)
        #expect(WallClock.nanoseconds(from: 3, to: 10) == 7)
        #expect(WallClock.moment(.seconds(2), before: 5_000_000_000) == 3_000_000_000)
        #expect(WallClock.moment(.seconds(Int64.max), before: 5) == 5 - .max && WallClock.moment(.seconds(Int64.min), before: 5) == .max)
    }

    @Test(arguments: [10_413_792_000, 60_000_000_000, -11_676_096_000, -60_000_000_000, -1]) func aCacheKeepsWhatIsStampedSo(_ seconds: Int) async throws {
        let test = try await TrimmingTests.tenActions()
        let path = test.entryPath(action("5"))
        let stamp = timespec(tv_sec: seconds, tv_nsec: 1)
        // A file system that cannot store it stores what is nearest.
        #expect(utimensat(AT_FDCWD, path, [stamp, stamp], 0) == 0)
        #expect(FileStatus(path) != nil)
        #expect(test.cache.lookup(action("5"), requiring: ["x"]) != .miss)
        _ = try test.cache.gc(maxBytes: 1 << 40, olderThan: .seconds(Int64.max))
        #expect(test.cache.info().entries == 10)
    }
}
