public import EpCore
import Glibc

/// Reading and replacing whole files.
public enum Files {
    /// The bytes of a file; nil if there is none.
    /// - Throws: `Diagnostic` (`bad_input`) if it cannot be read, or is no plain file.
    public static func read(_ path: String) throws(Diagnostic) -> [UInt8]? {
        do throws(FileError) {
            return try OpenFile(reading: path).contents()
        } catch {
            if error.system.isAbsence { return nil }
            if error.isOfKind, let kind = FileStatus(path, followingLink: true)?.kind { throw noFile(path, kind) }
            throw unreadable(path, error.system)
        }
    }

    /// True if others than the owner may read or change a file; false if there is none.
    public static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    /// Puts a file in place of whatever stands at `path`, whole or not at all.
    /// - Throws: `Diagnostic` (`system`) if it cannot be written; then all is as it was.
    public static func replace(_ path: String, with bytes: [UInt8], durably: Bool = false) throws(Diagnostic) {
        let file = try ReplacementFile(for: path)
        guard writeAll(bytes, to: file.descriptor), !durably || fsync(file.descriptor) == 0 else { throw unwritable(path) }
        try file.commit()
    }

    /// Makes a file in a directory of ours, where nothing stands yet.
    public static func create(_ path: String, with bytes: [UInt8], mode: UInt32) throws(Diagnostic) {
        do throws(FileError) {
            try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode).write(bytes)
        } catch {
            throw unwritable(path, error.system)
        }
    }

    /// Makes a directory and those above it.
    public static func makeDirectory(_ path: String) throws(Diagnostic) {
        do throws(FileError) {
            try Directory.make(path, mode: 0o755)
        } catch {
            guard error.system.kind == .exists else { throw unwritable(error.path, error.system) }
            throw Diagnostic(
                .system, "\(error.path) is in the way: it is no directory", remedy: "move it away, then run the same command again")
        }
    }

    /// Makes the directory that a path lies in.
    public static func makeDirectory(above path: String) throws(Diagnostic) { try makeDirectory(Path(path).parent) }

    /// - Returns: false, with an `errno`, if not all of them were written.
    public static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
    }

    /// - Returns: false, with an `errno`, if not all of them were written.
    public static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = retrying { write(descriptor, rest.baseAddress, rest.count) }
            guard count > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        return true
    }

    /// Where a path leads to in the end: absolute, and without links. Nil, with an `errno`, if that cannot be told.
    public static func resolved(_ path: String) -> String? { RawPath(path).resolved }
}
