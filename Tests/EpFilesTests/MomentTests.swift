import Glibc
import Testing

@testable import EpFiles

@Suite struct MomentTests {
    @Test func momentsSortAsTextAndComeBack() {
        let moment = Moment(milliseconds: 1_763_697_600_042)
        #expect(Moment(iso8601: moment.iso8601) == moment)
        #expect(moment.iso8601 == "2025-11-21T04:00:00.042Z" && moment.iso8601Seconds == "2025-11-21T04:00:00Z")
        #expect(moment.iso8601 < moment.adding(seconds: 0.001).iso8601)
        #expect(moment.wholeSeconds == 1_763_697_600 && moment.seconds(since: Moment(milliseconds: 1_763_697_600_000)) == 0.042)
    }

    @Test(arguments: [
        (-1, "1969-12-31T23:59:59.999Z"), (-1000, "1969-12-31T23:59:59.000Z"), (0, "1970-01-01T00:00:00.000Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func whatWasBefore1970IsToldToo(_ milliseconds: Int64, _ text: String) {
        #expect(Moment(milliseconds: milliseconds).iso8601 == text)
        #expect(Moment(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        ("2026-11-21T04:15:00Z", 1_795_234_500_000), ("2026-11-21T04:15:00.1Z", 1_795_234_500_100),
        ("2026-11-21T04:15:00.123987Z", 1_795_234_500_123),
        ("2026-11-21T05:15:00+01:00", 1_795_234_500_000), ("2026-11-21T05:15:00+0100", 1_795_234_500_000),
        ("2026-11-20T22:45:00-05:30", 1_795_234_500_000),
        ("2026-11-21T05:15:00+01", 1_795_234_500_000), ("2026-11-21T04:15:00z", 1_795_234_500_000),
        ("2024-02-29T23:59:60Z", 1_709_251_200_000),
    ])
    func everyFormOfTheStandardIsRead(_ text: String, _ milliseconds: Int64) {
        #expect(Moment(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026-11-21", "2026-11-21T04:15Z", "2026-11-21T04:15:00", "2026-11-21 04:15:00Z", "2026-13-21T04:15:00Z",
        "2026-11-32T04:15:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T04:60:00Z", "2026-11-21T04:15:00.Z", "2026-11-21T04:15:00Z.", "2026-11-21T04:15:00+1", "2026-11-21T04:15:00+24:00",
        "26-11-21T04:15:00Z", "12026-11-21T04:15:00Z",
        "2026-11-21T04:15:00+01:0", "2026-11-21T+4:15:00Z", "２026-11-21T04:15:00Z",
    ])
    func anythingElseIsNone(_ text: String) { #expect(Moment(iso8601: text) == nil) }

    @Test func noDistanceIsTooFar() {
        let moment = Moment(milliseconds: 0)
        #expect(moment.adding(seconds: .infinity) == moment && moment.adding(seconds: .nan) == moment)
        #expect(moment.adding(seconds: 1e300).milliseconds == 3_000_000_000_000_000)
        #expect(Moment(nanoseconds: .max).iso8601.hasPrefix("2262-04-11") && Moment(nanoseconds: .min).iso8601.hasPrefix("1677-09-21"))
    }

    @Test func theLocalFormIsThatOfTheWall() {
        let moment = Moment.now
        var (seconds, parts) = (time_t(moment.wholeSeconds), tm())
        localtime_r(&seconds, &parts)
        #expect(moment.local.hasPrefix(moment.localDay + " ") && moment.local.utf8.count == 16)
        #expect(moment.local.hasSuffix(":" + (parts.tm_min < 10 ? "0" : "") + "\(parts.tm_min)"))
    }

    /// Whoever is given a clock asks that one.
    @Test func aClockCanBeAnyOther() {
        let clock = WallClock { Moment(milliseconds: 5) }
        #expect(clock.now().milliseconds == 5)
        let before = Moment.now
        #expect(WallClock.system.now() >= before && before.milliseconds > 1_700_000_000_000)
    }
}

/// Clocks are wrong, and stamps are damaged: no moment is too far away.
@Suite struct FileClockTests {
    @Test func whatIsTooFarAwayIsTheFirstOrTheLastMoment() {
        let moments: [(Int, Int64)] = [
            (0, 0), (-1, -1_000_000_000), (9_223_372_036, 9_223_372_036_000_000_000), (9_223_372_037, .max), (10_413_792_000, .max),
            (-9_223_372_037, .min), (.max, .max), (.min, .min),
        ]
        for (seconds, nanoseconds) in moments {
            #expect(FileClock.nanoseconds(timespec(tv_sec: seconds, tv_nsec: 0)) == nanoseconds, "\(seconds)")
        }
        #expect(FileClock.nanoseconds(timespec(tv_sec: 9_223_372_036, tv_nsec: 999_999_999)) == .max)
    }

    @Test func lengthsOfTimeHaveNoBound() {
        #expect(FileClock.nanoseconds(from: .min, to: .max) == .max && FileClock.nanoseconds(from: .max, to: .min) == .min)
        #expect(FileClock.nanoseconds(from: 3, to: 10) == 7)
        #expect(FileClock.moment(.seconds(2), before: 5_000_000_000) == 3_000_000_000)
        #expect(FileClock.moment(.seconds(Int64.max), before: 5) == 5 - .max && FileClock.moment(.seconds(Int64.min), before: 5) == .max)
    }
}
