import Glibc

/// A point in time, in milliseconds since 1970.
public struct Moment: Hashable, Sendable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(time)
    }

    /// A file's stamp may be any: within three million years.
    init(_ time: timespec) { milliseconds = min(max(Int64(time.tv_sec), -100_000_000_000_000), 100_000_000_000_000) * 1000 + Int64(time.tv_nsec) / 1_000_000 }

    /// Reads what `iso8601` gives; nil for anything else.
    init?(iso8601 text: String) {
        let numbers = text.split { !$0.isNumber }.compactMap { Int32($0) }
        // A damaged record may name any year.
        guard numbers.count == 7, (0...9999).contains(numbers[0]) else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
        milliseconds = Int64(timegm(&parts)) * 1000 + Int64(numbers[6])
    }

    /// UTC, with milliseconds: `2026-11-21T04:08:09.120Z`. Sorts as text.
    public var iso8601: String {
        let parts = parts(gmtime_r)
        return "\(Self.date(parts))T\(Self.time(parts)).\(Self.padded(milliseconds % 1000, 3))Z"
    }

    /// As the clock on the wall shows it: `2026-11-21 05:08`.
    public var local: String {
        let parts = parts(localtime_r)
        return "\(Self.date(parts)) \(Self.time(parts).prefix(5))"
    }

    public func adding(seconds: Double) -> Moment {
        // Within a hundred thousand years, whatever a damaged record says.
        let milliseconds = Int64((min(max(seconds.isFinite ? seconds : 0, -3e12), 3e12) * 1000).rounded())
        return Moment(milliseconds: self.milliseconds + milliseconds)
    }
    public func seconds(since other: Moment) -> Double { Double(milliseconds - other.milliseconds) / 1000 }
    public static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }

    private func parts(_ convert: (UnsafePointer<time_t>, UnsafeMutablePointer<tm>) -> UnsafeMutablePointer<tm>?) -> tm {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        _ = convert(&seconds, &parts)
        return parts
    }

    private static func date(_ parts: tm) -> String { "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))" }
    private static func time(_ parts: tm) -> String { "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))" }

    private static func padded(_ number: some BinaryInteger, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
