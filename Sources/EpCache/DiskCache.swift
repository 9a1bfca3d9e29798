public import EpCore
public import EpFiles
import Glibc

/// The local cache: blobs by the digest of their bytes, action results by the digest of their action.
///
/// Any number of processes, and of instances in a process, may use one directory at once. What is read is verified;
/// what is damaged is set aside, reported once, and counts as missing. Deleting the directory is always safe.
public final class DiskCache: Sendable {
    public let path: String
    let files: CacheFiles
    /// What only a cache has that can be written; else why it cannot.
    let writing: Result<Writing, Diagnostic>
    private let pause: Pause

    /// Long enough for some actions of a few milliseconds, and too short to be noticed.
    public static let patience = Duration.milliseconds(20)

    var layout: CacheLayout { files.layout }

    /// How often results were made durable, many or one at a time.
    var batches: Int { (try? writing.get())?.committer.batches ?? 0 }

    struct Writing: Sendable {
        let process: ProcessDirectory
        let locks: LockTable
        let committer: Committer
    }

    /// Opens the cache, and creates it if need be. Removes what killed processes left in `tmp/`.
    /// - Parameters:
    ///   - path: a directory, or where one shall be.
    ///   - patience: how long a result that was not paid for waits for others that are being made, to become durable with them.
    ///   - pause: how whoever waits for an action lets time pass.
    ///   - onDamage: called once for each damaged file, on the thread that found it.
    /// - Throws: `Diagnostic` if the directory cannot be written.
    public convenience init(
        path: String, patience: Duration = patience, pause: Pause = .system, onDamage: @escaping @Sendable (Diagnostic) -> Void = { _ in }
    ) throws(Diagnostic) {
        self.init(lookingInto: path, patience: patience, pause: pause, onDamage: onDamage)
        try requireWriting()
    }

    /// Opens the cache as far as that is possible: one that cannot be written, or is not there, can be looked into.
    /// - Parameters: as above.
    public init(
        lookingInto path: String, patience: Duration = patience, pause: Pause = .system,
        onDamage: @escaping @Sendable (Diagnostic) -> Void = { _ in }
    ) {
        self.pause = pause
        self.path = path
        let layout = CacheLayout(root: path)
        do throws(Diagnostic) {
            try layout.create(onDamage)
            ProcessDirectory.sweep(layout.temporary)
            let process = try ProcessDirectory(in: layout.temporary)
            let files = CacheFiles(layout: layout, process: process, onDamage: onDamage)
            let root = try File.opening(path, O_RDONLY | O_DIRECTORY)
            let writing = Writing(
                process: process, locks: LockTable(file: try layout.lockable(layout.locks, onDamage)),
                committer: Committer(files: files, root: root, patience: patience))
            self.files = files
            self.writing = .success(writing)
            setAsideMark()
            if !files.isPresent(.empty) { try? write([], to: blobPath(.empty), mode: 0o444) }
        } catch {
            files = CacheFiles(layout: layout, process: nil, onDamage: onDamage)
            writing = .failure(error)
        }
    }

    private init(_ path: String, _ files: CacheFiles, _ writing: Result<Writing, Diagnostic>, _ pause: Pause) {
        (self.path, self.files, self.writing, self.pause) = (path, files, writing, pause)
    }

    /// The same cache, for somebody who wants to be told of the damage that he meets.
    public func telling(_ onDamage: @escaping @Sendable (Diagnostic) -> Void) -> DiskCache {
        var files = files
        files.onDamage = onDamage
        return DiskCache(path, files, writing, pause)
    }

    /// - Throws: `Diagnostic` if the cache cannot be written: whoever is going to make results says so before anything is made.
    public func requireWriting() throws(Diagnostic) {
        _ = try writing.get()
        // Every store holds the empty blob.
        if !files.isPresent(.empty) { try write([], to: blobPath(.empty), mode: 0o444) }
    }

    /// Every build looks at the mark of adoptions: one that cannot be looked at is as good as none.
    private func setAsideMark() {
        guard let status = FileStatus(layout.adoptionMark), !status.isRegular || access(layout.adoptionMark, R_OK) != 0 else { return }
        _ = layout.moveAside(layout.adoptionMark, "no plain file, or not to be read", files.onDamage)
    }

    /// Removes what this process has in `tmp/`, before it ends: nothing is written any more.
    public func leave() { (try? writing.get())?.process.remove() }

    /// Writes one of the cache's own files, in place of what stands there.
    func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(Diagnostic) {
        try write(to: path, mode: mode) { file throws(Diagnostic) in try file.write(all: bytes) }
    }

    /// The same, piece by piece.
    func write(to path: String, mode: mode_t, _ body: (borrowing File) throws(Diagnostic) -> Void) throws(Diagnostic) {
        let file = TemporaryFile(in: try writing.get().process)
        try body(File.creating(file.path, mode: mode))
        let code = files.install(file, at: path, replacing: true)
        if code != 0 { throw .system("write", path, SystemError(code)) }
    }

    /// Where a blob lies if it is there. Whoever reads it there must verify it.
    public func blobPath(_ blob: Digest) -> String { layout.blob(blob) }

    /// A fresh directory, for running an action in. Lies on the cache's file system, so that outputs can be moved in.
    public func makeScratch() throws(Diagnostic) -> ScratchDirectory { try ScratchDirectory(in: writing.get().process) }

    /// The descriptors of the locks of actions, and of what lies in `tmp/`. A process that inherits them holds all that this one holds,
    /// until both have let go or ended.
    public var lockDescriptors: [Int32] { (try? writing.get()).map { [$0.locks.descriptor, $0.process.descriptor] } ?? [] }

    /// Waits until nobody else holds the action, in this process or another, and holds it until released.
    ///
    /// Waiting blocks no thread. Look the action up again once the lock is held: whoever held it may have run it.
    /// - Throws: `CancellationError`, or `Diagnostic` if the file system cannot lock.
    public func lock(_ action: ActionDigest) async throws -> ActionLock {
        let writing = try writing.get()
        return try await ActionLock(action, in: writing.locks, telling: writing.committer, pausing: pause)
    }
}
