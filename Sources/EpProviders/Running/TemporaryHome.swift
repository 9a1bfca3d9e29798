import EpCore
import Glibc
import Synchronization

/// An empty directory for one run of a program, removed with this value; what a killed epbuild has left is removed by a later one.
final class TemporaryHome: Sendable {
    let path: String
    /// Holds a lock on the directory while it is in use.
    private let descriptor: Int32
    private static let prefix = "epbuild-home-"
    private static let swept = Mutex<Set<Path>>([])

    init(in parent: String) throws {
        if Self.swept.withLock({ $0.insert(Path(parent)).inserted }) { Self.sweep(parent) }
        var template = Array("\(parent)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SupervisedProgram.shortage(errno, of: "a directory in \(parent)") }
        path = String(cString: made)
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        Self.remove(path)
        close(descriptor)
    }

    /// Removes the homes of dead processes of this user. One that is locked belongs to a living one, in another container perhaps.
    static func sweep(_ parent: String) {
        for name in names(in: parent) where name.hasPrefix(prefix) {
            guard let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ pid_t($0) }), kill(owner, 0) != 0, errno == ESRCH else { continue }
            let path = "\(parent)/\(name)"
            var status = stat()
            let directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard directory >= 0 else { continue }
            if fstat(directory, &status) == 0, status.st_uid == geteuid(), flock(directory, LOCK_EX | LOCK_NB) == 0 { remove(path) }
            close(directory)
        }
    }

    private static func remove(_ path: String) {
        for name in names(in: path) {
            let child = "\(path)/\(name)"
            if unlink(child) != 0 { remove(child) }
        }
        rmdir(path)
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
