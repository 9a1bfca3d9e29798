import EpFiles
import Glibc
import EpCore

/// A fresh, empty directory for one run of an action. Removed with all that is in it on `close()`, at the latest
/// when nobody refers to it any more; if the process is killed, by the next process that opens the cache.
public final class ScratchDirectory: Sendable {
    public let path: String
    private let home: ProcessDirectory

    init(in home: ProcessDirectory) throws(Diagnostic) {
        self.home = home
        path = home.next()
        guard mkdir(path, 0o777) == 0 else { throw .system("create", path) }
    }

    /// Removes the directory. May be called more than once.
    public func close() { Directory.removeDirectory(path) }

    deinit { close() }
}
