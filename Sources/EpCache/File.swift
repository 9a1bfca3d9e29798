import EpCore
import EpFiles
import Glibc

/// An open file of the cache: an `OpenFile`, and what goes wrong with it as a person is told.
struct File: ~Copyable, Sendable {
    let open: OpenFile

    var descriptor: Int32 { open.descriptor }
    var path: String { open.path }
    var status: FileStatus? { try? open.status() }

    /// Opens for reading; nil if there is no such file.
    /// - Throws: `Diagnostic` if it cannot be read, or is no plain file: from a pipe nothing would come.
    static func reading(_ path: String) throws(Diagnostic) -> File? {
        do throws(FileError) {
            return File(open: try OpenFile(reading: path))
        } catch {
            if error.system.isAbsence { return nil }
            guard error.isOfKind, let kind = FileStatus(path, followingLink: true)?.kind else { throw .system("read", path, error.system) }
            throw Diagnostic(.system, "cannot read \(path): it is \(kind.described), not a file", remedy: "move it away")
        }
    }

    /// Creates a file that must not exist yet. The mode is subject to the umask and does not bind this descriptor.
    static func creating(_ path: String, mode: mode_t) throws(Diagnostic) -> File {
        try opening(path, O_RDWR | O_CREAT | O_EXCL, mode: mode)
    }

    /// Opens for reading and writing, creating the file if need be: for files that exist to be locked. A link is not followed.
    static func lockable(_ path: String) throws(Diagnostic) -> File {
        try opening(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o666)
    }

    static func opening(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(Diagnostic) -> File {
        do throws(FileError) {
            return File(open: try OpenFile(path, flags, mode: mode))
        } catch {
            throw .system(flags & O_CREAT == 0 ? "open" : "create", path, error.system)
        }
    }

    /// Reads bytes from an offset on, wherever the present position is.
    /// - Returns: how many; fewer than the buffer holds only at the end of the file.
    func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(Diagnostic) -> Int {
        do throws(FileError) { return try open.fill(buffer, from: offset) } catch { throw explained(error) }
    }

    /// All bytes from the present position on.
    func readAll() throws(Diagnostic) -> [UInt8] {
        do throws(FileError) { return try open.contents() } catch { throw explained(error) }
    }

    func write(all bytes: some ContiguousBytes) throws(Diagnostic) {
        do throws(FileError) { try open.write(bytes) } catch { throw .system("write", path, error.system) }
    }

    /// Copies the rest of this file to another, and says what was copied: the digest of the very bytes written.
    func copy(to target: borrowing File) throws(Diagnostic) -> Digest {
        do throws(FileError) { return try open.copy(to: target.open) } catch { throw explained(error) }
    }

    /// The digest of the bytes from the present position to the end, in constant memory.
    func digest() throws(Diagnostic) -> Digest {
        do throws(FileError) { return try open.digest() } catch { throw explained(error) }
    }

    /// Of what was read from here, or written elsewhere meanwhile.
    private func explained(_ error: FileError) -> Diagnostic { .system(error.path == path ? "read" : "write", error.path, error.system) }
}
