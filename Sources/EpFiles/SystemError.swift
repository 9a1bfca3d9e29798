import Glibc

/// Why the operating system refused something: an `errno`, what kind of trouble it is, and its words.
///
/// The one table of such numbers. What a person is told to do about it, whoever tried says: by the kind.
public struct SystemError: Error, Hashable, Sendable {
    public enum Kind: Sendable {
        /// Nothing stands there.
        case absent
        /// Something else stands where a directory is needed; or the path goes on behind a file.
        case notDirectory
        case exists, isDirectory
        /// A link where none is followed, or one that leads back to itself.
        case link
        /// A pipe, a socket or a device.
        case notPlainFile
        case denied, readOnly, noSpace, tooManyFiles, noMemory, nameTooLong
        /// Not now: no process is left, or somebody holds a lock.
        case notNow
        case brokenDisk
        /// A file system of another machine does not answer.
        case unreachable, timedOut
        case other
    }

    /// The `errno`.
    public let code: Int32

    public init(_ code: Int32) { self.code = code }

    /// Of the call that has failed just now, on this thread.
    public static var last: SystemError { SystemError(errno) }

    /// In the operating system's words.
    public var reason: String { String(cString: strerror(code)) }

    /// True if nothing stands there: any other trouble says nothing of that.
    public var isAbsence: Bool { kind == .absent || kind == .notDirectory }

    public var kind: Kind {
        switch code {
        case ENOENT: .absent
        case ENOTDIR: .notDirectory
        case EEXIST: .exists
        case EISDIR: .isDirectory
        case ELOOP: .link
        case ENXIO: .notPlainFile
        case EACCES, EPERM: .denied
        case EROFS: .readOnly
        case ENOSPC, EDQUOT: .noSpace
        case EMFILE, ENFILE: .tooManyFiles
        case ENOMEM: .noMemory
        case ENAMETOOLONG: .nameTooLong
        case EAGAIN: .notNow
        case EIO: .brokenDisk
        case ENOTCONN, ESTALE, EHOSTDOWN, EHOSTUNREACH: .unreachable
        case ETIMEDOUT: .timedOut
        default: .other
        }
    }
}

/// Repeats a system call as long as a signal interrupts it.
@discardableResult
public func retrying<Count: SignedInteger>(_ call: () -> Count) -> Count {
    while true {
        let count = call()
        if count >= 0 || errno != EINTR { return count }
    }
}
