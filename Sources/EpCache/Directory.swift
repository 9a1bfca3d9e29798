import EpCore
import Glibc

/// A directory on disk, by its path.
enum Directory {
    /// Creates a directory and those above it; one that is there already is fine.
    static func make(_ path: String) throws(Diagnostic) {
        if mkdir(path, 0o777) == 0 { return }
        let code = errno
        if code == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex {
            try make(String(path[..<slash]))
            if mkdir(path, 0o777) == 0 { return }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .system("create", path, errno: code == ENOENT ? errno : code)
        }
    }

    /// The names in a directory, in no order, without `.` and `..`, as far as it can be read; none if there is no such directory.
    static func names(_ path: String) -> [String] { read(path).names }

    /// The same, and none is missing: for whoever removes what nothing names.
    /// - Throws: `Diagnostic` if the directory cannot be read to its end.
    static func allNames(_ path: String) throws(Diagnostic) -> [String] {
        let (names, code) = read(path)
        guard [0, ENOENT, ENOTDIR].contains(code) else { throw .system("read", path, errno: code) }
        return names
    }

    /// - Returns: the names, and why they may not be all; 0 if they are.
    private static func read(_ path: String) -> (names: [String], errno: Int32) {
        guard let stream = opendir(path) else { return ([], errno) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        return (names, errno)
    }

    /// Removes a file, or a directory with all that is in it, as far as that is possible.
    /// Symbolic links are removed, never followed; a directory that was made read-only is opened up first.
    static func removeTree(_ path: String) {
        if unlink(path) == 0 || errno == ENOENT { return }
        guard FileStatus(path)?.isDirectory == true else { return }
        if rmdir(path) == 0 { return }
        chmod(path, 0o700)
        for name in names(path) { removeTree("\(path)/\(name)") }
        rmdir(path)
    }
}
