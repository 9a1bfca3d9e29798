import EpCore
import EpEngine

/// Frames of `text/event-stream` (WHATWG HTML, section 9.2).
public enum EventFrame {
    public static func event(id: String?, name: String? = nil, data: String) -> String {
        var frame = ""
        if let id { frame += "id: \(flat(id))\n" }
        if let name { frame += "event: \(flat(name))\n" }
        // To Swift, "\r\n" is one character, and neither of the two.
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: { ["\n", "\r", "\r\n"].contains($0) }) {
            frame += "data: \(line)\n"
        }
        return frame + "\n"
    }

    /// Keeps a connection alive, and tells whether it is.
    public static let alive = ": alive\n\n"
    /// How long a browser waits before it comes back, in milliseconds.
    public static let retry = "retry: 1000\n\n"

    private static func flat(_ text: String) -> String { text.filter { !$0.isNewline && $0 != "\0" } }
}

/// What one listener is sent, from where it has stopped listening. Each event bears its position in the log as its id, so that nothing
/// is lost by going away and coming back, be it to another start of the server.
public struct EventFeed: Sendable {
    private let tail: EventTail
    private let ticks: AsyncStream<EventHub.Tick>
    private let position: EventTail.Position?
    private let isLost: Bool

    /// - Parameters:
    ///   - lastID: what the listener has got last; nil: it begins now.
    init(_ tail: EventTail, after lastID: String?, ticks: AsyncStream<EventHub.Tick>) {
        (self.tail, self.ticks) = (tail, ticks)
        let known = lastID.flatMap(EventTail.Position.init(parsing:))
        position = lastID == nil ? tail.end : known ?? tail.end
        isLost = lastID != nil && lastID != "" && known == nil
    }

    public func makeListener() -> Listener { Listener(tail, position, ticks, isLost: isLost) }

    /// Goes through the log for one listener.
    public struct Listener {
        private let tail: EventTail
        private var position: EventTail.Position?
        private var ticks: AsyncStream<EventHub.Tick>.Iterator
        /// What is sent before anything else is asked.
        private var beginning: String?
        /// The last frame, once the server ends.
        private var hasEnded = false

        init(_ tail: EventTail, _ position: EventTail.Position?, _ ticks: AsyncStream<EventHub.Tick>, isLost: Bool) {
            (self.tail, self.position) = (tail, position)
            self.ticks = ticks.makeAsyncIterator()
            beginning = EventFrame.retry + (isLost ? EventFrame.event(id: position?.description ?? "", name: "reset", data: "{}") : "")
        }

        /// The next frames, as soon as there are any; nil at the end of the server, or of the task.
        public mutating func next() async -> String? {
            if let first = beginning {
                beginning = nil
                return first + caughtUp()
            }
            while !hasEnded, let tick = await ticks.next(isolation: #isolation) {
                switch tick {
                case .grown:
                    let frames = caughtUp()
                    if !frames.isEmpty { return frames }
                case .jobs: return EventFrame.event(id: nil, name: "builds", data: "{}")
                case .alive: return EventFrame.alive
                case .end:
                    hasEnded = true
                    return caughtUp() + EventFrame.event(id: nil, name: "end", data: "{}")
                }
            }
            return nil
        }

        /// All that the log has beyond the position.
        private mutating func caughtUp() -> String {
            // A log that had not begun is read from its beginning.
            guard var place = position ?? tail.start else { return "" }
            var frames = ""
            while true {
                switch tail.read(from: place) {
                case .lost:
                    position = tail.end
                    return frames + (position.map { EventFrame.event(id: $0.description, name: "reset", data: "{}") } ?? "")
                case .lines(let lines):
                    guard let last = lines.last else {
                        position = place
                        return frames
                    }
                    frames += lines.filter { !$0.text.isEmpty }.map { EventFrame.event(id: $0.position.description, data: $0.text) }
                        .joined()
                    place = last.position
                }
            }
        }
    }
}
