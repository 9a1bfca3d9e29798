import EpCore
import EpFiles
import Glibc
import Synchronization

/// An empty directory for one run of a program, removed with this value; what a killed epbuild has left is removed by a later one.
public final class TemporaryHome: Sendable {
    public let path: String
    /// Holds a lock on the directory while it is in use.
    private let descriptor: Int32
    private static let prefix = "epbuild-home-"
    private static let swept = Mutex<Set<Path>>([])

    public init(in parent: String) throws {
        if Self.swept.withLock({ $0.insert(Path(parent)).inserted }) { Self.sweep(parent) }
        var template = Array("\(parent)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SupervisedProgram.shortage(of: "a directory in \(parent)", at: parent) }
        path = String(cString: made)
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        FileLock.tryTake(descriptor)
    }

    deinit {
        Directory.removeTree(path)
        close(descriptor)
    }

    /// Removes the homes of dead processes of this user. One that is locked belongs to a living one, in another container perhaps.
    static func sweep(_ parent: String) {
        for name in Directory.names(parent) where name.hasPrefix(prefix) {
            guard let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ Int32($0) }), FileLock.isDead(owner) else {
                continue
            }
            let path = "\(parent)/\(name)"
            let directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard directory >= 0 else { continue }
            if FilePermissions(path)?.isOurs == true, FileLock.tryTake(directory) { Directory.removeTree(path) }
            close(directory)
        }
    }
}
