import EpFiles
import Glibc
import Synchronization

/// Tells when descriptors can be read: one thread waits for all of them.
///
/// libdispatch's event loop would do the same, and has ended the whole process ("Illegal instruction" in
/// `_dispatch_source_merge_evt`) once in some ten thousand programs.
final class DescriptorWatch: Sendable {
    static let shared = DescriptorWatch()

    /// What is done when a descriptor can be read.
    private let waiting = Mutex<[Int32: @Sendable () -> Void]>([:])
    /// A pipe whose end is read by the thread when there is another descriptor to wait for; −1 where the system has none left.
    private let (wakeRead, wakeWrite): (Int32, Int32)
    private let thread = WorkerPool(threads: 1)

    private init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) != 0 { ends = [-1, -1] }
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (wakeRead, wakeWrite) = (ends[0], ends[1])
        thread.add { [self] in watch() }
    }

    /// - Parameter action: done once, on the watch's thread.
    func whenReadable(_ descriptor: Int32, _ action: @escaping @Sendable () -> Void) {
        waiting.withLock { $0[descriptor] = action }
        retrying { write(wakeWrite, "\n", 1) }
    }

    /// How long a descriptor may wait to be noticed, in milliseconds: where there is no pipe, and where nothing could be written to it.
    private static let (glance, longest) = (Int32(20), Int32(1000))

    private func watch() {
        var room = [UInt8](repeating: 0, count: 512)
        while true { look(&room) }
    }

    /// Waits once. A function of its own: in a loop that never ends, Swift 6.3 lets go of no array that it goes through a part of.
    private func look(_ room: inout [UInt8]) {
        var polled = ([wakeRead] + waiting.withLock { Array($0.keys) }).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), wakeRead < 0 ? Self.glance : Self.longest) > 0 else { return }
        if polled[0].revents != 0 { while read(wakeRead, &room, room.count) == room.count {} }
        for entry in polled.dropFirst() where entry.revents != 0 { waiting.withLock { $0.removeValue(forKey: entry.fd) }?() }
    }
}
