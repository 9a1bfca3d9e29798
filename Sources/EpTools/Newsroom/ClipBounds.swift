import EpCore
import EpPlan

/// Where a clip begins and ends in its recording, as `clips.yaml` says it.
struct ClipBounds: Hashable {
    /// In seconds.
    let start: Double
    let end: Double

    var seconds: Double { end - start }

    /// Shorter ones are slips.
    private static let shortest = 0.2
    /// Whoever leaves a breath behind the last word may go so far beyond the end; the clip ends with the recording.
    private static let tolerance = 0.5

    /// - Parameter element: with `start_seconds` and `end_seconds`, or `start` and `end` as a clock shows them.
    /// - Throws: `Diagnostic` at the element.
    init(_ element: Element, named name: String) throws(Diagnostic) {
        let start = try Self.moment("start", of: element, name)
        let end = try Self.moment("end", of: element, name)
        guard end - start >= Self.shortest else {
            throw Diagnostic(
                .badInput, "clip \"\(name)\" ends at \(Self.clock(end)), and begins at \(Self.clock(start))", at: element.location,
                remedy: "let it end after it begins, by \(Self.shortest) s at least")
        }
        (self.start, self.end) = (start, end)
    }

    private init(start: Double, end: Double) { (self.start, self.end) = (start, end) }

    private static func moment(_ key: String, of element: Element, _ name: String) throws(Diagnostic) -> Double {
        func problem(_ what: String) -> Diagnostic {
            Diagnostic(
                .badInput, "clip \"\(name)\" \(what)", at: element.location, remedy: "write `\(key)_seconds: 83.5`, or `\(key): \"1:23.5\"`"
            )
        }
        let clock = element.value[key], plain = element.value["\(key)_seconds"]
        if clock != nil, plain != nil { throw problem("has both `\(key)` and `\(key)_seconds`") }
        guard let value = clock ?? plain else { throw problem("has no `\(key)`") }
        guard let seconds = value.number ?? value.letters.flatMap(seconds(ofClock:)), seconds.isFinite, seconds >= 0 else {
            throw problem("has no moment as its `\(key)`, but \(value.letters.map { "\"\($0)\"" } ?? value.json())")
        }
        return seconds
    }

    /// `1:23.5` or `1:02:03`.
    static func seconds(ofClock text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.dropLast().allSatisfy(isWhole),
            let last = parts.last?.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false), last.allSatisfy(isWhole)
        else { return nil }
        var total = 0.0
        for (index, part) in parts.enumerated() {
            guard let number = Double(part), index == 0 || number < 60 else { return nil }
            total = total * 60 + number
        }
        return total
    }

    /// Digits alone: to a `Double`, `0x1` and `1e9` are numbers, too.
    private static func isWhole(_ digits: Substring) -> Bool { !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) } }

    /// In seconds. Whatever is longer is shown as this: a person may write any number, and not every number is one of tenths.
    private static let longestClock = 1e16

    /// `1:23.5`, as a person writes it.
    static func clock(_ seconds: Double) -> String {
        let tenths = Int((min(seconds, longestClock) * 10).rounded())
        let (minutes, rest) = (tenths / 600, tenths % 600)
        let text = rest % 10 == 0 ? "\(rest / 10)" : "\(rest / 10).\(rest % 10)"
        return "\(minutes):\(rest < 100 ? "0" : "")\(text)"
    }

    /// - Parameter length: of the recording, in seconds.
    /// - Throws: `Diagnostic` at the element if it lies outside.
    func within(_ length: Double, _ element: Element, named name: String, of recording: String) throws(Diagnostic) -> ClipBounds {
        guard start < length, end <= length + Self.tolerance else {
            let edge = start < length ? "ends at \(Self.clock(end))" : "begins at \(Self.clock(start))"
            throw Diagnostic(
                .badInput, "clip \"\(name)\" \(edge), and \(recording) is \(Self.clock(length)) long", at: element.location,
                remedy: "give it bounds within the recording, or take it out of the list")
        }
        return ClipBounds(start: start, end: min(end, length))
    }
}
