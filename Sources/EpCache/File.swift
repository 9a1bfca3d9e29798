import EpCore
import EpFiles
import Glibc

/// An open file, closed when it goes out of scope. Interrupted calls are repeated.
struct File: ~Copyable, Sendable {
    let descriptor: Int32
    /// As it was opened: for messages.
    let path: String

    /// Bytes read at a time: large enough that system calls do not count, small enough to stay in the processor's cache.
    static let chunkSize = 256 << 10

    /// - Parameter descriptor: is this value's from now on.
    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens for reading; nil if there is no such file.
    /// - Throws: `Diagnostic` if it cannot be read, or is no plain file: from a pipe nothing would come.
    static func reading(_ path: String) throws(Diagnostic) -> File? {
        let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else {
            if SystemError.last.isAbsence { return nil }
            throw .system("read", path)
        }
        let file = File(descriptor: descriptor, path: path)
        guard let status = file.status else { throw .system("read", path) }
        if status.isRegular { return file }
        throw Diagnostic(.system, "cannot read \(path): it is \(status.kind.described), not a file", remedy: "move it away")
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
        let descriptor = retrying { open(path, flags | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw .system(flags & O_CREAT == 0 ? "open" : "create", path) }
        return File(descriptor: descriptor, path: path)
    }

    deinit { close(descriptor) }

    var status: FileStatus? { FileStatus(descriptor: descriptor) }

    /// Hands out the bytes from the present position to the end, piece by piece.
    func forEachChunk(
        _ body: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkSize, alignment: 4096)
        defer { buffer.deallocate() }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        while true {
            let count = retrying { Int(read(descriptor, buffer.baseAddress, buffer.count)) }
            guard count >= 0 else { throw .system("read", path) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// As `forEachChunk`, in pieces of one size; only the last may be shorter.
    func forEachChunk(
        ofExactly size: Int, _ body: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let count = try fill(buffer, from: offset)
            if count > 0 { try body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            if count < size { return }
            offset += count
        }
    }

    /// Reads bytes from an offset on, wherever the present position is.
    /// - Returns: how many; fewer than the buffer holds only at the end of the file.
    func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(Diagnostic) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = retrying { pread(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled)) }
            guard count >= 0 else { throw .system("read", path) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// All bytes from the present position on.
    func readAll() throws(Diagnostic) -> [UInt8] {
        // One byte more than expected, so that the end shows at once and a file that grows is read whole.
        let expected = Int(status?.size ?? 0) + 1
        var bytes: [UInt8] = []
        var isAtEnd = false
        while !isAtEnd {
            var failure: SystemError?
            let room = max(expected, 4096)
            let more = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                while filled < room, !isAtEnd, failure == nil {
                    let count = retrying { Int(read(descriptor, buffer.baseAddress.map { $0 + filled }, room - filled)) }
                    if count > 0 { filled += count } else if count == 0 { isAtEnd = true } else { failure = .last }
                }
            }
            if let failure { throw .system("read", path, failure) }
            bytes = bytes.isEmpty ? more : bytes + more
        }
        return bytes
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
        var rest = bytes
        while !rest.isEmpty {
            let count = retrying { Int(Glibc.write(descriptor, rest.baseAddress, rest.count)) }
            guard count > 0 else { throw .system("write", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    func write(all bytes: some ContiguousBytes) throws(Diagnostic) {
        let outcome = bytes.withBytes { buffer in
            Result { () throws(Diagnostic) in try write(buffer) }
        }
        try outcome.get()
    }

    /// Copies the rest of this file to another, and says what was copied: the digest of the very bytes written.
    func copy(to target: borrowing File) throws(Diagnostic) -> Digest {
        var hasher = SHA256Hasher()
        try forEachChunk { chunk throws(Diagnostic) in
            hasher.update(chunk)
            try target.write(chunk)
        }
        return hasher.finalize()
    }

    /// The digest of the bytes from the present position to the end, in constant memory.
    func digest() throws(Diagnostic) -> Digest {
        var hasher = SHA256Hasher()
        try forEachChunk { chunk throws(Diagnostic) in hasher.update(chunk) }
        return hasher.finalize()
    }

    /// Takes the advisory lock of the whole file, unless another open file holds it.
    func tryLock() -> Bool { FileLock.tryTake(descriptor) }

    /// Gives up the lock. To close the file may not do it: a program that is being started has it open too, until it runs.
    func unlock() { FileLock.release(descriptor) }
}
