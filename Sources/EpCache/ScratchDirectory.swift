import EpCore
import EpFiles
import Synchronization

/// An empty directory for one run of an action. Emptied on `close()`, at the latest when nobody refers to it any more; if the process is
/// killed, it is removed by the next process that opens the cache.
public final class ScratchDirectory: Sendable {
    public let path: String
    private let home: ProcessDirectory
    private let isOpen = Mutex(true)

    init(in home: ProcessDirectory) throws(Diagnostic) {
        self.home = home
        path = try home.takeDirectory()
    }

    /// Gives the directory away, with all that is in it. May be called more than once.
    public func close() {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { home.giveBack(path) }
    }

    deinit { close() }
}
