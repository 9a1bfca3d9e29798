/// Reads server-sent events out of the pieces of a response (WHATWG HTML, 9.2.6). A value without I/O.
///
/// An event that is not ended by an empty line is no event: a stream that breaks off has none more.
public struct EventStream: Sendable {
    public struct Event: Sendable, Hashable {
        /// "message" if the server gave none.
        public let name: String
        public let data: String

        public init(name: String = "message", data: String) {
            self.name = name
            self.data = data
        }
    }

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    /// A line feed behind a carriage return belongs to it.
    private var isBehindReturn = false
    private var isAtStart = true

    public init() {}

    /// Takes in what has arrived.
    /// - Returns: the events that are whole by now.
    public mutating func read(_ piece: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in piece {
            let isLineFeed = byte == UInt8(ascii: "\n")
            defer { isBehindReturn = byte == UInt8(ascii: "\r") }
            if isLineFeed, isBehindReturn { continue }
            guard isLineFeed || byte == UInt8(ascii: "\r") else {
                line.append(byte)
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isAtStart = false
        guard !line.isEmpty else { return endEvent() }
        let text = String(decoding: line, as: UTF8.self)
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? String(parts[1].hasPrefix(" ") ? parts[1].dropFirst() : parts[1]) : ""
        switch parts[0] {
        case "event": name = value
        case "data": data.append(value)
        default: break  // a comment, an id, or a field that nobody needs
        }
        return nil
    }

    private mutating func endEvent() -> Event? {
        defer { (name, data) = ("", []) }
        guard !data.isEmpty else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
    }
}
