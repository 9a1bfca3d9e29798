import CLinux
import EpCore
import Glibc
import Synchronization

/// The locks of actions: one byte of one file each, at an offset that the action's digest gives.
///
/// Ranges of an open file description (`F_OFD_SETLK`) are exclusive between open files, in one process or in several,
/// and the kernel lets go of them when a process dies. Unlike a lock file per action, they cost no file to create, no
/// descriptor to hold (1,024 is the usual limit), and leave nothing to clean up. They do not exclude tasks that
/// share this table, so it keeps what it holds.
final class LockTable: Sendable {
    private let file: File
    private let held = Mutex<Set<Int64>>([])

    init(file: consuming File) { self.file = file }

    /// Whoever else has it open holds the locks, too.
    var descriptor: Int32 { file.descriptor }

    /// - Returns: false if somebody else holds it.
    func tryLock(_ action: ActionDigest) throws(Diagnostic) -> Bool {
        let offset = Self.offset(action.hex)
        guard held.withLock({ $0.insert(offset).inserted }) else { return false }
        var range = Self.range(F_WRLCK, offset)
        if retrying({ fcntl(file.descriptor, F_OFD_SETLK, &range) }) == 0 { return true }
        let code = errno
        held.withLock { _ = $0.remove(offset) }
        if code == EAGAIN || code == EACCES { return false }
        throw .system("lock", file.path, errno: code)
    }

    func unlock(_ action: ActionDigest) {
        let offset = Self.offset(action.hex)
        // The kernel's lock first: whoever then finds the table's place free must not have it taken away again.
        var range = Self.range(F_UNLCK, offset)
        _ = fcntl(file.descriptor, F_OFD_SETLK, &range)
        held.withLock { _ = $0.remove(offset) }
    }

    /// Whether anybody holds the action with these hexadecimal digits.
    func isHeld(_ hex: String) -> Bool {
        let offset = Self.offset(hex)
        if held.withLock({ $0.contains(offset) }) { return true }
        var range = Self.range(F_WRLCK, offset)
        return fcntl(file.descriptor, F_OFD_GETLK, &range) == 0 && range.l_type != Int16(F_UNLCK)
    }

    /// The first 60 bits of the digest: where two actions meet, which will not happen, one waits for the other.
    private static func offset(_ hex: String) -> Int64 { Int64(hex.prefix(15), radix: 16) ?? 0 }

    private static func range(_ type: Int32, _ offset: Int64) -> flock {
        flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: Int(offset), l_len: 1, l_pid: 0)
    }
}
