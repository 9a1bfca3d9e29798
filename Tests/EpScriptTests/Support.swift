import EpCore

@testable import EpScript

/// Parses text that is known to be UTF-8.
func parse(_ text: String) -> Script {
    do {
        return try Script(parsing: Array(text.utf8), file: "test.fountain")
    } catch {
        fatalError("\(error)")
    }
}

extension Script {
    /// The elements as `kind: text`, for comparing at a glance.
    var outline: [String] { elements.map { "\($0.kind.name): \($0.text)" } }
}

extension Element {
    func slice(of source: String) -> String { String(decoding: Array(source.utf8)[span.bytes], as: UTF8.self) }
}

/// A generator of random numbers that can be repeated (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The warnings of a script as `line: message`, but that nobody speaks.
func warnings(_ text: String, show: ShowCast = .unknown) -> [String] {
    ScriptReport(parse(text), show: show).warnings.filter { !$0.message.hasPrefix("nobody says anything") }
        .map { "\($0.location?.line ?? 0): \($0.message)" }
}

/// The lines that warnings point at.
func warnedLines(_ text: String, show: ShowCast = .unknown) -> [Int] {
    ScriptReport(parse(text), show: show).warnings.filter { !$0.message.hasPrefix("nobody says anything") }.map { $0.location?.line ?? 0 }
}
