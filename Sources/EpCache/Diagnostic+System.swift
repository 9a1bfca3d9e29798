import EpCore
import Glibc

extension Diagnostic {
    /// A failed system call, told to a person.
    /// - Parameters:
    ///   - verb: what was tried, as in "cannot *write* /some/file".
    ///   - code: the value of `errno`.
    static func system(_ verb: String, _ path: String, errno code: Int32 = errno) -> Diagnostic {
        let reason = String(cString: strerror(code))
        return Diagnostic(.system, "cannot \(verb) \(path): \(reason)", remedy: remedy(for: code))
    }

    private static func remedy(for code: Int32) -> String? {
        switch code {
        case ENOSPC, EDQUOT:
            "free some space on that disk: `epbuild cache gc` trims the cache, EPBUILD_CACHE can name a directory on another disk"
        case EACCES, EPERM: "make it writable for this user; EPBUILD_CACHE can name another directory for the cache"
        case EROFS: "that file system is read-only; EPBUILD_CACHE can name a directory on another one for the cache"
        case ENOTDIR, EEXIST:
            "a file stands where a directory is needed: move it away; EPBUILD_CACHE can name another directory for the cache"
        case EMFILE, ENFILE: "too many files are open: raise the limit (`ulimit -n 4096`) or build with fewer jobs"
        case EIO: "the disk reported an error: check it"
        default: nil
        }
    }
}
