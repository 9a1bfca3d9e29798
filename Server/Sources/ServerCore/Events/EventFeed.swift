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

    /// How long a browser waits before it comes back, in milliseconds, and from where it then goes on if nothing has come until then.
    public static func beginning(id: String) -> String { "id: \(flat(id))\nretry: 1000\n\n" }

    private static func flat(_ text: String) -> String { text.filter { !$0.isNewline && $0 != "\0" } }
}

/// What one listener is sent, from where it has stopped listening. Each event bears its position in the log as its id, so that nothing
/// is lost by going away and coming back, be it to another start of the server.
public struct EventFeed: Sendable {
    private let tail: EventTail
    private let shelf: EventShelf
    private let ticks: AsyncStream<EventHub.Tick>
    private let position: EventTail.Position?
    private let isLost: Bool
    /// The id of who listens since before there was a log.
    private static let start = "start"

    /// - Parameters:
    ///   - lastID: what the listener has got last; nil: it begins now.
    init(_ tail: EventTail, _ shelf: EventShelf, after lastID: String?, ticks: AsyncStream<EventHub.Tick>) {
        (self.tail, self.shelf, self.ticks) = (tail, shelf, ticks)
        let known = lastID.flatMap(EventTail.Position.init(parsing:))
        position = lastID == Self.start ? nil : known ?? tail.end
        isLost = ![nil, "", Self.start].contains(lastID) && known == nil
    }

    public func makeListener() -> Listener { Listener(tail, shelf, position, ticks, isLost: isLost) }

    /// Goes through the log for one listener.
    public struct Listener {
        private let tail: EventTail
        private let shelf: EventShelf
        private var position: EventTail.Position?
        private var ticks: AsyncStream<EventHub.Tick>.Iterator
        /// What is sent before anything else is asked.
        private var beginning: String?
        /// The last frame, once the server ends.
        private var hasEnded = false

        init(
            _ tail: EventTail, _ shelf: EventShelf, _ position: EventTail.Position?, _ ticks: AsyncStream<EventHub.Tick>, isLost: Bool
        ) {
            (self.tail, self.shelf, self.position) = (tail, shelf, position)
            self.ticks = ticks.makeAsyncIterator()
            let id = position?.description ?? EventFeed.start
            beginning = EventFrame.beginning(id: id) + (isLost ? EventFrame.event(id: id, name: "reset", data: "{}") : "")
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
            guard let place = position ?? tail.start else { return "" }
            let piece = shelf.piece(from: place)
            position = piece.isLost ? tail.end : piece.end
            guard piece.isLost, let position else { return piece.frames }
            return piece.frames + EventFrame.event(id: position.description, name: "reset", data: "{}")
        }
    }
}
