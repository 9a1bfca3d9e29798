public import EpCore

/// One thing that a file must meet, and what was measured.
public struct Finding: Sendable {
    public enum Result: String, Sendable {
        case pass
        /// Worth knowing, and no reason to refuse the file.
        case note
        case fail
    }

    /// Who wants it: `apple`; `file` for what every file must meet.
    public let platform: String
    /// Names the rule: `loudness`.
    public let rule: String
    public let result: Result
    /// The number, and its unit: `−18.2 LUFS`.
    public let measured: String
    public let wanted: String
    /// Where: a file, and a moment in it where there is one.
    public let place: String
    /// What to do; "" if nothing is to be done.
    public let remedy: String

    public init(_ platform: String, _ rule: String, _ result: Result, measured: String, wanted: String, place: String, remedy: String = "")
    {
        (self.platform, self.rule, self.result, self.measured) = (platform, rule, result, measured)
        (self.wanted, self.place, self.remedy) = (wanted, place, result == .pass ? "" : remedy)
    }

    public var value: Value {
        .object(
            [
                .init("platform", .string(platform)), .init("rule", .string(rule)), .init("result", .string(result.rawValue)),
                .init("measured", .string(measured)),
                .init("wanted", .string(wanted)), .init("place", .string(place)),
            ] + (remedy.isEmpty ? [] : [.init("remedy", .string(remedy))]))
    }

    /// `apple: loudness is −18.2 LUFS, wanted −16 ± 1 LUFS (episode.mp3)`
    public var sentence: String { "\(platform): \(rule) is \(measured), wanted \(wanted) (\(place))" }
}

extension [Finding] {
    /// True if nothing fails.
    public var pass: Bool { !contains { $0.result == .fail } }

    /// The results file: `{ passed, findings: […] }`.
    public var value: Value {
        [
            "passed": .bool(pass), "failed": .int(Int64(filter { $0.result == .fail }.count)),
            "findings": .list(map(\.value)),
        ]
    }
}
