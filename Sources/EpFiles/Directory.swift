import EpCore
import Glibc

/// A directory by its path: to be made, listed and removed.
public enum Directory {
    /// Makes a directory and those above it; one that is there already is fine, and so is a link to one.
    /// - Parameters:
    ///   - mode: subject to the umask.
    ///   - root: a directory that must be there: it is not made, nor is anything above it.
    public static func make(_ path: String, mode: UInt32 = 0o777, below root: String? = nil) throws(FileError) {
        if path == root || mkdir(path, mode) == 0 { return }
        var error = SystemError.last
        if error.kind == .absent, case let parent = Path(path).parent, !parent.isEmpty {
            try make(parent, mode: mode, below: root)
            if mkdir(path, mode) == 0 { return }
            error = .last
        }
        guard FileStatus(path, followingLink: true)?.isDirectory == true else { throw FileError(path, error) }
    }

    /// What is in a directory, in no order; nil if there is no such directory.
    /// - Throws: `FileError` if it cannot be read to its end.
    public static func entries(_ path: RawPath) throws(FileError) -> [OpenDirectory.Entry]? {
        let (entries, error) = read(path)
        guard let error else { return entries }
        if error.system.isAbsence { return nil }
        throw error
    }

    /// The names in a directory, in no order, as far as it can be read. One that is not UTF-8 is as messages show it.
    public static func names(_ path: String) -> [String] { read(RawPath(path)).entries.map(\.name.shown) }

    /// The same, and none is missing: for whoever removes what nothing names. None if there is no such directory.
    /// - Throws: `FileError` if the directory cannot be read to its end.
    public static func allNames(_ path: String) throws(FileError) -> [String] { try (entries(RawPath(path)) ?? []).map(\.name.shown) }

    /// - Returns: what is in it, and why that may not be all.
    private static func read(_ path: RawPath) -> (entries: [OpenDirectory.Entry], error: FileError?) {
        var entries: [OpenDirectory.Entry] = []
        do throws(FileError) {
            let directory = try OpenDirectory(path)
            while let entry = try directory.next() { entries.append(entry) }
            return (entries, nil)
        } catch {
            return (entries, error)
        }
    }

    /// Removes a file, or a directory with all that is in it, as far as that is possible.
    /// Symbolic links are removed, never followed; a directory that was made read-only is opened up first.
    public static func removeTree(_ path: String) { removeTree(RawPath(path)) }

    private static func removeTree(_ path: RawPath) {
        if path.withCString(unlink) == 0 || SystemError.last.kind == .absent { return }
        guard path.status()?.isDirectory == true else { return }
        removeDirectory(path)
    }

    /// The same for what is known to be a directory of one's own: fewer calls, as there are two for each program that runs.
    public static func removeDirectory(_ path: String) { removeDirectory(RawPath(path)) }

    /// Removes all that is in a directory of one's own.
    /// - Returns: true if nothing is left in it, and it is there.
    public static func clear(_ path: String) -> Bool {
        do {
            let directory = try OpenDirectory(RawPath(path), followingLink: false)
            while let entry = try directory.next() {
                if directory.tryRemove(entry.name) { continue }
                removeDirectory(entry.path)
                guard entry.path.status() == nil else { return false }
            }
            return true
        } catch {
            return false
        }
    }

    /// - Returns: false if nobody was allowed to take it out of the directory that it is in.
    @discardableResult
    private static func removeDirectory(_ path: RawPath) -> Bool {
        if path.withCString(rmdir) == 0 || SystemError.last.kind == .absent { return true }
        if !empty(path) {
            _ = path.withCString { chmod($0, 0o700) }
            _ = empty(path)
        }
        return path.withCString(rmdir) == 0 || SystemError.last.kind != .denied
    }

    /// - Returns: false if something in it has stayed that somebody was not allowed to remove or see.
    private static func empty(_ path: RawPath) -> Bool {
        var isAllowed = true
        guard let directory = try? OpenDirectory(path, followingLink: false) else { return SystemError.last.kind != .denied }
        while let entry = try? directory.next() {
            if entry.kind == .directory {
                if !removeDirectory(entry.path) { isAllowed = false }
            } else if !directory.tryRemove(entry.name) {
                // A directory, where the directory does not tell what is in it.
                if SystemError.last.kind == .denied { isAllowed = false } else { removeTree(entry.path) }
            }
        }
        return isAllowed
    }
}
