public import EpPlan

/// What models cost, as far as anybody has written it down: a table of a day, and over it what the workspace says.
public struct PriceTable: Sendable {
    private let own: [PriceRow]

    /// - Parameter own: the workspace's; they go before those that ship.
    public init(_ own: [PriceRow] = []) { self.own = own }

    /// - Parameters:
    ///   - names: the provider's vendor and other names under which prices may stand.
    ///   - day: in UTC, `2026-12-01`.
    ///   - place: where it is asked: what ships is known of the vendor's own place, and this machine costs nothing as far as nobody says
    ///     otherwise.
    /// - Returns: nil if nobody knows.
    func price(of model: String, _ names: [String], on day: String, at place: Endpoint.Place) -> Price? {
        for rows in [own, place == .usual ? Self.shipped : []] {
            let rows = rows.filter { names.contains($0.vendor) && $0.validFrom <= day }
            if rows.isEmpty { continue }
            for name in [model, Self.withoutDate(model), "*"] {
                if let newest = rows.filter({ $0.model == name }).max(by: { $0.validFrom < $1.validFrom }) { return newest.price }
            }
        }
        return place == .local ? .free : nil
    }

    /// Models are also named with the day of their making: `gpt-6-luna-2026-09-01`, `claude-haiku-5-5-20261001`.
    private static func withoutDate(_ model: String) -> String {
        // Each line of a script asks: a regular expression, which is compiled at each use, would take most of the time.
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let date = ["-20dd-dd-dd", "-20dddddd"].first { form in
            let end = model.utf8.suffix(form.utf8.count)
            return end.count == form.utf8.count
                && zip(end, form.utf8).allSatisfy { $1 == UInt8(ascii: "d") ? digits.contains($0) : $0 == $1 }
        }
        return date.map { String(decoding: model.utf8.dropLast($0.utf8.count), as: UTF8.self) } ?? model
    }

    /// Of 2026-11-25, in US dollars for a million: litellm's table 1.108.7 and the vendors' own pages.
    static let shipped: [PriceRow] = {
        let rows: [(String, String, Price)] = [
            ("openai", "gpt-6-luna", Price(.tokens, 0.10, 0.50, cached: 0.01, cacheWrite: 0.125)),
            ("openai", "gpt-6.1-terra", Price(.tokens, 1, 5, cached: 0.05, cacheWrite: 1.25)),
            ("openai", "tts-1", Price(.characters, 15)),
            ("openai", "whisper-1", Price(.seconds, 0.006 / 60 * 1_000_000)),
            ("openai", "gpt-transcribe", Price(.seconds, 0.0045 / 60 * 1_000_000)),
            ("openai", "gpt-image-2.5-flare", Price(.tokens, 5, 30)),
            ("anthropic", "claude-haiku-5-5", Price(.tokens, 0.10, 0.50, cached: 0.01, cacheWrite: 0.125, above: 100_000, times: 5)),
            ("anthropic", "claude-sonnet-5-5", Price(.tokens, 2, 10, cached: 0.10, cacheWrite: 2.50)),
            ("anthropic", "claude-opus-5-5", Price(.tokens, 4, 20, cached: 0.20, cacheWrite: 5)),
            ("gemini", "gemini-3.8-flash", Price(.tokens, 0.75, 3.75, cached: 0.075)),
            ("gemini", "gemini-4-argon", Price(.tokens, 2, 10)),
            ("gemini", "gemini-3.8-flash-tts", Price(.tokens, 0.50, 9)),
            ("gemini", "gemini-3.8-flash-lite-tts", Price(.tokens, 0.50, 6)),
            ("elevenlabs", "eleven_v4", Price(.characters, 80)),
            ("elevenlabs", "scribe_v2", Price(.seconds, 0.0037 / 60 * 1_000_000)),
            ("groq", "orpheus", Price(.characters, 22)),
            ("groq", "whisper-large-v3-turbo", Price(.seconds, 0.00067 / 60 * 1_000_000)),
        ]
        return rows.map { PriceRow($0, $1, $2, validFrom: "2026-11-25") } + [
            PriceRow("gemini", "gemini-4-argon", Price(.tokens, 4, 20), validFrom: "2026-12-01")
        ]
    }()
}
