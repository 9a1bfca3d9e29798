import EpCore
import EpFiles
import Glibc

extension SharedDirectory {
    /// Writes an action cache entry.
    /// - Returns: false if there is one already and `replacing` is false.
    func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(FileError) -> Bool {
        let temporary = try makeTemporary { file throws(FileError) in try file.write(bytes) }
        defer { unlink(temporary) }
        return try replacing ? move(temporary, over: path) : link(temporary, at: path)
    }

    /// Stores the file at `path` as a blob.
    /// - Returns: false if the file is not that blob; then nothing was stored.
    func store(_ blob: Digest, from path: String) throws(FileError) -> Bool {
        if try holds(blob) { return true }
        let source = try OpenFile(reading: path)
        var isIntact = false
        let temporary = try makeTemporary { file throws(FileError) in
            isIntact = try source.copy(to: file, limit: blob.size) == blob
        }
        defer { unlink(temporary) }
        guard isIntact else { return false }
        _ = try move(temporary, over: self.path("cas", blob))
        damaged.remove(blob)
        return true
    }

    /// Makes a durable file under a name of its own.
    private func makeTemporary(
        _ write: (borrowing OpenFile) throws(FileError) -> Void
    ) throws(FileError) -> String {
        try checkTemporary()
        let path = newTemporary()
        let file = try withParents(of: path) { () throws(FileError) in try OpenFile(creating: path) }
        if sweeping.isFirst() { sweep(before: FileClock.moment(.seconds(86_400), before: try file.status().modified)) }
        do throws(FileError) {
            try write(file)
            try file.synchronize()
            return path
        } catch {
            unlink(path)
            throw error
        }
    }

    private var temporary: String { "\(root)/tmp" }

    /// A path that nobody uses.
    private func newTemporary() -> String { "\(temporary)/\(String(UInt64.random(in: .min ... .max), radix: 36))" }

    /// - Throws: if `tmp` is a link: what is written and swept away there would be somewhere else.
    private func checkTemporary() throws(FileError) {
        guard FileStatus(temporary)?.isDirectory == false else { return }
        throw FileError(temporary, SystemError(ELOOP), because: "it is no directory of the cache: move it away")
    }

    /// Removes what killed uploads left behind more than a day ago, by the clock of the file system. Looks at files with names as
    /// `newTemporary` gives them alone, in the directory itself: whoever may write to the share could put a link in its place at any time.
    private func sweep(before limit: Int64) {
        guard let directory = try? OpenDirectory(RawPath(temporary), followingLink: false) else { return }
        while let entry = try? directory.next() {
            guard UInt64(entry.name.shown, radix: 36) != nil, let status = directory.status(of: entry.name) else { continue }
            if status.isRegular, status.modified < limit { directory.remove(entry.name) }
        }
    }

    private func move(_ source: String, over target: String) throws(FileError) -> Bool {
        func attempt() throws(FileError) {
            try withParents(of: target) { () throws(FileError) in
                guard rename(source, target) == 0 else { throw FileError(target) }
            }
        }
        do throws(FileError) {
            try attempt()
        } catch {
            // A directory stands there, or something that is none where the directory above belongs.
            guard [.isDirectory, .notDirectory, .exists].contains(error.system.kind), clearTheWay(to: target) else { throw error }
            try attempt()
        }
        return true
    }

    /// Moves what stands in the way of a file into `tmp/`.
    /// - Returns: true if something did.
    private func clearTheWay(to target: String) -> Bool {
        let parent = Path(target).parent
        if FileStatus(parent)?.isDirectory == false { return rename(parent, newTemporary()) == 0 }
        return FileStatus(target)?.isDirectory == true && rename(target, newTemporary()) == 0
    }

    /// Gives a file a further name, unless the name is taken: a link, as it is created in one step everywhere.
    /// - Returns: false if it is taken.
    private func link(_ source: String, at target: String) throws(FileError) -> Bool {
        do throws(FileError) {
            try withParents(of: target) { () throws(FileError) in
                guard Glibc.link(source, target) == 0 else { throw FileError(target) }
            }
            return true
        } catch {
            switch error.system.code {
            case EEXIST: return false
            case ENOTDIR where clearTheWay(to: target): return try link(source, at: target)
            case EPERM, EOPNOTSUPP, ENOSYS, EMLINK:
                // A file system without links. Two machines could rename at the same instant; the last would win.
                return access(target, F_OK) == 0 ? false : try move(source, over: target)
            default: throw error
            }
        }
    }

    /// Makes the directories above `path` when they turn out to be missing, but never the root.
    private func withParents<Value: ~Copyable>(
        of path: String, _ body: () throws(FileError) -> Value
    ) throws(FileError) -> Value {
        do throws(FileError) {
            return try body()
        } catch {
            guard error.system.kind == .absent else { throw error }
        }
        try check()
        do throws(FileError) {
            try Directory.make(Path(path).parent, below: root)
        } catch {
            // What stands in the way of one, the next attempt tells.
            guard error.system.kind == .exists else { throw error }
        }
        return try body()
    }
}
