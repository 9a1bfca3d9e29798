import EpCore
import Glibc

/// The clock that files are stamped with.
public enum FileClock {
    /// Time stamps come from a clock that ticks every 4 ms, or 10 on some kernels.
    public static let tickMicroseconds: UInt32 = 10_000

    /// Nanoseconds since 1970.
    public static var now: Int64 { read(CLOCK_REALTIME) }

    /// The same as of the last tick: what a file that is written now is stamped with.
    static var coarseNow: Int64 { read(CLOCK_REALTIME_COARSE) }

    /// A recorder's clock may be wrong, and a file system's stamp damaged: what lies before September 1677 or after April 2262
    /// counts as the first or the last moment that nanoseconds can tell.
    static func nanoseconds(_ time: timespec) -> Int64 {
        let (seconds, isFar) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isFarther) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
        return isFar || isFarther ? (time.tv_sec < 0 ? .min : .max) : sum
    }

    /// Nanoseconds from one moment to another, as far as they can be told.
    static func nanoseconds(from start: Int64, to end: Int64) -> Int64 {
        let (difference, isFar) = end.subtractingReportingOverflow(start)
        return isFar ? (start > end ? .min : .max) : difference
    }

    /// The moment so long before another, as far as that can be told.
    public static func moment(_ duration: Duration, before time: Int64) -> Int64 {
        let (nanoseconds, isFar) = duration.microseconds.multipliedReportingOverflow(by: 1000)
        return self.nanoseconds(from: isFar ? (duration < .zero ? .min : .max) : nanoseconds, to: time)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return nanoseconds(time)
    }
}
