import EpCore
import EpFiles
import EpHTTP

/// How long a server asks to be left alone, in every form in which servers say it.
enum ServerWait {
    /// - Parameters:
    ///   - headers: `retry-after-ms`, `Retry-After` (seconds, a date, or what gateways make of it: `1m30s`), `x-ratelimit-reset` (seconds
    ///     since 1970).
    ///   - now: seconds since 1970, for servers that do not tell their own time.
    /// - Returns: nil if it does not say, or says nonsense.
    static func of(_ headers: HTTPHeaders, now: Double) -> Duration? {
        if let wait = headers["retry-after-ms"].flatMap(number) { return .seconds(wait / 1000) }
        let there = headers["Date"].flatMap(date) ?? now
        if let text = headers["Retry-After"] {
            if let seconds = number(text) { return .seconds(seconds) }
            if let moment = date(text) { return .seconds(max(0, moment - there)) }
            if let wait = duration(text.trimmed) { return wait }
        }
        return headers["x-ratelimit-reset"].flatMap(number).flatMap { $0 > 1_000_000_000 ? .seconds(max(0, $0 - there)) : nil }
    }

    /// A duration as Google and OpenAI write it: `31s`, `1.5s`, `6m0s`, `120ms`.
    static func duration(_ text: String) -> Duration? {
        let units = ["h": 3600.0, "m": 60, "s": 1, "ms": 0.001]
        var seconds = 0.0
        var rest = text[...]
        while !rest.isEmpty {
            guard let part = rest.prefixMatch(of: /([0-9]+(?:\.[0-9]+)?)(ms|h|m|s)/), let value = Double(part.output.1),
                let unit = units[String(part.output.2)]
            else { return nil }
            seconds += value * unit
            rest = rest[part.range.upperBound...]
        }
        return text.isEmpty || seconds > 1e9 ? nil : .seconds(seconds)
    }

    private static func number(_ text: String) -> Double? {
        Double(text.trimmed).flatMap { $0.isFinite && $0 >= 0 && $0 < 1e10 ? $0 : nil }
    }

    private static func date(_ text: String) -> Double? { Moment(httpDate: text.trimmed)?.seconds }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String { String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }
}
