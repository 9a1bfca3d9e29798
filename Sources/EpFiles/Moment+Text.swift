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
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, [4, 7, 10, 13, 16].map({ bytes[$0] }).elementsEqual("--T::".utf8) else { return nil }
        let numbers = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19].compactMap { Self.number(bytes[$0]) }
        let bounds = [0...9999, 1...12, 1...31, 0...23, 0...59, 0...60]
        guard numbers.count == 6, zip(bounds, numbers).allSatisfy({ $0.contains(Int($1)) }) else { return nil }
        var rest = bytes[19...]
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix { Self.number([$0]) != nil }
            if fraction.isEmpty { return nil }
            rest = rest[fraction.endIndex...]
        }
        guard let thousandths = Self.number((fraction + "000".utf8).prefix(3)), let offset = Self.offset(rest) else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
        milliseconds = (Int64(timegm(&parts)) - Int64(offset)) * 1000 + Int64(thousandths)
    }

    /// Reads a date as HTTP writes it (RFC 9110, 5.6.7): `Wed, 21 Oct 2026 07:28:00 GMT`; nil for anything else.
    public init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard
            let parts = text.wholeMatch(of: /[A-Za-z]{3}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) GMT/)?.output,
            let month = months.firstIndex(of: String(parts.2))
        else { return nil }
        self.init(iso8601: "\(parts.3)-\(Self.padded(Int64(month + 1), 2))-\(parts.1)T\(parts.4)Z")
    }

    /// Nil if they are not digits alone.
    private static func number(_ digits: some Sequence<UInt8>) -> Int32? {
        digits.reduce(0) { sum, byte in sum.flatMap { (48...57).contains(byte) ? $0 * 10 + Int32(byte) - 48 : nil } }
    }

    /// Seconds from UTC.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int32? {
        if text.elementsEqual("Z".utf8) || text.elementsEqual("z".utf8) { return 0 }
        guard let first = text.first, "+-".utf8.contains(first) else { return nil }
        let rest = Array(text.dropFirst())
        let digits = rest.count == 5 && rest[2] == UInt8(ascii: ":") ? rest[..<2] + rest[3...] : rest[...]
        guard digits.count == 2 || digits.count == 4, let hours = number(digits.prefix(2)), let minutes = number(digits.dropFirst(2)),
            hours < 24, minutes < 60
        else { return nil }
        return (first == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
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

    private static func date(_ parts: tm) -> String {
        "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
    }
    private static func time(_ parts: tm) -> String { "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))" }

    private static func padded(_ number: some BinaryInteger, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
