public import EpCore
public import EpFiles

/// When something is to be done again and again: five fields as `crontab` has them, in UTC. A value.
///
/// Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday): `*`, numbers, `a-b`, `*/n`, `a-b/n`, and lists of these.
/// Where both days are named, either will do, as POSIX has it.
public struct Times: Sendable, Equatable {
    public let text: String
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    /// True if both are named.
    private let isEitherDay: Bool

    /// - Throws: `Diagnostic` (usage) with what is expected.
    public init(_ text: String) throws(Diagnostic) {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else { throw Self.problem(text, "five fields are expected") }
        self.text = fields.joined(separator: " ")
        minutes = try Self.numbers(fields[0], 0...59)
        hours = try Self.numbers(fields[1], 0...23)
        days = try Self.numbers(fields[2], 1...31)
        months = try Self.numbers(fields[3], 1...12)
        weekdays = Set(try Self.numbers(fields[4], 0...7).map { $0 % 7 })
        isEitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard next(after: Moment(milliseconds: 0)) != nil else { throw Self.problem(text, "there is no such day") }
    }

    /// The first such minute after a moment; nil if there is none within eight years.
    public func next(after moment: Moment) -> Moment? {
        let first = moment.wholeSeconds / 60 + 1
        let today = first / Self.minutesADay
        for day in today...today + 8 * 366 where isDay(day) {
            let start = day * Self.minutesADay
            for minute in 0..<Self.minutesADay
            where start + minute >= first && hours.contains(Int(minute / 60)) && minutes.contains(Int(minute % 60)) {
                return Moment(milliseconds: (start + minute) * 60_000)
            }
        }
        return nil
    }

    private static let minutesADay: Int64 = 1440

    /// - Parameter number: of days since 1970.
    private func isDay(_ number: Int64) -> Bool {
        let (month, day) = Self.date(number)
        guard months.contains(month) else { return false }
        // 1 January 1970 was a Thursday.
        let (isDay, isWeekday) = (days.contains(day), weekdays.contains(Int((number + 4) % 7)))
        return isEitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    /// The proleptic Gregorian calendar, in eras of 400 years that begin on 1 March.
    private static func date(_ number: Int64) -> (month: Int, day: Int) {
        let ofEra = (number + 719_468) % 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        return (Int(month < 10 ? month + 3 : month - 9), Int(ofYear - (153 * month + 2) / 5 + 1))
    }

    private static func numbers(_ field: Substring, _ range: ClosedRange<Int>) throws(Diagnostic) -> Set<Int> {
        var found: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = words.first, words.count <= 2 else {
                throw problem(field, "a number from \(range.lowerBound) to \(range.upperBound) is expected")
            }
            let step = words.count == 2 ? Int(words[1]) : 1
            let bounds =
                first == "*"
                ? [range.lowerBound, range.upperBound] : first.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
            guard let step, step > 0, (1...2).contains(bounds.count), bounds.allSatisfy(range.contains),
                bounds[0] <= bounds[bounds.count - 1]
            else {
                throw problem(field, "a number from \(range.lowerBound) to \(range.upperBound) is expected")
            }
            found.formUnion(
                stride(
                    from: bounds[0], through: words.count == 2 && bounds.count == 1 ? range.upperBound : bounds[bounds.count - 1], by: step)
            )
        }
        return found
    }

    private static func problem(_ text: some StringProtocol, _ what: String) -> Diagnostic {
        Diagnostic(
            .usage, "\"\(text)\" tells no times: \(what)",
            remedy: "write minute, hour, day, month and weekday in UTC: 0 6 * * * is each day at six")
    }
}
