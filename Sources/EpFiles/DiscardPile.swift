import Glibc
import Synchronization

/// Files that have been replaced, and are deleted when nobody waits: to delete one takes longer than to write it. Whoever is killed before
/// leaves them to the next who looks for what the dead have left.
public final class DiscardPile: Sendable {
    private let paths = Mutex<[String]>([])

    public init() {}

    func add(_ path: String) { paths.withLock { $0.append(path) } }

    /// Deletes all that is there.
    public func empty() {
        let all = paths.withLock { paths in
            defer { paths = [] }
            return paths
        }
        for path in all { unlink(path) }
    }

    deinit { empty() }
}
