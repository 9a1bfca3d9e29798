import EpFiles
import Glibc

/// Reads the log of events as it grows: whatever builds of the workspace write, those of other processes too.
///
/// A place in it is a file and an offset, so it holds after a restart of whoever reads.
public struct EventTail: Sendable {
    /// Behind an event.
    public struct Position: Hashable, Sendable, CustomStringConvertible {
        let part: EventLogPart
        let offset: Int64

        init(_ part: EventLogPart, _ offset: Int64) { (self.part, self.offset) = (part, offset) }

        /// Reads what `description` gives; nil for anything else.
        public init?(parsing text: String) {
            let fields = text.split(separator: "@", omittingEmptySubsequences: false)
            guard fields.count == 2, let offset = Int64(fields[0]), offset >= 0, let part = EventLogPart(name: String(fields[1])) else {
                return nil
            }
            self.init(part, offset)
        }

        public var description: String { "\(offset)@\(part.name)" }
    }

    /// One line of the log.
    public struct Line: Sendable {
        public let text: String
        /// Where to go on behind it.
        public let position: Position
    }

    /// What has been read from a position.
    public enum Reading: Sendable {
        case lines([Line])
        /// What stood there is gone: the log has been cut, or is another one.
        case lost
    }

    private let directory: String
    /// How much is read at once, in bytes. A line that is longer is passed over.
    private static let pieceBytes = 1 << 20

    /// - Parameter stateDirectory: the workspace's `.epbuild/`.
    public init(stateDirectory: String) { directory = "\(stateDirectory)/events" }

    /// Behind the last event; nil if there is none yet.
    public var end: Position? {
        EventLogPart.all(in: directory).last.map { Position($0, size(of: $0)) }
    }

    /// The first position that can be read; nil if there is no log yet.
    public var start: Position? { EventLogPart.all(in: directory).first.map { Position($0, 0) } }

    /// The next events behind a position, as far as they are written whole; none if there are none yet.
    public func read(from position: Position) -> Reading {
        guard FileStatus(path(of: position.part)) != nil, size(of: position.part) >= position.offset else { return .lost }
        guard isBehindLine(position) else { return .lost }
        let lines = lines(from: position)
        if !lines.isEmpty { return .lines(lines) }
        // Nobody writes into a part any more behind which another one stands.
        let next = EventLogPart.all(in: directory).first { $0 > position.part }
        return next.map { .lines(self.lines(from: Position($0, 0))) } ?? .lines([])
    }

    private func lines(from position: Position) -> [Line] {
        let bytes = bytes(of: position.part, from: position.offset, count: Self.pieceBytes)
        var (found, offset) = ([Line](), 0)
        while let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) {
            let text = String(decoding: bytes[offset..<end], as: UTF8.self)
            offset = end + 1
            found.append(Line(text: text, position: Position(position.part, position.offset + Int64(offset))))
        }
        if found.isEmpty, bytes.count == Self.pieceBytes {
            return [Line(text: "", position: Position(position.part, position.offset + Int64(bytes.count)))]
        }
        return found
    }

    /// False for a number that somebody has made up, or one of another log.
    private func isBehindLine(_ position: Position) -> Bool {
        position.offset == 0 || bytes(of: position.part, from: position.offset - 1, count: 1) == [UInt8(ascii: "\n")]
    }

    private func bytes(of part: EventLogPart, from offset: Int64, count: Int) -> [UInt8] {
        let descriptor = open(path(of: part), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = max(0, pread(descriptor, buffer.baseAddress, count, Int(offset)))
        }
    }

    private func size(of part: EventLogPart) -> Int64 { FileStatus(path(of: part))?.size ?? 0 }
    private func path(of part: EventLogPart) -> String { "\(directory)/\(part.name)" }
}
