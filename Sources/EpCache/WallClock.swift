import Glibc

/// The clock that files are stamped with.
public enum WallClock {
    /// Time stamps come from a clock that ticks every 4 ms, or 10 on some kernels.
    public static let tickMicroseconds: UInt32 = 10_000

    /// Nanoseconds since 1970.
    static var now: Int64 { read(CLOCK_REALTIME) }

    /// The same as of the last tick: what a file that is written now is stamped with.
    static var coarseNow: Int64 { read(CLOCK_REALTIME_COARSE) }

    static func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return nanoseconds(time)
    }
}
