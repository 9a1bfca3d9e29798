import Glibc

/// As people and records write it (RFC 3339, a profile of ISO 8601).
extension Moment {
    /// UTC, with milliseconds: `2026-11-21T04:08:09.120Z`. Sorts as text.
    public var iso8601: String { utc(".\(Self.padded(leftMilliseconds, 3))") }

    /// UTC, to the second: `2026-11-21T04:08:09Z`.
    public var iso8601Seconds: String { utc("") }

    /// As the clock on the wall shows it: `2026-11-21 05:08`.
    public var local: String {
        let parts = parts(localtime_r)
        return "\(Self.date(parts)) \(Self.time(parts).prefix(5))"
    }

    /// The day where this machine stands: `2026-11-21`.
    public var localDay: String { Self.date(parts(localtime_r)) }

    /// Reads a date and a time with any fraction of a second, in UTC (`Z`) or so far from it (`+01:00`); nil for anything else.
    public init?(iso8601 text: String) {
        var reader = TimeReader(rest: text.utf8[...])
        guard let year = reader.number(4, in: 0...9999), let month = reader.number(after: "-", in: 1...12), let day = reader.number(after: "-", in: 1...31),
            let hour = reader.number(after: "T", in: 0...23), let minute = reader.number(after: ":", in: 0...59),
            let second = reader.number(after: ":", in: 0...60), let thousandths = reader.thousandths(), let offset = reader.offset()
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec) = (year - 1900, month - 1, day, hour, minute, second)
        milliseconds = (Int64(timegm(&parts)) - Int64(offset)) * 1000 + Int64(thousandths)
    }

    private func utc(_ fraction: String) -> String {
        let parts = parts(gmtime_r)
        return "\(Self.date(parts))T\(Self.time(parts))\(fraction)Z"
    }

    private func parts(_ convert: (UnsafePointer<time_t>, UnsafeMutablePointer<tm>) -> UnsafeMutablePointer<tm>?) -> tm {
        var seconds = time_t(wholeSeconds)
        var parts = tm()
        _ = convert(&seconds, &parts)
        return parts
    }

    private static func date(_ parts: tm) -> String { "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))" }
    private static func time(_ parts: tm) -> String { "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))" }

    private static func padded(_ number: some BinaryInteger, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Takes a written moment apart, from its beginning.
private struct TimeReader {
    var rest: Substring.UTF8View

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func skip(_ mark: String) -> Bool {
        guard rest.starts(with: mark.utf8) else { return false }
        rest = rest.dropFirst(mark.utf8.count)
        return true
    }

    /// A number of just so many digits, behind a mark.
    mutating func number(_ digits: Int = 2, after mark: String = "", in range: ClosedRange<Int32>) -> Int32? {
        guard skip(mark) else { return nil }
        let found = rest.prefix(digits)
        guard found.count == digits, found.allSatisfy(Self.isDigit), let number = Int32(String(Substring(found))), range.contains(number) else { return nil }
        rest = rest[found.endIndex...]
        return number
    }

    /// Of a second; what is finer is left out. Nothing need be there.
    mutating func thousandths() -> Int32? {
        guard skip(".") else { return 0 }
        let digits = rest.prefix(while: Self.isDigit)
        rest = rest[digits.endIndex...]
        return digits.isEmpty ? nil : Int32((String(Substring(digits)) + "00").prefix(3))
    }

    /// From UTC, in seconds; nothing may follow.
    mutating func offset() -> Int32? {
        if skip("Z") || skip("z") { return rest.isEmpty ? 0 : nil }
        guard let sign: Int32 = skip("+") ? 1 : skip("-") ? -1 : nil, let hours = number(in: 0...23) else { return nil }
        if rest.isEmpty { return sign * hours * 3600 }
        guard let minutes = number(after: rest.first == UInt8(ascii: ":") ? ":" : "", in: 0...59), rest.isEmpty else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
