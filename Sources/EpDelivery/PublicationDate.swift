/// The instant at which an episode is published, as a person wrote it in ISO 8601.
public struct PublicationDate: Hashable, Sendable, Comparable {
    /// Proleptic Gregorian, 1 to 9999.
    public let year: Int
    public let month: Int
    public let day: Int
    /// Seconds since midnight.
    private let second: Int
    /// East of Greenwich.
    private let offsetMinutes: Int

    /// Reads `2026-03-01`, `2026-03-01T10:00`, `2026-03-01T10:00:00Z` or `…+01:00`. Without a time it is midnight,
    /// without an offset UTC. Nil for anything else, and for a day that is not in the calendar.
    public init?(iso8601 text: String) {
        var scanner = Scanner(rest: text.utf8[...])
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), year >= 1, (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        var second = 0
        var offset = 0
        if scanner.skip("T") || scanner.skip(" ") {
            guard let hour = scanner.number(2), hour < 24, scanner.skip(":"), let minute = scanner.number(2), minute < 60
            else { return nil }
            second = (hour * 60 + minute) * 60
            if scanner.skip(":") {
                guard let seconds = scanner.number(2), seconds < 60 else { return nil }
                second += seconds
            }
            guard let minutes = scanner.offset() else { return nil }
            offset = minutes
        }
        guard scanner.rest.isEmpty else { return nil }
        (self.year, self.month, self.day, self.second, offsetMinutes) = (year, month, day, second, offset)
    }

    /// `2026-03-01`.
    public var isoDay: String { "\(padded(Int64(year), 4))-\(padded(Int64(month)))-\(padded(Int64(day)))" }

    /// `Sun, 01 Mar 2026 10:00:00 +0000`, as RSS 2.0 wants it (RFC 822 with a year of four digits).
    public var rfc822: String {
        let time = [second / 3600, second / 60 % 60, second % 60].map { padded(Int64($0)) }.joined(separator: ":")
        let sign = offsetMinutes < 0 ? "-" : "+"
        let zone = padded(Int64(abs(offsetMinutes) / 60)) + padded(Int64(abs(offsetMinutes) % 60))
        let date = "\(padded(Int64(day))) \(Self.months[month - 1]) \(padded(Int64(year), 4))"
        return "\(Self.weekdays[weekday]), \(date) \(time) \(sign)\(zone)"
    }

    /// Seconds since 1 January 1970, UTC.
    public var secondsSince1970: Int64 { Int64(instant) - 62_135_596_800 }

    public static func < (left: PublicationDate, right: PublicationDate) -> Bool { left.instant < right.instant }

    /// Seconds since 1 January of the year 1, UTC.
    private var instant: Int { (dayNumber * 1440 - offsetMinutes) * 60 + second }

    /// Days since 1 January of the year 1, which was a Monday.
    private var dayNumber: Int {
        let past = year - 1
        let months = (1..<month).reduce(0) { $0 + Self.days(in: $1, of: year) }
        return past * 365 + past / 4 - past / 100 + past / 400 + months + day - 1
    }

    private var weekday: Int { dayNumber % 7 }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

/// Reads fixed-width numbers and marks off the front of a text.
private struct Scanner {
    var rest: Substring.UTF8View

    mutating func number(_ digits: Int) -> Int? {
        let field = rest.prefix(digits)
        guard field.count == digits, field.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return field.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// `Z`, `+01:00`, `-0530`, or nothing, which means UTC.
    mutating func offset() -> Int? {
        if rest.isEmpty || skip("Z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(2), hours < 24 else { return nil }
        _ = skip(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }
}
