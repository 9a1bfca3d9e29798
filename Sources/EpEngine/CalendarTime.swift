import FoundationEssentials

/// The time of day, as people and logs write it.
enum CalendarTime {
    /// Seconds since 1970.
    static func now() -> Double { Date.now.timeIntervalSince1970 }

    /// UTC, to the second (ISO 8601): `2026-11-21T04:15:00Z`.
    static func text(of seconds: Double) -> String { Date(timeIntervalSince1970: seconds).formatted(.iso8601) }

    static func seconds(of text: String) -> Double? { (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970 }
}
