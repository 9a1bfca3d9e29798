import EpCache
import EpCore
import Glibc

/// Reading and replacing whole files.
enum Files {
    /// The bytes of a file; nil if there is none.
    /// - Throws: `Diagnostic` (`bad_input`) if it cannot be read.
    static func read(_ path: String) throws(Diagnostic) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path)
        }
        defer { close(descriptor) }
        guard let size = FileStatus(descriptor: descriptor)?.size else { throw unreadable(path) }
        var failed = false
        // One byte more than expected, so that a file that grows is noticed.
        var bytes = [UInt8](unsafeUninitializedCapacity: Int(size) + 1) { buffer, count in
            count = fill(buffer, from: descriptor, failed: &failed)
        }
        if failed { throw unreadable(path) }
        while bytes.count > size {
            let more = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = fill(buffer, from: descriptor, failed: &failed)
            }
            if more.isEmpty || failed { break }
            bytes += more
        }
        return bytes
    }

    /// Puts a file in place of whatever stands at `path`, whole or not at all.
    static func replace(_ path: String, with bytes: [UInt8], durably: Bool = false) throws(Diagnostic) {
        let temporary = try Temporary(besides: path)
        guard writeAll(bytes, to: temporary.descriptor), !durably || fsync(temporary.descriptor) == 0 else {
            let problem = unwritable(path)
            temporary.abandon()
            throw problem
        }
        try temporary.commit()
    }

    /// A file that is going to stand at another's place.
    struct Temporary {
        let descriptor: Int32
        private let temporary: String
        private let path: String

        init(besides path: String) throws(Diagnostic) {
            self.path = path
            temporary = "\(path).epbuild-\(getpid())-\(UInt32.random(in: 0 ... .max))"
            descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if descriptor < 0 { throw unwritable(path) }
            // As long as it is held, nobody takes it for what a dead process has left.
            flock(descriptor, LOCK_EX | LOCK_NB)
        }

        func abandon() {
            close(descriptor)
            unlink(temporary)
        }

        func commit() throws(Diagnostic) {
            defer { close(descriptor) }
            guard rename(temporary, path) != 0 else { return }
            let problem = unwritable(path)
            unlink(temporary)
            throw problem
        }
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String) throws(Diagnostic) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        guard errno == ENOENT, !parent.isEmpty else { throw unwritable(path) }
        try makeDirectory("/" + parent)
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw unwritable(path) }
    }

    private static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, from descriptor: Int32, failed: inout Bool) -> Int {
        var total = 0
        while total < buffer.count {
            let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: total), buffer.count - total)
            if count < 0, errno == EINTR { continue }
            if count < 0 { failed = true }
            guard count > 0 else { break }
            total += count
        }
        return total
    }

    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(buffer)
            while !rest.isEmpty {
                let count = write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return true
        }
    }

    /// Explains the present `errno`.
    static func unreadable(_ path: String) -> Diagnostic {
        let remedy = [EACCES, EPERM].contains(errno) ? "make it readable for you" : "check the file and its disk"
        return Diagnostic(.badInput, "\(path) cannot be read: \(String(cString: strerror(errno)))", remedy: remedy)
    }

    /// Explains the present `errno`.
    static func unwritable(_ path: String) -> Diagnostic {
        let remedy = switch errno {
        case ENOSPC, EDQUOT: "free some space on that disk, then run the same command again: what is finished is kept"
        case EACCES, EPERM, EROFS: "make the directory writable for you"
        default: "check the directory"
        }
        return Diagnostic(.system, "\(path) cannot be written: \(String(cString: strerror(errno)))", remedy: remedy)
    }
}
