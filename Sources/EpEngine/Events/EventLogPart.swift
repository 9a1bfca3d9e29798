import EpFiles

/// A file of `.epbuild/events/`: a month's events, or the continuation of a month that has many. In the order in which they were written.
public struct EventLogPart: Hashable, Comparable, Sendable {
    /// `2026-11`, in UTC.
    let month: String
    /// From 1.
    let number: Int

    init(_ month: String, _ number: Int = 1) { (self.month, self.number) = (month, number) }

    /// Nil for a file that is none: it is somebody else's.
    init?(name: String) {
        // Every build asks this, and a regular expression takes longer to be made than the build's other events to be written.
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), Self.isMonth(parts[0]), let number = parts.count == 3 ? Int(parts[1]) : 1,
            (1..<1_000_000_000).contains(number)
        else { return nil }
        self.init(String(parts[0]), number)
        // Neither `2026-11.1.jsonl` nor `2026-11.02.jsonl`.
        if self.name != name { return nil }
    }

    private static func isMonth(_ text: Substring) -> Bool {
        let digits = Array(text.utf8)
        return digits.count == 7 && digits.enumerated().allSatisfy { $0 == 4 ? $1 == UInt8(ascii: "-") : (0x30...0x39).contains($1) }
    }

    /// `2026-11.jsonl`, and then `2026-11.2.jsonl`.
    public var name: String { number == 1 ? "\(month).jsonl" : "\(month).\(number).jsonl" }

    var next: EventLogPart { EventLogPart(month, number + 1) }

    public static func < (left: EventLogPart, right: EventLogPart) -> Bool { (left.month, left.number) < (right.month, right.number) }

    /// All that there are, oldest first.
    /// - Parameter directory: `.epbuild/events`.
    public static func all(in directory: String) -> [EventLogPart] { Directory.names(directory).compactMap(EventLogPart.init).sorted() }
}
