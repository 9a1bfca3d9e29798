import Dispatch
import EpCore
import EpFiles
import Glibc
import Synchronization

/// Waits until something happens in some directories: by inotify, or every second when the system has no watches left.
///
/// It tells that something happened, not what: whoever waits compares states.
final class FileWatch: Sendable {
    enum Wake { case stirred, interrupted }

    /// So long must nothing happen before a change counts as finished; and so long is waited for that at most.
    private static let quietMilliseconds: Int32 = 100
    private static let patience = Duration.seconds(2)
    private static let pollMilliseconds: Int32 = 1000

    /// Files that somebody has changed and not closed yet.
    private let unfinished = Mutex<Set<UnfinishedFile>>([])
    private struct UnfinishedFile: Hashable {
        let directory: Int32
        let name: [UInt8]
    }

    private let notifier = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    /// The two ends of a pipe; a byte in it is an interruption.
    private let bell: (end: Int32, rope: Int32)

    init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        bell = (ends[0], ends[1])
    }

    deinit { [notifier, bell.end, bell.rope].forEach { close($0) } }

    /// Ends a wait, now or when it begins. May be called from any thread, and in a signal's handler.
    func interrupt() { _ = write(bell.rope, [1], 1) }

    /// Watches one more directory, or the same one again.
    /// - Returns: its number, as inotify gives it.
    /// - Throws: `NoWatchLeft` if the system gives none.
    func add(_ directory: String) throws(NoWatchLeft) -> Int32 {
        let mask =
            IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF
        let number = inotify_add_watch(notifier, directory, UInt32(mask))
        // One that has just gone shows in the state of its files.
        guard number < 0, errno == ENOSPC || errno == EMFILE || errno == EBADF || errno == ENOMEM else { return number }
        throw NoWatchLeft()
    }

    func remove(_ number: Int32) { inotify_rm_watch(notifier, number) }

    struct NoWatchLeft: Error {}

    /// Waits for something to happen and then to be over.
    /// - Parameters:
    ///   - isPrompt: it is over as soon as all files are closed that somebody has changed.
    ///   - isPolling: a second goes by for something that happens.
    ///   - moment: so long at most; seconds since 1970.
    func change(isPolling: Bool, isPrompt: Bool = false, until moment: Int64?) async -> Wake {
        if await wait(milliseconds: isPolling ? Self.pollMilliseconds : Self.milliseconds(until: moment)) == .interrupted {
            return .interrupted
        }
        return isPolling ? .stirred : await quiet(isPrompt: isPrompt)
    }

    /// -1 for ever.
    private static func milliseconds(until moment: Int64?) -> Int32 {
        moment.map { Int32(max(0, min($0 - Moment.now.wholeSeconds, 1_000_000)) * 1000) } ?? -1
    }

    /// Waits until nothing has happened for a moment.
    /// - Parameter isPrompt: or until all files are closed: whoever empties one and writes it is not done when the first is noticed.
    func quiet(isPrompt: Bool = false) async -> Wake {
        let start = SuspendingClock.now
        while SuspendingClock.now - start < Self.patience {
            if isPrompt, unfinished.withLock(\.isEmpty) { return .stirred }
            switch await wait(milliseconds: Self.quietMilliseconds) {
            case .interrupted: return .interrupted
            case .stirred: continue
            case nil: break
            }
            break
        }
        unfinished.withLock { $0 = [] }
        return .stirred
    }

    /// Nil if nothing happened in time. The thread that waits is not one of the cooperative pool.
    private func wait(milliseconds: Int32) async -> Wake? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in continuation.resume(returning: block(milliseconds: milliseconds)) }
        }
    }

    private func block(milliseconds: Int32) -> Wake? {
        var descriptors = [pollfd(fd: bell.end, events: Int16(POLLIN), revents: 0), pollfd(fd: notifier, events: Int16(POLLIN), revents: 0)]
        while poll(&descriptors, 2, milliseconds) < 0, errno == EINTR {}
        if descriptors[0].revents != 0 { return .interrupted }
        guard descriptors[1].revents != 0 else { return nil }
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { buffer in
            while case let count = read(notifier, buffer.baseAddress, buffer.count), count > 0 {
                note(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return .stirred
    }

    /// Keeps in mind which files are being written.
    private func note(_ events: UnsafeRawBufferPointer) {
        let head = MemoryLayout<inotify_event>.size
        var offset = 0
        unfinished.withLock { unfinished in
            while offset + head <= events.count {
                let event = events.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                let name = events[(offset + head)..<min(offset + head + Int(event.len), events.count)].prefix { $0 != 0 }
                let file = UnfinishedFile(directory: event.wd, name: Array(name))
                if event.mask & UInt32(IN_MODIFY | IN_CREATE) != 0 {
                    unfinished.insert(file)
                } else if event.mask & UInt32(IN_ATTRIB) == 0 {
                    unfinished.remove(file)
                }
                offset += head + Int(event.len)
            }
        }
    }
}

/// The directories that are watched now.
struct WatchedDirectories {
    private let watch: FileWatch
    private var numbers: [Path: Int32] = [:]
    /// True when the system has no watches left: then states are compared every second.
    private(set) var isPolling = false

    init(_ watch: FileWatch) { self.watch = watch }

    /// Watches these and no others. One that has been replaced is watched anew.
    /// - Parameter warn: is told if the system has no watches left.
    mutating func set(_ directories: Set<Path>, warn: (Diagnostic) -> Void) {
        guard !isPolling else { return }
        do {
            for directory in directories {
                let number = try watch.add(directory.text)
                if let old = numbers.updateValue(number, forKey: directory), old != number, old >= 0 { watch.remove(old) }
            }
            let kept = Set(directories.compactMap { numbers[$0] })
            for (directory, number) in numbers where !directories.contains(directory) {
                numbers[directory] = nil
                if number >= 0, !kept.contains(number) { watch.remove(number) }
            }
        } catch {
            isPolling = true
            warn(
                Diagnostic(
                    .system,
                    "the system has no watches left for \(directories.count) directories: looking for changes every second instead",
                    remedy: "raise the limit: sysctl fs.inotify.max_user_watches=524288, and fs.inotify.max_user_instances",
                    severity: .warning))
        }
    }
}
