import EpFiles

/// Times as people say them.
enum Ago {
    private static let units: [(seconds: Double, name: String)] = [(86_400, "day"), (3600, "hour"), (60, "minute")]

    /// How long that is, in its greatest unit: `3 hours`.
    static func words(_ seconds: Double) -> String {
        guard let unit = units.first(where: { seconds >= $0.seconds }) else { return "less than a minute" }
        let count = Int(min(seconds / unit.seconds, 1e6))
        return "\(count) \(unit.name)\(count == 1 ? "" : "s")"
    }

    /// A moment, told by its distance from now. Its date is there for whoever points at it.
    static func html(_ moment: Moment, _ words: String) -> HTML {
        .tag("time", ["datetime": moment.iso8601Seconds, "title": moment.iso8601Seconds], HTML(words))
    }

    /// `3 hours ago`.
    static func past(_ moment: Moment, now: Moment) -> HTML { html(moment, "\(words(now.seconds(since: moment))) ago") }
}
