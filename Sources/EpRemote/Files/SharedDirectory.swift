import EpCore
import EpFiles
import Glibc
import Synchronization

/// The files of a shared directory, in blocking calls.
struct SharedDirectory: Sendable {
    /// Without a slash at its end.
    let root: String
    let damaged: Doubtful
    let sweeping = OnceOnly()

    init(root: String, trust: ResultTrust) {
        damaged = Doubtful(trust)
        let end = root.utf8.lastIndex { $0 != UInt8(ascii: "/") } ?? root.startIndex
        self.root = String(root[...end])
    }

    func contains(_ path: String) -> Bool { path == root || path.hasPrefix(root + "/") }

    func path(_ space: String, _ digest: Digest) -> String {
        let hex = digest.hex
        return "\(root)/\(space)/\(hex.prefix(2))/\(hex)"
    }

    /// - Throws: if the directory itself is not there, which must not look like a miss.
    func check() throws(FileError) {
        guard access(root, R_OK | X_OK) == 0 else { throw FileError(root) }
    }

    /// The bytes of an action cache entry; nil if there is none, none of which cannot be read or is too long.
    func entry(at path: String) throws(FileError) -> [UInt8]? {
        do throws(FileError) {
            guard let file = try open(path) else { return nil }
            guard try file.status().size <= HTTPStore.entryLimit else { return [] }
            return try file.contents(limit: Int(HTTPStore.entryLimit))
        } catch {
            guard isOfFileAlone(error) else { throw error }
            return []
        }
    }

    /// True if a file cannot be read, though those beside it can.
    private func isOfFileAlone(_ error: FileError) -> Bool {
        error.isOfFileAlone && contains(error.path) && access(Path(error.path).parent, R_OK | X_OK) == 0
    }

    /// Whether there is a file of the blob's size that was not seen to be damaged.
    func holds(_ blob: Digest) throws(FileError) -> Bool {
        if blob == .empty { return true }
        if damaged.contains(blob) { return false }
        let path = path("cas", blob)
        if let status = FileStatus(path, followingLink: true) { return status.isRegular && status.size == blob.size }
        let error = SystemError.last
        guard error.isAbsence || error.kind == .link else { throw FileError(path, error) }
        return false
    }

    /// Copies a blob to a new file at `path`.
    /// - Returns: false if it is missing or damaged; then there is no such file.
    func fetch(_ blob: Digest, to path: String) throws(FileError) -> Bool {
        if blob == .empty {
            _ = try OpenFile(creating: path)
            return true
        }
        do throws(FileError) {
            guard let source = try open(self.path("cas", blob)) else { return false }
            let target = try OpenFile(creating: path)
            do throws(FileError) {
                if try source.status().size == blob.size, try source.copy(to: target, limit: blob.size) == blob { return true }
            } catch {
                unlink(path)
                throw error
            }
            unlink(path)
        } catch {
            guard isOfFileAlone(error) else { throw error }
        }
        damaged.insert(blob)
        return false
    }

    /// Opens a file; nil if there is none, though the directory is there.
    private func open(_ path: String) throws(FileError) -> OpenFile? {
        do throws(FileError) {
            return try OpenFile(reading: path)
        } catch {
            guard error.system.isAbsence else { throw error }
            try check()
            return nil
        }
    }
}

/// Tells the first caller from all others.
final class OnceOnly: Sendable {
    private let isDone = Atomic(false)

    func isFirst() -> Bool { !isDone.exchange(true, ordering: .relaxed) }
}
