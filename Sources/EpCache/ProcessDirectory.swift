import CLinux
import EpCore
import EpFiles
import Glibc
import Synchronization

/// This process's own directory below `tmp/`, with a lock beside it that the kernel lets go when the process dies.
///
/// The lock is taken before the directory is made, so a directory whose lock is free belongs to nobody.
final class ProcessDirectory: Sendable {
    let path: String
    private let lock: File
    private let counter = Atomic<UInt64>(0)
    private let isThere = Atomic(true)
    /// Directories for files, once there are many.
    private let shelves = Mutex<[String]?>(nil)
    /// Files that are made before that.
    private static let fewFiles = 64
    private static let mostShelves = 8
    /// Empty directories, which are as they were made: to make one and remove it takes longer than to empty it, above all where a file
    /// system looks for what was not lately removed.
    private let spare = Mutex<(paths: [String], mode: UInt32?)>(([], nil))
    /// As many as there are steps at once.
    private static let mostSpare = 64

    /// Makes a new one below `parent`.
    init(in parent: String) throws(Diagnostic) {
        while true {
            let path = "\(parent)/\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
            let lock = try File.creating(path + Self.lockSuffix, mode: 0o666)
            guard FileLock.tryTake(lock.descriptor), let ours = lock.status, FileStatus(lock.path)?.isSameFile(as: ours) == true else {
                continue  // a sweep came between the creation and the lock
            }
            try Directory.makeOurs(path)
            self.path = path
            self.lock = lock
            return
        }
    }

    /// The lock's: whoever has it open keeps the directory from being swept.
    var descriptor: Int32 { lock.descriptor }

    /// A path that nobody uses.
    func next() -> String { "\(path)/\(counter.wrappingAdd(1, ordering: .relaxed).newValue)" }

    /// A path for a file that nobody uses. Many lie in several directories, so that those who make files and whoever moves them away seldom
    /// wait for each other.
    func nextFile() -> String {
        let number = Int(counter.wrappingAdd(1, ordering: .relaxed).newValue)
        let shelf = number > Self.fewFiles ? takeShelf(number) : path
        return "\(shelf)/\(number)"
    }

    private func takeShelf(_ number: Int) -> String {
        shelves.withLock { shelves in
            let all = shelves ?? (0..<Self.mostShelves).map { "\(path)/shelf-\($0)" }.filter { mkdir($0, 0o777) == 0 }
            shelves = all
            return all.isEmpty ? path : all[number % all.count]
        }
    }

    /// An empty directory that nobody uses.
    func takeDirectory() throws(Diagnostic) -> String {
        if let spare = spare.withLock({ $0.paths.popLast() }) { return spare }
        let path = next()
        guard mkdir(path, 0o777) == 0 else { throw .system("create", path) }
        let made = FilePermissions(path)?.mode
        spare.withLock { $0.mode = made }
        return path
    }

    /// Takes a directory back, which is as good as removed.
    func giveBack(_ path: String) {
        // What a program has changed about the directory itself, no other is to find.
        let mode = Directory.clear(path) && listxattr(path, nil, 0) <= 0 ? FilePermissions(path)?.mode : nil
        let isKept = mode != nil && spare.withLock { spare in
            guard spare.paths.count < Self.mostSpare, spare.mode == mode else { return false }
            spare.paths.append(path)
            return true
        }
        if !isKept { Directory.removeDirectory(path) }
    }

    deinit { remove() }

    /// Removes it, if it is there: nothing is made in it any more.
    func remove() {
        guard isThere.exchange(false, ordering: .relaxed) else { return }
        Directory.removeTree(path)
        unlink(lock.path)
    }

    private static let lockSuffix = ".lock"

    /// True for the names that `init` gives: a process, and a random number.
    private static func isOurs(_ name: String) -> Bool {
        let parts = (name.hasSuffix(lockSuffix) ? name.dropLast(lockSuffix.count) : name[...]).split(
            separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && Int32(parts[0]) != nil && UInt64(parts[1], radix: 36) != nil
    }

    /// Removes what dead processes left behind, and nothing that does not look like it.
    /// - Parameter parent: a directory, and no link to one: nobody's files are removed by way of it.
    /// - Returns: how many processes' directories were removed.
    @discardableResult
    static func sweep(_ parent: String) -> Int {
        guard FileStatus(parent)?.isDirectory == true else { return 0 }
        let names = Set(Directory.names(parent).filter(isOurs))
        var count = 0
        for name in names where !name.hasSuffix(lockSuffix) {
            let lockPath = "\(parent)/\(name)\(lockSuffix)"
            guard let lock = (try? File.opening(lockPath, O_RDWR | O_NOFOLLOW | O_NONBLOCK)) ?? nil else {
                guard FileStatus(lockPath) == nil else { continue }  // another user's
                Directory.removeTree("\(parent)/\(name)")
                count += 1
                continue
            }
            guard FileLock.tryTake(lock.descriptor) else { continue }
            Directory.removeTree("\(parent)/\(name)")
            unlink(lockPath)
            count += 1
        }
        for name in names where name.hasSuffix(lockSuffix) && !names.contains(String(name.dropLast(lockSuffix.count))) {
            guard let lock = (try? File.opening("\(parent)/\(name)", O_RDWR | O_NOFOLLOW | O_NONBLOCK)) ?? nil else { continue }
            if FileLock.tryTake(lock.descriptor) { unlink(lock.path) }
        }
        return count
    }
}
