import EpFiles

/// A `Moment` as seconds since 1970, for those who count with them.
enum CalendarTime {
    static func now() -> Double { Moment.now.seconds }

    /// UTC, to the second (ISO 8601): `2026-11-21T04:15:00Z`.
    static func text(of seconds: Double) -> String { Moment(seconds: seconds).iso8601Seconds }

    static func seconds(of text: String) -> Double? { Moment(iso8601: text)?.seconds }
}
