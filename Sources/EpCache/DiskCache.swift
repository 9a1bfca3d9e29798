public import EpCore
import Glibc

/// The local cache: blobs by the digest of their bytes, action results by the digest of their action.
///
/// Any number of processes, and of instances in a process, may use one directory at once. What is read is verified;
/// what is damaged is set aside, reported once, and counts as missing. Deleting the directory is always safe.
public final class DiskCache: Sendable {
    public let path: String
    let files: CacheFiles
    let locks: LockTable
    let committer: Committer

    var layout: CacheLayout { files.layout }
    var process: ProcessDirectory { files.process }

    /// Opens the cache, and creates it if need be. Removes what killed processes left in `tmp/`.
    /// - Parameters:
    ///   - path: a directory, or where one shall be.
    ///   - onDamage: called once for each damaged file, on the thread that found it.
    /// - Throws: `Diagnostic` if the directory cannot be written.
    public init(
        path: String, onDamage: @escaping @Sendable (Diagnostic) -> Void = { _ in }
    ) throws(Diagnostic) {
        let layout = CacheLayout(root: path)
        try layout.create()
        ProcessDirectory.sweep(layout.temporary)
        self.path = path
        files = CacheFiles(layout: layout, process: try ProcessDirectory(in: layout.temporary), onDamage: onDamage)
        locks = LockTable(file: try File.lockable(layout.locks))
        committer = Committer(files: files, root: try File.opening(path, O_RDONLY | O_DIRECTORY))
        if !files.isPresent(.empty) { try putEmptyBlob() }
    }

    /// Every store holds the empty blob.
    private func putEmptyBlob() throws(Diagnostic) {
        let file = TemporaryFile(in: process)
        _ = try File.creating(file.path, mode: 0o444)
        let code = file.move(to: blobPath(.empty), replacing: true)
        if code != 0 { throw .system("create", blobPath(.empty), errno: code) }
    }

    /// Where a blob lies if it is there. Whoever reads it there must verify it.
    public func blobPath(_ blob: Digest) -> String { layout.blob(blob) }

    /// A fresh directory, for running an action in. Lies on the cache's file system, so that outputs can be moved in.
    public func makeScratch() throws(Diagnostic) -> ScratchDirectory { try ScratchDirectory(in: process) }

    /// The descriptors of the locks of actions, and of what lies in `tmp/`. A process that inherits them holds all that this one holds,
    /// until both have let go or ended.
    public var lockDescriptors: [Int32] { [locks.descriptor, process.descriptor] }

    /// Waits until nobody else holds the action, in this process or another, and holds it until released.
    ///
    /// Waiting blocks no thread. Look the action up again once the lock is held: whoever held it may have run it.
    /// - Throws: `CancellationError`, or `Diagnostic` if the file system cannot lock.
    public func lock(_ action: ActionDigest) async throws -> ActionLock {
        try await ActionLock(action, in: locks)
    }
}
