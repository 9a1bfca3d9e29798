import EpCore
import EpFiles
import Synchronization

/// The locks of actions: one byte of one file each, at an offset that the action's digest gives.
///
/// Unlike a lock file per action, they cost no file to create, no descriptor to hold (1,024 is the usual limit), and leave nothing to
/// clean up. `ByteLocks` do not exclude tasks that share this table, so it keeps what it holds.
final class LockTable: Sendable {
    private let file: File
    private let bytes: ByteLocks
    private let held = Mutex<Set<Int64>>([])

    init(file: consuming File) {
        bytes = ByteLocks(of: file.descriptor)
        self.file = file
    }

    /// Whoever else has it open holds the locks, too.
    var descriptor: Int32 { file.descriptor }

    /// - Returns: false if somebody else holds it.
    func tryLock(_ action: ActionDigest) throws(Diagnostic) -> Bool {
        let offset = Self.offset(action.hex)
        guard held.withLock({ $0.insert(offset).inserted }) else { return false }
        do throws(SystemError) {
            if try bytes.tryTake(offset) { return true }
            held.withLock { _ = $0.remove(offset) }
            return false
        } catch {
            held.withLock { _ = $0.remove(offset) }
            throw .system("lock", file.path, error)
        }
    }

    func unlock(_ action: ActionDigest) {
        let offset = Self.offset(action.hex)
        // The kernel's lock first: whoever then finds the table's place free must not have it taken away again.
        bytes.release(offset)
        held.withLock { _ = $0.remove(offset) }
    }

    /// Whether anybody holds the action with these hexadecimal digits.
    func isHeld(_ hex: String) -> Bool {
        let offset = Self.offset(hex)
        return held.withLock { $0.contains(offset) } || bytes.isTaken(offset)
    }

    /// The first 60 bits of the digest: where two actions meet, which will not happen, one waits for the other.
    private static func offset(_ hex: String) -> Int64 { Int64(hex.prefix(15), radix: 16) ?? 0 }
}
