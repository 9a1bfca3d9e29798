import EpCore
import EpFiles

extension Diagnostic {
    /// A failed system call, told to a person.
    /// - Parameters:
    ///   - verb: what was tried, as in "cannot *write* /some/file".
    ///   - error: why it failed.
    static func system(_ verb: String, _ path: String, _ error: SystemError = .last) -> Diagnostic {
        Diagnostic(.system, "cannot \(verb) \(path): \(error.reason(at: path))", remedy: remedy(for: error, at: path))
    }

    private static func remedy(for trouble: SystemError, at path: String) -> String? {
        switch trouble.kind {
        case .noSpace where trouble.isOutOfFiles(at: path):
            "\(SystemError.outOfFilesRemedy): `epbuild cache gc` trims the cache, EPBUILD_CACHE can name a directory on another disk"
        case .noSpace:
            "free some space on that disk: `epbuild cache gc` trims the cache, EPBUILD_CACHE can name a directory on another disk"
        case .denied: "make it writable for this user; EPBUILD_CACHE can name another directory for the cache"
        case .readOnly: "that file system is read-only; EPBUILD_CACHE can name a directory on another one for the cache"
        case .notDirectory, .exists:
            "a file stands where a directory is needed: move it away; EPBUILD_CACHE can name another directory for the cache"
        case .tooManyFiles: "too many files are open: raise the limit (`ulimit -n 4096`) or build with fewer jobs"
        case .brokenDisk: "the disk reported an error: check it"
        default: nil
        }
    }
}

extension Directory {
    /// Makes a directory of the cache, and those above it.
    static func makeOurs(_ path: String) throws(Diagnostic) {
        do throws(FileError) { try make(path) } catch { throw .system("create", error.path, error.system) }
    }
}
