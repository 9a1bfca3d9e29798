import CLinux
import Glibc

/// A POSIX semaphore: threads wait until others have called.
public final class Semaphore: @unchecked Sendable {
    // Safe to share: a semaphore is made for it, and the pointer never changes.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    public init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    public func post() { sem_post(semaphore) }

    public func wait() { while sem_wait(semaphore) != 0 {} }

    /// Waits so long at most.
    /// - Returns: false if nobody has called.
    public func wait(atMost duration: Duration) -> Bool {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = Int64(end.tv_nsec) + duration.components.attoseconds / 1_000_000_000
        end.tv_sec += Int(duration.components.seconds + nanoseconds / 1_000_000_000)
        end.tv_nsec = Int(nanoseconds % 1_000_000_000)
        while sem_clockwait(semaphore, CLOCK_MONOTONIC, &end) != 0 { if errno == ETIMEDOUT { return false } }
        return true
    }
}
