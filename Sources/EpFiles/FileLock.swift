import CLinux
import Glibc

/// Advisory locks of open files. The kernel lets go of them when the last process that has the file open closes it or dies.
public enum FileLock {
    /// Takes the lock of the whole file, unless another open file holds it.
    @discardableResult
    public static func tryTake(_ descriptor: Int32) -> Bool { retrying { flock(descriptor, LOCK_EX | LOCK_NB) } == 0 }

    /// Waits for the lock of the whole file, and takes it.
    /// - Returns: false, with an `errno`, if the file system cannot lock.
    @discardableResult
    public static func take(_ descriptor: Int32) -> Bool { retrying { flock(descriptor, LOCK_EX) } == 0 }

    /// Gives up the lock. To close the file may not do it: a program that is being started has it open too, until it runs.
    public static func release(_ descriptor: Int32) { flock(descriptor, LOCK_UN) }

    /// True if no process of this machine, or of this container, has that number.
    public static func isDead(_ process: Int32) -> Bool { kill(process, 0) != 0 && errno == ESRCH }
}

/// Locks of single bytes of a file, each of them one thing's: exclusive between open files, in one process or in several.
///
/// They cost no file to make and leave nothing to clean up, and the byte need not be there.
public struct ByteLocks: Sendable {
    private let descriptor: Int32

    /// - Parameter descriptor: of a file that stays open as long as this is used.
    public init(of descriptor: Int32) { self.descriptor = descriptor }

    /// - Returns: false if another open file holds it.
    public func tryTake(_ offset: Int64) throws(SystemError) -> Bool {
        if retrying({ control(F_OFD_SETLK, F_WRLCK, offset).result }) == 0 { return true }
        // Some systems say `EACCES` for it.
        let error = SystemError.last
        guard error.kind == .notNow || error.kind == .denied else { throw error }
        return false
    }

    public func release(_ offset: Int64) { _ = control(F_OFD_SETLK, F_UNLCK, offset) }

    /// True if another open file holds it.
    public func isTaken(_ offset: Int64) -> Bool {
        let (result, type) = control(F_OFD_GETLK, F_WRLCK, offset)
        return result == 0 && type != Int16(F_UNLCK)
    }

    private func control(_ command: Int32, _ type: Int32, _ offset: Int64) -> (result: Int32, type: Int16) {
        var range = flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: Int(offset), l_len: 1, l_pid: 0)
        let result = fcntl(descriptor, command, &range)
        return (result, range.l_type)
    }
}
