import EpEngine
import Synchronization

/// What the log has behind a position, as frames. It is read once for all who stand there, until the log has grown.
final class EventShelf: Sendable {
    struct Piece: Sendable {
        var frames = ""
        var end: EventTail.Position
        /// True if what stood behind the frames is gone.
        var isLost = false
    }

    private let tail: EventTail
    private let known = Mutex<[EventTail.Position: Piece]>([:])
    /// Nearly all stand at one place. Whoever is far behind is read to alone.
    private static let (most, longest) = (8, 1 << 16)

    init(_ tail: EventTail) { self.tail = tail }

    /// The log has grown.
    func clear() { known.withLock { $0.removeAll() } }

    func piece(from position: EventTail.Position) -> Piece {
        known.withLock { known in
            if let piece = known[position] { return piece }
            let piece = read(from: position)
            if known.count < Self.most, piece.frames.utf8.count <= Self.longest { known[position] = piece }
            return piece
        }
    }

    private func read(from position: EventTail.Position) -> Piece {
        var piece = Piece(end: position)
        while true {
            switch tail.read(from: piece.end) {
            case .lost:
                piece.isLost = true
                return piece
            case .lines(let lines):
                guard let last = lines.last else { return piece }
                for line in lines where !line.text.isEmpty {
                    piece.frames += EventFrame.event(id: line.position.description, data: line.text)
                }
                piece.end = last.position
            }
        }
    }
}
