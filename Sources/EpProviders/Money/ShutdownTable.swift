/// Models that their vendors are about to shut down, as they have said by 2026-11-25, at the vendors' own places.
enum ShutdownTable {
    struct Row: Sendable {
        let vendor: String
        /// The beginning of the model's name, or all of it.
        let model: String
        /// A word that is in the rest of its name; "": any.
        var word = ""
        /// The last day is the one before: `2027-01-06`.
        let day: String
    }

    static let rows: [Row] = [
        Row(vendor: "openai", model: "tts-1", day: "2027-01-06"),
        Row(vendor: "openai", model: "gpt-4o-mini-tts", day: "2027-01-06"),
        Row(vendor: "openai", model: "whisper-1", day: "2027-02-26"),
        Row(vendor: "openai", model: "gpt-4o-", word: "transcribe", day: "2027-02-26"),
        Row(vendor: "openai", model: "gpt-image-1.5", day: "2026-12-01"),
        Row(vendor: "openai", model: "gpt-image-1-mini", day: "2026-12-01"),
        Row(vendor: "gemini", model: "gemini-2.5-", word: "tts", day: "2026-12-18"),
        Row(vendor: "gemini", model: "gemini-3.1-", word: "tts", day: "2026-12-18"),
    ]

    /// Months before, people are told.
    private static let notice = 4

    /// The day on which a model ends; nil if none is known.
    static func day(of model: String, _ names: [String], at place: Endpoint.Place) -> String? {
        guard place == .usual else { return nil }
        func concerns(_ row: Row) -> Bool {
            names.contains(row.vendor) && model.hasPrefix(row.model)
                && (row.word.isEmpty || model.dropFirst(row.model.count).contains(row.word))
        }
        return rows.first(where: concerns)?.day
    }

    /// True if a day is near, or over.
    /// - Parameter today: both as `2026-12-01`.
    static func isNear(_ day: String, today: String) -> Bool {
        func months(_ day: String) -> Int {
            let parts = day.split(separator: "-").compactMap { Int($0) }
            return parts.count == 3 ? parts[0] * 12 + parts[1] : 0
        }
        return months(day) - months(today) <= notice
    }
}
