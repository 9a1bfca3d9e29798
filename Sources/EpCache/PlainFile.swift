import EpCore
import EpFiles
import Glibc

/// A file of the cache, opened for reading: a plain file, and no link to one.
struct PlainFile: ~Copyable {
    let file: File
    let status: FileStatus

    enum Opening: ~Copyable {
        case absent
        case opened(PlainFile)
        /// It stands there, and is of no use: why.
        case unusable(String)
    }

    /// Never waits, whatever stands there: a pipe is opened without somebody at its other end, and found to be none of ours.
    /// - Throws: `Diagnostic` if this process can open nothing more, which says nothing of the file.
    static func open(_ path: String) throws(Diagnostic) -> Opening {
        let file: File
        do throws(FileError) {
            file = File(open: try OpenFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY))
        } catch {
            switch error.system.kind {
            case .absent, .notDirectory: return .absent
            case .tooManyFiles, .noMemory, .unreachable, .timedOut: throw .system("read", path, error.system)
            case .link: return .unusable("it is a symbolic link")
            default: return .unusable(error.system.reason)
            }
        }
        guard let status = file.status else { return .unusable(SystemError.last.reason) }
        guard status.isRegular else { return .unusable(status.isDirectory ? "it is a directory" : "it is no plain file") }
        return .opened(PlainFile(file: file, status: status))
    }

    /// Why the file cannot be read from its beginning to its end; nil if it can.
    borrowing func trouble() -> String? {
        guard lseek(file.descriptor, 0, SEEK_SET) == 0 else { return SystemError.last.reason }
        do throws(Diagnostic) {
            _ = try file.digest()
            return nil
        } catch {
            return error.message
        }
    }
}
