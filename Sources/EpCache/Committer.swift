import CLinux
import EpCore
import EpFiles
import Glibc
import Synchronization

/// Blobs, and perhaps an entry that names them, on their way from `tmp/` to their places.
struct Publication: Sendable {
    struct Entry: Sendable {
        let action: ActionDigest
        let result: ActionResult
        let file: TemporaryFile
        /// Takes the place of an entry that stands, in one step.
        var replaces = false
        /// It stands elsewhere, too: nothing is lost with it, whatever it has cost.
        var isCopy = false
    }

    let blobs: [StagedBlob]
    let entry: Entry?
    /// The names of blobs are forced to disk, too, though no entry comes with them.
    var isNameForced = false

    /// True if it waits for no other: what was paid for is stored at once, and blobs alone are waited for.
    var isUrgent: Bool { entry.map { $0.replaces || ($0.result.cost > .zero && !$0.isCopy) } ?? true }
}

/// Makes publications durable, many at a time.
///
/// One thread takes all that is waiting, commits it, and takes what has come in the meantime; when nothing has, it
/// ends. A publication waits for others that are being made, a moment at most (`CommitQueue`). So a lone one waits for nobody, and under
/// load
/// many share two `syncfs`.
final class Committer: Sendable {
    private struct Order {
        let publication: Publication
        let reply: CheckedContinuation<Outcome, Never>
    }

    /// Nil where the publication stands as it was given.
    typealias Outcome = Result<Published?, Diagnostic>

    private let files: CacheFiles
    private let root: File
    private let queue = Mutex(CommitQueue<Order>())
    private let called = Semaphore()
    /// How long a result waits for others that are being made.
    private let patience: Duration
    /// How much longer it waits while more than there is room for waits to be made: long enough for hundreds of short programs.
    private static let longFactor = 10
    private let commits = Atomic<Int>(0)

    /// - Parameter root: the cache's directory, opened: it tells which file system to sync.
    init(files: CacheFiles, root: consuming File, patience: Duration) {
        self.files = files
        self.root = root
        self.patience = patience
    }

    /// Batches so far, each of two `syncfs` at most.
    var batches: Int { commits.load(ordering: .relaxed) }

    /// Somebody holds an action, to make its result.
    func begin() { queue.withLock { $0.begin() } }

    /// Whoever held it has let go.
    func end() { if case .wake = queue.withLock({ $0.end() }) { called.post() } }

    /// Somebody has more to make than there is room for, or has no more.
    func expect(_ isMore: Bool) { if case .wake = queue.withLock({ $0.expect(isMore) }) { called.post() } }

    /// - Returns: nil if the publication stands as it was given.
    func commit(_ publication: Publication) async throws(Diagnostic) -> Published? {
        let outcome = await withCheckedContinuation { reply in
            let call = queue.withLock { $0.add(Order(publication: publication, reply: reply), isUrgent: publication.isUrgent) }
            switch call {
            case .none: break
            case .wake: called.post()
            // Without a thread, whoever comes first does the work.
            case .start: if !Thread.start({ self.run() }) { run() }
            }
        }
        return try outcome.get()
    }

    private func run() {
        var isOver = false
        while true {
            switch queue.withLock({ $0.next(isOver: isOver) }) {
            case .end: return
            case .rest(let isLong): isOver = !called.wait(atMost: isLong ? patience * Self.longFactor : patience)
            case .commit(let batch):
                isOver = false
                for (order, outcome) in zip(batch, commit(batch.map(\.publication))) { order.reply.resume(returning: outcome) }
            }
        }
    }

    /// Data before pointers: first everything is on disk under temporary names, then the blobs get their names, then
    /// the entries, then the names are on disk. A crash in between leaves temporary files or blobs that nothing names.
    private func commit(_ batch: [Publication]) -> [Outcome] {
        do {
            commits.add(1, ordering: .relaxed)
            try sync()
            var outcomes = batch.map { publication in
                Outcome { () throws(Diagnostic) in
                    try place(publication.blobs)
                    return nil
                }
            }
            guard batch.contains(where: { $0.entry != nil || $0.isNameForced }) else { return outcomes }
            for (index, publication) in batch.enumerated() {
                guard let entry = publication.entry, case .success = outcomes[index] else { continue }
                outcomes[index] = Outcome { () throws(Diagnostic) in try place(entry) }
            }
            try sync()
            return outcomes
        } catch {
            return batch.map { _ in .failure(error) }
        }
    }

    private func sync() throws(Diagnostic) {
        if syncfs(root.descriptor) != 0 { throw .system("write to", root.path) }
    }

    private func place(_ blobs: [StagedBlob]) throws(Diagnostic) {
        for blob in blobs {
            let code = blob.file.map { files.install($0, at: files.layout.blob(blob.digest), replacing: true) } ?? ENOENT
            // Without a file of its own, or with one that another publication moved, it must be there.
            if code == 0 || (code == ENOENT && files.isPresent(blob.digest)) { continue }
            throw .system("write", files.layout.blob(blob.digest), SystemError(code))
        }
    }

    private func place(_ entry: Publication.Entry) throws(Diagnostic) -> Published? {
        let path = files.layout.entry(entry.action)
        while true {
            let code = files.install(entry.file, at: path, replacing: entry.replaces)
            if code == 0 { return nil }
            guard code == EEXIST else { throw .system("write", path, SystemError(code)) }
            guard let standing = FileStatus(path) else { continue }
            if let first = try usable(entry) { return Published(result: first, isFirst: false) }
            if files.remove(path, ifStill: standing.isSameFile) { continue }
            if FileStatus(path)?.isSameFile(as: standing) == true { throw .system("replace", path) }
        }
    }

    /// The result that stands already, if it can take the place of the new one.
    private func usable(_ entry: Publication.Entry) throws(Diagnostic) -> ActionResult? {
        guard case .sound(let found, _) = try files.entry(for: entry.action) else { return nil }
        let standing = found.result
        guard
            entry.result.outputs.allSatisfy({ standing[$0.path] != nil }),
            standing.outputs.allSatisfy({ files.isPresent($0.digest) })
        else { return nil }
        return standing
    }
}
