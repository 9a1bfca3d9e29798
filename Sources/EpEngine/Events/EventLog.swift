public import EpCore
import EpFiles
import Glibc

/// Writes what happens in builds to `.epbuild/events/`, a file a month or several, one JSON object a line.
///
/// What was found in the local cache is counted in the last line and not told one by one.
public final class EventLog: BuildObserver {
    /// How long the log may become, in bytes.
    public struct Limits: Sendable {
        /// Of one file: what would be longer is continued in another.
        var part: Int64 = 16 << 20
        /// Of all: the oldest are removed, which is told.
        var all: Int64 = 256 << 20

        public static let usual = Limits()
    }

    private let directory: String
    private let limits: Limits
    private let warn: @Sendable (Diagnostic) -> Void
    private var isBroken = false
    /// The part that is written, as long as events of its month come and it has room.
    private var open: (part: EventLogPart, descriptor: Int32)?

    /// - Parameters:
    ///   - stateDirectory: the workspace's `.epbuild/`.
    ///   - warn: is told once if nothing can be written, which never fails a build; and of what is removed.
    public init(stateDirectory: String, limits: Limits = .usual, warn: @escaping @Sendable (Diagnostic) -> Void) {
        directory = "\(stateDirectory)/events"
        self.limits = limits
        self.warn = warn
    }

    public static func minds(_ kind: BuildEvent.Kind) -> Bool {
        switch kind {
        case .planned: false
        case .actionFinished(let end): end.origin != .cache
        default: true
        }
    }

    public func observe(_ event: BuildEvent) {
        guard Self.minds(event.kind), !isBroken else { return }
        do throws(Diagnostic) {
            try write("\(event.value.json())\n", month: String(event.time.iso8601Seconds.prefix(7)))
        } catch {
            isBroken = true
            warn(Diagnostic(.system, "what happens is not logged: \(error.message)", remedy: error.remedy, severity: .warning))
        }
    }

    deinit { open.map { _ = close($0.descriptor) } }

    /// Several builds may write at once: each line is added by one call.
    private func write(_ line: String, month: String) throws(Diagnostic) {
        var (bytes, descriptor) = (Array(line.utf8), try part(of: month))
        while let size = FileStatus(descriptor: descriptor)?.size, size > 0, size + Int64(bytes.count) > limits.part {
            descriptor = try begin(after: open?.part ?? EventLogPart(month))
        }
        // A line that a crash has cut off stays alone: the next one begins anew.
        if Self.isCutOff(descriptor) { bytes.insert(UInt8(ascii: "\n"), at: 0) }
        guard Files.writeAll(bytes, to: descriptor) else { throw Files.unwritable(path(of: open?.part ?? EventLogPart(month))) }
    }

    // MARK: parts

    private func part(of month: String) throws(Diagnostic) -> Int32 {
        if let open, open.part.month == month { return open.descriptor }
        try StateFile.makeDirectory(directory)
        return try begin(EventLogPart.all(in: directory).last { $0.month == month } ?? EventLogPart(month))
    }

    /// Another build may have begun the next one already.
    private func begin(after part: EventLogPart) throws(Diagnostic) -> Int32 {
        let last = EventLogPart.all(in: directory).last { $0.month == part.month } ?? part
        return try begin(last > part ? last : part.next)
    }

    private func begin(_ part: EventLogPart) throws(Diagnostic) -> Int32 {
        open.map { _ = close($0.descriptor) }
        open = nil
        let descriptor = try StateFile.open(path(of: part), O_RDWR | O_APPEND)
        open = (part, descriptor)
        if FileStatus(descriptor: descriptor)?.size == 0 { removeOldest(before: part) }
        return descriptor
    }

    private func path(of part: EventLogPart) -> String { "\(directory)/\(part.name)" }

    private static func isCutOff(_ descriptor: Int32) -> Bool {
        var last: UInt8 = 0
        guard let size = FileStatus(descriptor: descriptor)?.size, size > 0, pread(descriptor, &last, 1, Int(size) - 1) == 1
        else { return false }
        return last != UInt8(ascii: "\n")
    }

    /// Keeps the log within its limit: a part that is about to be filled counts as full.
    private func removeOldest(before current: EventLogPart) {
        let parts = EventLogPart.all(in: directory).filter { $0 < current }
        var sum = parts.reduce(limits.part) { $0 + (FileStatus(path(of: $1))?.size ?? 0) }
        var removed: [String] = []
        for part in parts where sum > limits.all {
            sum -= FileStatus(path(of: part))?.size ?? 0
            if unlink(path(of: part)) == 0 { removed.append(part.name) }
        }
        guard !removed.isEmpty else { return }
        let names = removed.joined(separator: ", ")
        warn(Diagnostic(
            .system, "the log of events has become longer than \(limits.all >> 20) MiB: its oldest part is removed (\(names))",
            remedy: "what builds came to stands in the history still; to keep all events, copy \(directory) from time to time",
            severity: .warning))
    }
}
