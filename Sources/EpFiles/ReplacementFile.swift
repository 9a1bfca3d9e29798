import CLinux
public import EpCore
import Glibc

/// A file that is going to stand at another's place, and is removed if it does not come to that.
public struct ReplacementFile: ~Copyable {
    public let descriptor: Int32
    private let temporary: String
    private let path: String
    /// True if the temporary name is now that of what stood there before.
    private var isDiscarded = false

    /// How a file is named while it is written; no pattern stands for it.
    public static let prefix = ".epbuild-"

    /// - Throws: `Diagnostic` (`system`) if nothing can be written beside `path`.
    public init(for path: String) throws(Diagnostic) {
        self.path = path
        // Not longer than the name of the file, which may be as long as a name can be; hidden from patterns.
        temporary = "\(Path(path).parent)/\(Self.prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw Files.unwritable(path) }
        // As long as it is held, nobody takes it for what a dead process has left.
        FileLock.tryTake(descriptor)
    }

    /// Puts it there.
    public consuming func commit() throws(Diagnostic) {
        if rename(temporary, path) != 0 { throw Files.unwritable(path) }
    }

    /// Puts it there, for what shows damage by itself. Who renames one file onto another waits until the file system (ext4) has begun to
    /// write it, and who exchanges the two does not: where the machine loses its power soon after, it may be empty.
    /// - Parameter pile: takes what stood there before, to be deleted later.
    public consuming func exchange(discardingInto pile: DiscardPile) throws(Diagnostic) {
        // A directory in its place would come to stand under the other name, where nobody removes it.
        let isFile = FileStatus(path)?.isRegular == true
        guard isFile, renameat2(AT_FDCWD, temporary, AT_FDCWD, path, UInt32(RENAME_EXCHANGE)) == 0 else { return try commit() }
        pile.add(temporary)
        isDiscarded = true
    }

    deinit {
        // Where it stands now, others lock it in their turn.
        FileLock.release(descriptor)
        close(descriptor)
        if !isDiscarded { unlink(temporary) }  // once it stands in its place, nothing has that name
    }
}
