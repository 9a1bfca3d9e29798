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
        guard let parts = name.wholeMatch(of: /([0-9]{4}-[0-9]{2})(?:\.([1-9][0-9]{0,8}))?\.jsonl/)?.output else { return nil }
        self.init(String(parts.1), parts.2.flatMap { Int($0) } ?? 1)
        if self.name != name { return nil }
    }

    /// `2026-11.jsonl`, and then `2026-11.2.jsonl`.
    public var name: String { number == 1 ? "\(month).jsonl" : "\(month).\(number).jsonl" }

    var next: EventLogPart { EventLogPart(month, number + 1) }

    public static func < (left: EventLogPart, right: EventLogPart) -> Bool { (left.month, left.number) < (right.month, right.number) }

    /// All that there are, oldest first.
    /// - Parameter directory: `.epbuild/events`.
    public static func all(in directory: String) -> [EventLogPart] { Directory.names(directory).compactMap(EventLogPart.init).sorted() }
}
