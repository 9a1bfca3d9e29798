public import EpCore
import Glibc

/// An open file. Closed when it goes out of scope; interrupted calls are repeated.
public struct OpenFile: ~Copyable, Sendable {
    /// As it was opened: for messages.
    public let path: String
    public let descriptor: Int32

    /// Bytes read at a time: large enough that system calls do not count, small enough to stay in the processor's cache.
    private static let chunkSize = 256 << 10

    /// Opens a plain file to read it. Never waits: a pipe is opened without somebody at its other end.
    /// - Throws: also if it is no plain file.
    public init(reading path: String) throws(FileError) {
        let file = try OpenFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let kind = try file.status().kind
        if kind != .regular { throw FileError(path, SystemError(kind == .directory ? EISDIR : ENXIO)) }
        self = file
    }

    /// Makes a new file to write it.
    /// - Throws: also if there is such a file.
    public init(creating path: String) throws(FileError) {
        try self.init(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    }

    /// Opens whatever stands there.
    /// - Parameters:
    ///   - flags: as `open` has them; the file is never a program's that is started.
    ///   - mode: of a file that is made; subject to the umask.
    public init(_ path: String, _ flags: Int32, mode: UInt32 = 0o666) throws(FileError) {
        let opened = retrying { open(path, flags | O_CLOEXEC, mode) }
        guard opened >= 0 else { throw FileError(path) }
        self.path = path
        descriptor = opened
    }

    deinit { close(descriptor) }

    public func status() throws(FileError) -> FileStatus {
        guard let status = FileStatus(descriptor: descriptor) else { throw FileError(path) }
        return status
    }

    public func rewind() throws(FileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError(path) }
    }

    /// Makes the bytes durable. Network file systems report a full disk only here.
    public func synchronize() throws(FileError) {
        guard fdatasync(descriptor) == 0 else { throw FileError(path) }
    }
}

/// Its bytes, from the present position on.
extension OpenFile {
    /// - Returns: how many bytes were read; 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        let count = retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        guard count >= 0 else { throw FileError(path) }
        return count
    }

    /// Reads from an offset on, wherever the present position is.
    /// - Returns: how many bytes were read; fewer than the buffer holds only at the end of the file.
    public func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = retrying {
                pread(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
            }
            guard count >= 0 else { throw FileError(path) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// What is left, at most `limit` bytes of it.
    public func contents(limit: Int = .max) throws(FileError) -> [UInt8] {
        // One byte more than expected, so that the end shows at once, and a file that grows is read whole.
        let room = max(Int(clamping: try status().size) + 1, 4096)
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wanted = min(room, limit - bytes.count)
            var failure: SystemError?
            let more = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
                while filled < wanted, let start = buffer.baseAddress {
                    let count = retrying { Glibc.read(descriptor, start + filled, wanted - filled) }
                    if count < 0 { failure = .last }
                    guard count > 0 else { break }
                    filled += count
                }
            }
            if let failure { throw FileError(path, failure) }
            bytes = bytes.isEmpty ? more : bytes + more
            if more.count < wanted { break }
        }
        return bytes
    }

    /// The digest of what is left, in constant memory.
    public func digest() throws(FileError) -> Digest {
        try hash { _ throws(FileError) in }
    }

    /// Copies what is left, at most `limit` bytes and one more, which shows that there is too much.
    /// - Returns: the digest of what was copied.
    public func copy(to target: borrowing OpenFile, limit: Int64 = .max) throws(FileError) -> Digest {
        try hash(limit: limit) { bytes throws(FileError) in try target.write(bytes) }
    }

    private func hash(limit: Int64 = .max, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(FileError) -> Digest {
        // Most files are short, and to get and give back so much memory costs as much as to read them.
        let size = try status().size
        let room = size < Self.chunkSize ? max(Int(size) + 1, 4096) : Self.chunkSize
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
        defer { buffer.deallocate() }
        if room == Self.chunkSize { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
        var hasher = SHA256Hasher()
        var left = limit == .max ? limit : limit + 1
        while left > 0 {
            let count = try read(into: .init(rebasing: buffer.prefix(Int(min(Int64(buffer.count), left)))))
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer.prefix(count))
            hasher.update(bytes)
            try body(bytes)
            left -= Int64(count)
        }
        return hasher.finalize()
    }

    /// Writes all of the bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        guard Files.writeAll(bytes, to: descriptor) else { throw FileError(path) }
    }

    /// Writes all of the bytes.
    public func write(_ bytes: some ContiguousBytes) throws(FileError) {
        guard bytes.withBytes({ Files.writeAll($0, to: descriptor) }) else { throw FileError(path) }
    }
}
