import FoundationEssentials

/// The time of day, as people and logs write it.
enum CalendarTime {
    /// Seconds since 1970.
    static func now() -> Double { Date.now.timeIntervalSince1970 }

    /// UTC, to the second (ISO 8601): `2026-11-21T04:15:00Z`.
    static func text(of seconds: Double) -> String { Date(timeIntervalSince1970: seconds).formatted(.iso8601) }

    /// The same, with milliseconds (RFC 3339): `2026-11-21T04:15:00.250Z`.
    static func precise(_ seconds: Double) -> String {
        let milliseconds = String(Int64((seconds * 1000).rounded(.down)) % 1000)
        return "\(text(of: seconds.rounded(.down)).dropLast()).\(String(repeating: "0", count: 3 - milliseconds.count))\(milliseconds)Z"
    }

    static func seconds(of text: String) -> Double? { (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970 }
}
