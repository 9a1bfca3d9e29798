import CLinux
import EpCore
import EpFiles
import Glibc

/// A file that is being written for a path, and appears there whole or not at all.
///
/// Where the file system allows it (`O_TMPFILE`), it has no name until it is published, so that being killed leaves
/// nothing behind; elsewhere it has a temporary name beside the path.
struct UnnamedFile: ~Copyable {
    let file: File
    private let path: String
    private let temporaryName: String
    private let isNamed: Bool

    init(for path: String, executable: Bool) throws(Diagnostic) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { String(path[...$0]) } ?? "./"
        let mode: mode_t = executable ? 0o777 : 0o666
        self.path = path
        temporaryName = "\(directory).epbuild-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        if FileStatus(directory, followingLink: true) == nil {
            try Directory.makeOurs(directory.count > 1 ? String(directory.dropLast()) : directory)
        }
        if let file = Self.unnamed(directory, mode) {
            self.file = file
            isNamed = false
            return
        }
        let named = try File.creating(temporaryName, mode: mode)
        FileLock.tryTake(named.descriptor)
        file = named
        isNamed = true
    }

    /// Puts the file in its place, replacing what stands there.
    consuming func publish() throws(Diagnostic) {
        if !isNamed {
            if link(to: path) { return }
            guard errno == EEXIST, link(to: temporaryName) else { throw .system("write", path) }
        }
        guard rename(temporaryName, path) == 0 else {
            let error = SystemError.last
            unlink(temporaryName)
            throw .system("write", path, error)
        }
    }

    /// Puts the file in its place only if nobody has changed what stands there.
    /// - Parameter expected: what has been seen there; nil: nothing.
    /// - Returns: false if something else stands there; then all is as it was.
    consuming func publish(over expected: Digest?) throws(Diagnostic) -> Bool {
        if !isNamed, expected == nil {
            if link(to: path) { return true }
            guard errno == EEXIST else { throw .system("write", path) }
            return false
        }
        if !isNamed, !link(to: temporaryName) { throw .system("write", path) }
        defer { unlink(temporaryName) }
        if expected == nil, swap(RENAME_NOREPLACE) { return true }
        if expected != nil, swap(RENAME_EXCHANGE) {
            if try Self.digest(of: temporaryName) == expected { return true }
            // What has come out is somebody's, saved just now: it goes back.
            _ = swap(RENAME_EXCHANGE)
            return false
        }
        // Gone or come meanwhile; or a file system that can do neither, where looking and renaming must do.
        guard try Self.digest(of: path) == expected else { return false }
        guard rename(temporaryName, path) == 0 else { throw .system("write", path) }
        return true
    }

    private func swap(_ flags: Int32) -> Bool { renameat2(AT_FDCWD, temporaryName, AT_FDCWD, path, UInt32(flags)) == 0 }

    private static func digest(of path: String) throws(Diagnostic) -> Digest? { try File.reading(path)?.digest() }

    deinit {
        // Where it stands now, others lock it in their turn.
        FileLock.release(file.descriptor)
        if isNamed { unlink(temporaryName) }  // after publishing, nothing has that name
    }

    private func link(to name: String) -> Bool {
        linkat(AT_FDCWD, "/proc/self/fd/\(file.descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
    }

    private static func unnamed(_ directory: String, _ mode: mode_t) -> File? {
        // A name is given to it by way of /proc, which a container may lack.
        guard access("/proc/self/fd", X_OK) == 0 else { return nil }
        guard let file = (try? File.opening(directory, O_RDWR | __O_TMPFILE | O_DIRECTORY, mode: mode)) ?? nil else { return nil }
        // It has a name beside the path for a moment: as long as it is held, nobody takes it for what a dead process has left.
        FileLock.tryTake(file.descriptor)
        return file
    }
}
