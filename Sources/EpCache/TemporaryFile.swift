import CLinux
import EpCore
import EpFiles
import Glibc
import Synchronization

/// A file below `tmp/` that is removed when nobody refers to it any more, unless it was moved into place.
final class TemporaryFile: Sendable {
    let path: String
    private let home: ProcessDirectory
    private let isMoved = Atomic<Bool>(false)

    /// Names the file; whoever asked for it creates it.
    init(in home: ProcessDirectory) {
        self.home = home
        path = home.nextFile()
    }

    /// Renames the file, creating the target's directory if need be.
    /// - Returns: 0, or the value of `errno`. `EEXIST` only if `replacing` is false.
    func move(to target: String, replacing: Bool) -> Int32 {
        var code = Self.rename(path, target, replacing: replacing)
        if code == ENOENT, let slash = target.utf8.lastIndex(of: UInt8(ascii: "/")),
            (try? Directory.makeOurs(String(target[..<slash]))) != nil
        {
            code = Self.rename(path, target, replacing: replacing)
        }
        if code == 0 { isMoved.store(true, ordering: .relaxed) }
        return code
    }

    deinit {
        if !isMoved.load(ordering: .relaxed) { unlink(path) }
    }

    private static func rename(_ source: String, _ target: String, replacing: Bool) -> Int32 {
        if replacing { return Glibc.rename(source, target) == 0 ? 0 : errno }
        if renameat2(AT_FDCWD, source, AT_FDCWD, target, UInt32(RENAME_NOREPLACE)) == 0 { return 0 }
        guard errno == EINVAL || errno == ENOSYS else { return errno }
        // A file system that cannot rename without replacing: a link fails where a file stands, too.
        guard link(source, target) == 0 else { return errno }
        unlink(source)
        return 0
    }
}
